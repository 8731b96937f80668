const { writeFileSync } = require("node:fs");
const { join } = require("node:path");

// Loaded into every Node.js process of a measured command: leaves what the process has used.
process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const usage = { cpu: (userCPUTime + systemCPUTime) / 1e6, memory: maxRSS / 1024 };
  writeFileSync(
    join(String(process.env["BENCH_USAGE"]), `${process.pid}.json`),
    JSON.stringify(usage),
  );
});

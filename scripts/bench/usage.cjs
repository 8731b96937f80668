const { writeFileSync } = require("node:fs");
const { join } = require("node:path");

// Loaded into the Node.js processes of a measured command: leaves the most memory that the process had, in MiB.
process.on("exit", () => {
  const file = join(String(process.env["BENCH_USAGE"]), String(process.pid));
  writeFileSync(file, String(process.resourceUsage().maxRSS / 1024));
});

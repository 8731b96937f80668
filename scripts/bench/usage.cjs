const { writeFileSync } = require("node:fs");
const { join } = require("node:path");

// Loaded into the Node.js processes of a measured command: leaves the most memory that the process had, in MiB.
// turbo does not pass the folder on to tasks.
const folder = process.env["BENCH_USAGE"];
if (folder) {
  process.on("exit", () => {
    const usage = String(process.resourceUsage().maxRSS / 1024);
    writeFileSync(join(folder, String(process.pid)), usage);
  });
}

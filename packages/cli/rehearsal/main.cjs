const { execFileSync } = require("node:child_process");
const manifest = require("@audit-logs/cli/package.json");

// npm installs the command into node_modules/.bin.
const version = String(execFileSync("node_modules/.bin/audit-logs", ["--version"])).trim();
console.log(`version ${version}`);
if (version !== manifest.version) process.exitCode = 1;

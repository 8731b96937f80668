const { execFileSync } = require("node:child_process");
const { mkdtempSync, readFileSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const manifest = require("@audit-logs/cli/package.json");

const [, , baseUrl = "", jobId = "", path = ""] = process.argv;
/**
 * Runs the command, which npm installs into node_modules/.bin.
 *
 * @param {string[]} args
 */
const run = (...args) =>
  String(
    execFileSync("node_modules/.bin/audit-logs", args, {
      env: { ...process.env, AUDIT_LOGS_TOKEN: "a-token", AUDIT_LOGS_BASE_URL: baseUrl },
      stdio: ["ignore", "pipe", "ignore"],
    }),
  );

const version = run("--version").trim();
const demo = run("demo", "--interval", "1ms");
run("download", jobId, "--wait", "--interval", "1ms", "--force", "-o", path);
const isSame = demo === readFileSync(path, "utf8");
console.log(`version ${version}, ${isSame ? "the same" : "other"} events in demo and download`);
if (version !== manifest.version || !isSame) process.exitCode = 1;

// As somebody who has nothing yet: in an empty folder, with an empty cache, from the registry that served npm.
const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
const { resolved } = lock.packages["node_modules/@audit-logs/cli"];
const folder = mkdtempSync(join(tmpdir(), "audit-logs-npx-"));
try {
  const played = execFileSync(
    "npx",
    ["--yes", `@audit-logs/cli@${version}`, "demo", "--interval", "1ms"],
    {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        npm_config_registry: new URL("/", resolved).href,
        npm_config_cache: join(folder, "cache"),
      },
      stdio: ["ignore", "pipe", "ignore"],
    },
  );
  const count = String(played).trimEnd().split("\n").length;
  console.log(`npx plays a demo of ${count} events`);
  if (count !== 5) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

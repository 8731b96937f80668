import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// npm installs the command into node_modules/.bin.
const [baseUrl = "", jobId = "", path = ""] = process.argv.slice(2);
const run = (...args: string[]): string =>
  String(
    execFileSync("node_modules/.bin/audit-logs", args, {
      env: { ...process.env, AUDIT_LOGS_TOKEN: "a-token", AUDIT_LOGS_BASE_URL: baseUrl },
      stdio: ["ignore", "pipe", "ignore"],
    }),
  );

const demo = run("demo", "--interval", "1ms");
run("download", jobId, "--wait", "--interval", "1ms", "--force", "-o", path);
const isSame = demo === readFileSync(path, "utf8");
const count = demo.trimEnd().split("\n").length;
console.log(`${count} events in the demo, ${isSame ? "the same" : "others"} in the download`);
if (!isSame) process.exitCode = 1;

// As somebody who has nothing yet: in an empty folder, with an empty cache, from the registry that served npm.
const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
const { version, resolved } = lock.packages["node_modules/@audit-logs/cli"];
const folder = mkdtempSync(join(tmpdir(), "audit-logs-npx-"));
try {
  const played = execFileSync(
    "npx",
    ["--yes", `@audit-logs/cli@${version}`, "demo", "--interval", "1ms"],
    {
      cwd: folder,
      env: {
        PATH: process.env["PATH"],
        HOME: folder,
        npm_config_registry: new URL("/", resolved).href,
        npm_config_cache: join(folder, "cache"),
      },
      stdio: ["ignore", "pipe", "ignore"],
    },
  );
  const isSameDemo = String(played) === demo;
  console.log(`npx plays ${isSameDemo ? "the same" : "another"} demo`);
  if (!isSameDemo) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

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

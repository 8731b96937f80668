import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { format } from "prettier";
import { defaultJobId, startMockServer } from "@audit-logs/mock-server";
import { childEnvironment } from "../../../scripts/command/environment.js";

// Measures how fast the built command starts, and writes the results into README.md in this folder.

const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
const readme = fileURLToPath(new URL("README.md", import.meta.url));
const rounds = 20;

/** What somebody would write who needs only the state of one job. */
const rawStatus = `
const { AUDIT_LOGS_BASE_URL: baseUrl, AUDIT_LOGS_TOKEN: token } = process.env;
const response = await fetch(baseUrl + "/api/audit-logs/export/" + process.argv[2], {
  headers: { Authorization: "Bearer " + token },
});
if (!response.ok) throw new Error("The server responded with " + response.status);
const { id, status, progress, created_at } = await response.json();
console.log("Job      ", id);
console.log("Status   ", status);
console.log("Progress ", progress);
console.log("Created  ", created_at);
`;

/** Reports the CPU time of the process that loads it, in milliseconds. */
const reportCpu = `
process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  require("node:fs").writeSync(3, String((user + system) / 1000));
});
`;

interface Cost {
  readonly wall: number;
  readonly cpu: number;
}

async function measure(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Cost> {
  const start = performance.now();
  const child = spawn(process.execPath, args, {
    env,
    stdio: ["ignore", "ignore", "inherit", "pipe"],
  });
  const exit = once(child, "exit");
  const report = child.stdio[3];
  if (!report || !("setEncoding" in report)) throw new Error("The child has no pipe");
  const [cpu, [exitCode]] = await Promise.all([text(report), exit]);
  if (exitCode !== 0) throw new Error(`${args.join(" ")} ended with exit code ${exitCode}`);
  return { wall: performance.now() - start, cpu: Number(cpu) };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

const folder = await mkdtemp(join(tmpdir(), "audit-logs-bench-"));
try {
  // It stays as it is, however often it is polled.
  const jobs = { [defaultJobId]: { steps: [{ status: "running", progress: 50 }] } };
  await using server = await startMockServer({ jobs });
  const [reporter, raw] = [join(folder, "report.cjs"), join(folder, "status.mjs")];
  await writeFile(reporter, reportCpu);
  await writeFile(raw, rawStatus);
  const env = childEnvironment({
    AUDIT_LOGS_TOKEN: "a-token",
    AUDIT_LOGS_BASE_URL: server.url,
    NODE_OPTIONS: `--require ${reporter}`,
  });
  const programs = {
    "node -e 0": ["-e", "0"],
    "audit-logs --version": [cli, "--version"],
    "audit-logs --help": [cli, "--help"],
    "a script with fetch": [raw, defaultJobId],
    "audit-logs status": [cli, "status", defaultJobId],
  };
  const costs = Object.entries(programs).map(([name, args]) => ({ name, args, all: [] as Cost[] }));
  for (let round = 0; round < rounds; round += 1) {
    // In turn, so that a busy machine hits all alike.
    for (const { args, all } of costs) all.push(await measure(args, env));
  }
  const of = (name: keyof typeof programs, kind: keyof Cost): number =>
    median(costs.find((cost) => cost.name === name)?.all.map((cost) => cost[kind]) ?? []);
  const row = (name: keyof typeof programs, base: keyof typeof programs): string =>
    `| \`${name}\` | ${base} | ${(["cpu", "wall"] as const)
      .map(
        (kind) =>
          `${(of(name, kind) / of(base, kind)).toFixed(2)} | ${of(name, kind).toFixed(0)} ms`,
      )
      .join(" | ")} |`;
  const results = `
Node.js ${process.versions.node}, ${cpus().length} cores of ${cpus()[0]?.model.trim()}.

|     | compared with | CPU time | | wall time | |
| --- | --- | --- | --- | --- | --- |
${row("audit-logs --version", "node -e 0")}
${row("audit-logs --help", "node -e 0")}
${row("audit-logs status", "a script with fetch")}
`;
  const marker = "<!-- What follows is written by the bench. -->\n";
  const before = await readFile(readme, "utf8");
  const document = before.slice(0, before.indexOf(marker) + marker.length) + results;
  await writeFile(readme, await format(document, { parser: "markdown", printWidth: 100 }));
  process.stdout.write(results);
} finally {
  await rm(folder, { recursive: true, force: true });
}

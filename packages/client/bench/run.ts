import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { format } from "prettier";
import { measureCalls, median } from "./calls.ts";
import { makePeers } from "./peers.ts";

// Measures the built client, and writes the results into README.md in this folder.

const folder = fileURLToPath(new URL(".", import.meta.url));

/** Runs a measurement in a separate process, so that its memory can be measured. */
async function measure<T>(file: string, ...parameters: (string | number)[]): Promise<T> {
  const options = ["--expose-gc", "--import", "tsx", join(folder, file), ...parameters.map(String)];
  const { stdout } = await promisify(execFile)(process.execPath, options, { cwd: folder });
  return JSON.parse(stdout);
}

interface Reading {
  readonly megabytesPerSecond: number;
  readonly mebibytes: number;
}
interface Waiting {
  readonly kibibytesEach: number;
  readonly timers: number;
  readonly refreshes: number;
}
interface Outage {
  readonly inOutage: number;
  readonly after: number;
  readonly seconds: number;
  readonly failed: number;
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

const scratch = await mkdtemp(join(tmpdir(), "audit-logs-bench-"));
try {
  const calls = await measureCalls(await makePeers(scratch));
  const sizes = [10, 100, 1000];
  const readings = [];
  for (const size of sizes) {
    const rounds = [];
    for (let round = 0; round < 5; round += 1) {
      const client = await measure<Reading>("read.ts", "client", size);
      const generator = await measure<Reading>("read.ts", "generator", size);
      const parse = await measure<Reading>("read.ts", "parse", size);
      const share = (part: Reading): number => part.megabytesPerSecond / parse.megabytesPerSecond;
      rounds.push({ ...client, ratio: share(client), generatorRatio: share(generator) });
    }
    const [ratio, generatorRatio, speed, memory] = [
      median(rounds.map((round) => round.ratio)).toFixed(2),
      median(rounds.map((round) => round.generatorRatio)).toFixed(2),
      median(rounds.map((round) => round.megabytesPerSecond)).toFixed(0),
      Math.max(...rounds.map((round) => round.mebibytes)).toFixed(0),
    ];
    readings.push([`${size} MB`, ratio, generatorRatio, `${speed} MB/s`, `${memory} MiB`]);
  }
  const waitings = [];
  for (const waiters of [1000, 10_000]) {
    const { kibibytesEach, timers, refreshes } = await measure<Waiting>("waiters.ts", waiters);
    waitings.push([waiters, `${kibibytesEach.toFixed(1)} KiB`, timers, refreshes]);
  }
  const outages = [];
  for (const [kind, name] of [
    ["reset", "every connection is reset"],
    ["503", "every response is 503"],
  ] as const) {
    for (const [subject, label] of [
      ["client", "this client"],
      ["loop", "a loop that polls every 2 s, whatever happens"],
    ] as const) {
      const result = await measure<Outage>("outage.ts", subject, kind, 1000);
      const { inOutage, after, seconds, failed } = result;
      outages.push([name, label, inOutage, after, `${seconds.toFixed(1)} s`, failed]);
    }
  }

  const readme = join(folder, "README.md");
  const text = await readFile(readme, "utf8");
  const results = `
Node.js ${process.versions.node}, ${cpus().length} cores of ${cpus()[0]?.model.trim()}.

### One getExportJobStatus, as a multiple of \`new Request\`, \`fetch\` and \`json()\`

${table(["", "in memory", "on loopback"], calls)}

### readExport, as a share of parsing its lines in memory

${table(["export", "readExport", "a bare async generator", "throughput", "memory above the idle process"], readings)}

### Waiters at a time

${table(["waiters", "memory each", "timers", "refreshes of an expired token"], waitings)}

### An outage of 5 s, with 1,000 waiters on loopback

${table(["outage", "", "requests in it", "requests after it", "until all are done", "failed waits"], outages)}
`;
  const marker = "<!-- What follows is written by the bench. -->\n";
  const end = text.indexOf(marker) + marker.length;
  await writeFile(
    readme,
    await format(text.slice(0, end) + results, { parser: "markdown", printWidth: 100 }),
  );
  process.stdout.write(results);
} finally {
  await rm(scratch, { recursive: true, force: true });
}

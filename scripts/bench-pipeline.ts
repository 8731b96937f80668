import { readFile, writeFile } from "node:fs/promises";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { format } from "prettier";
import { withOperations, withSchema, writeProject } from "./bench/descriptions.ts";
import { measureAll, type MeasuredProcess, type Usage } from "./bench/measure.ts";
import { githubDescription, installPeers, peerCommands, redocly } from "./bench/peers.ts";
import { defineCommand, runMain, wrongUsage } from "./command/define-command.js";
import { repository } from "./command/repository.js";
import { makeTemporaryFolder } from "./command/temporary-folder.ts";

const usage = `pnpm bench:pipeline [--only PART]… [--json]

Measures the pipeline next to the tools of its kind, and writes docs/pipeline-benchmarks.md.

  --only PART  audit-logs, github, operations, schema, unchanged, diff or turbo (after npm test, whose
               cache it measures); can be repeated

Exit codes: 0 measured, 2 wrong usage or environment.`;

const document = join(repository, "docs/pipeline-benchmarks.md");
const script = join(repository, "scripts/run.js");

/** Measures one part in a scratch folder, and returns its table. */
type Part = (folder: string) => Promise<string>;

const parts: Readonly<Record<string, Part>> = {
  "audit-logs": async (folder) => {
    const peers = peerCommands(folder, join(repository, "generated/audit-logs/openapi.json"));
    return compare([...peers, generate(repository)], "openapi-typescript", 5);
  },
  github: async (folder) => {
    const description = githubDescription(folder, "new");
    await writeProject(join(folder, "github"), await readFile(description, "utf8"));
    const commands = [...peerCommands(folder, description), generate(join(folder, "github"))];
    return compare(commands, "openapi-typescript", 3);
  },
  operations: (folder) => grow(folder, withOperations, [500, 1000, 2000, 4000], "operations"),
  // The time of redocly diff grows with the square of a schema: of 4 MB, it takes minutes.
  schema: (folder) => grow(folder, withSchema, [1, 2, 4, 8], "MB", 2),
  unchanged: async () => {
    const commands: MeasuredProcess[] = [
      { name: "node -e 0", args: ["-e", "0"], cwd: repository },
      { name: "generate, nothing changed", args: [script, "generate"], cwd: repository },
      { ...generate(repository), name: "generate, all stages" },
      { name: "generate --check", args: [script, "generate", "--check"], cwd: repository },
    ];
    return compare(commands, "node -e 0", 9);
  },
  diff: async (folder) => {
    const [base, revision] = [
      githubDescription(folder, "old"),
      githubDescription(folder, "new"),
    ] as const;
    return compare([redoclyDiff(folder, base, revision), diff(base, revision)], "redocly diff", 3);
  },
  turbo: () => {
    const turbo = join(repository, "node_modules/turbo/bin/turbo");
    const tasks = [turbo, "run", "build", "test", "--output-logs=none"];
    return compare(
      [
        { name: "turbo --version", args: [turbo, "--version"], cwd: repository },
        { name: "turbo run build test, all cached", args: tasks, cwd: repository },
      ],
      "turbo --version",
      5,
    );
  },
};

function generate(folder: string): MeasuredProcess {
  return { name: "generate", args: [script, "generate", "--root", folder], cwd: repository };
}

function diff(base: string, revision: string): MeasuredProcess {
  const args = [script, "spec-diff", "--base", base, "--revision", revision];
  return { name: "spec:diff", args, cwd: repository };
}

function redoclyDiff(cwd: string, base: string, revision: string): MeasuredProcess {
  const options = ["--format", "json", "--fail-on", "none", "--output", "report.json"];
  return { name: "redocly diff", args: [redocly, "diff", base, revision, ...options], cwd };
}

/** Measures commands, with the ratio of each to one of them, whose name may depend on its own. */
async function compare(
  commands: readonly MeasuredProcess[],
  reference: string | ((name: string) => string),
  rounds: number,
): Promise<string> {
  const usages = await measureAll(commands, rounds);
  return table(
    ["Command", "Wall, s", "×", "CPU, s", "×", "Memory, MiB", "×"],
    [...usages].map(([name, used]) => {
      const other = typeof reference === "string" ? reference : reference(name);
      return [name, ...cells(used, usages.get(other))];
    }),
  );
}

/**
 * Measures generate, and up to a size spec:diff and redocly diff, with descriptions of growing size, with
 * ratios to the smallest.
 */
async function grow(
  folder: string,
  describe: (size: number, edition: 1 | 2) => unknown,
  sizes: readonly number[],
  unit: string,
  largestDiff = Infinity,
): Promise<string> {
  const commands: MeasuredProcess[] = [];
  for (const size of sizes) {
    const [old, now] = [1, 2].map((edition) => join(folder, `${unit}-${size}-${edition}`));
    if (old === undefined || now === undefined) continue;
    const base = await writeProject(old, JSON.stringify(describe(size, 1), undefined, 1));
    const revision = await writeProject(now, JSON.stringify(describe(size, 2), undefined, 1));
    const diffs = [diff(base, revision), redoclyDiff(folder, base, revision)];
    const all = [generate(old), ...(size > largestDiff ? [] : diffs)];
    commands.push(
      ...all.map((command) => ({ ...command, name: `${command.name}, ${size} ${unit}` })),
    );
  }
  return compare(commands, (name) => `${name.split(",", 1)[0]}, ${sizes[0]} ${unit}`, 1);
}

function cells(used: Usage | string, reference: Usage | string | undefined): string[] {
  if (typeof used === "string") {
    return [`fails: ${used.replaceAll(repository, "").slice(0, 120).replaceAll("|", "\\|")}`];
  }
  const ratio = (key: keyof Usage): string =>
    typeof reference === "object" ? (used[key] / reference[key]).toFixed(2) : "";
  return [
    used.wall.toFixed(2),
    ratio("wall"),
    used.cpu.toFixed(2),
    ratio("cpu"),
    used.memory.toFixed(0),
    ratio("memory"),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const padded = rows.map((row) => head.map((_, column) => row[column] ?? ""));
  return [head, head.map(() => "---"), ...padded].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

const main = defineCommand(
  usage,
  { only: { type: "string", multiple: true } },
  async ({ values: { only = Object.keys(parts) }, positionals }, stage) => {
    const unknown = only.find((name) => !(name in parts));
    if (positionals.length > 0 || unknown !== undefined) {
      throw wrongUsage(`There is no part ${unknown ?? positionals[0]}`, usage);
    }
    await using folder = await makeTemporaryFolder("bench-pipeline");
    if (only.some((name) => ["audit-logs", "github", "diff"].includes(name))) {
      await stage("install the peers", () => installPeers(folder.path));
    }
    for (const name of only) {
      const [load = 0] = loadavg();
      const result = await stage(name, () => parts[name]?.(folder.path) ?? Promise.resolve(""));
      await writeResult(name, `${result}\n\n${conditions(load)}`);
    }
    return { lines: [`Wrote ${document}`], data: {} };
  },
);

/** Whoever reads a ratio must know whether something else was running. */
function conditions(load: number): string {
  const processors = cpus();
  const busy = load > processors.length / 2 ? ": the machine was busy" : "";
  return `Node.js ${process.version}, ${processors.length} processors, load average ${load.toFixed(1)} before${busy}.`;
}

/** Replaces the result of a part in the document, between its two comments. */
async function writeResult(name: string, result: string): Promise<void> {
  const [start, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const text = await readFile(document, "utf8");
  const [before = "", rest = ""] = text.split(start);
  const after = rest.slice(rest.indexOf(end));
  const whole = `${before}${start}\n\n${result}\n\n${after}`;
  await writeFile(document, await format(whole, { parser: "markdown", printWidth: 100 }));
}

await runMain(import.meta.url, main);

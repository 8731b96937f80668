import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { childEnvironment } from "../command/environment.js";
import { lastLines, runProgram } from "../command/program.js";
import { makeTemporaryFolder } from "../command/temporary-folder.ts";

/** What a command used, with all processes that it started. */
export interface Usage {
  /** In seconds. */
  readonly wall: number;
  /** In seconds, of all processes. */
  readonly cpu: number;
  /** In MiB, of the largest process, as far as processes pass on their environment. */
  readonly memory: number;
}

/** A process to measure: the arguments of Node.js, and the folder to run in. */
export interface MeasuredProcess {
  readonly name: string;
  readonly args: readonly string[];
  readonly cwd: string;
}

const usageModule = fileURLToPath(new URL("usage.cjs", import.meta.url));

/** Runs each command once per round, in turn, and returns the medians. */
export async function measureAll(
  commands: readonly MeasuredProcess[],
  rounds: number,
): Promise<ReadonlyMap<string, Usage | string>> {
  const usages = new Map<string, Usage[]>();
  const failures = new Map<string, string>();
  for (let round = 0; round < rounds; round += 1) {
    for (const command of commands) {
      if (failures.has(command.name)) continue;
      try {
        usages.set(command.name, [...(usages.get(command.name) ?? []), await measure(command)]);
      } catch (error) {
        failures.set(command.name, error instanceof Error ? error.message : String(error));
      }
    }
  }
  return new Map<string, Usage | string>([
    ...[...usages].map(([name, all]) => [name, medians(all)] as const),
    ...failures,
  ]);
}

async function measure({ args, cwd }: MeasuredProcess): Promise<Usage> {
  await using folder = await makeTemporaryFolder("bench-usage");
  const env = childEnvironment({
    NODE_OPTIONS: `--require=${JSON.stringify(usageModule)}`,
    BENCH_USAGE: folder.path,
  });
  // Only a shell counts the time of processes that are started with an environment of their own.
  const timed = ["-c", 'TIMEFORMAT="%R %U %S"; time "$0" "$@"', process.execPath, ...args];
  const result = await runProgram("bash", timed, { cwd, env });
  if (result.exitCode !== 0) throw new Error(lastLines(result, 3));
  const [wall = 0, user = 0, system = 0] = lastLines(result, 1).split(" ").map(Number);
  const files = (await readdir(folder.path)).map((name) =>
    readFile(join(folder.path, name), "utf8"),
  );
  const memory = Math.max(...(await Promise.all(files)).map(Number));
  return { wall, cpu: user + system, memory };
}

function medians(usages: readonly Usage[]): Usage {
  const median = (key: keyof Usage): number =>
    usages.map((usage) => usage[key]).toSorted((a, b) => a - b)[usages.length >> 1] ?? Number.NaN;
  return { wall: median("wall"), cpu: median("cpu"), memory: median("memory") };
}

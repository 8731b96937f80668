import { startMockServer } from "@audit-logs/mock-server";
import { escapeControls, CommandError } from "./command/problem.js";
import {
  checkNoPositionals,
  defineCommand,
  runMain,
  wrongUsage,
} from "./command/define-command.js";
import { makeTemporaryFolder } from "./command/temporary-folder.ts";
import { runtimes, type Runtime } from "./runtimes/runtimes.ts";
import { serverOptions, type Report } from "./runtimes/scenario.js";

const names = Object.keys(runtimes);

const usage = `pnpm test:runtimes [--only NAME]… [--json]

Runs one scenario with the built client against the mock server in each of
${names.join(", ")}.

The runtimes are installed from npm's registry, at fixed versions, into the user's cache folder;
Chromium must be installed on the system.

  --only NAME  run in this runtime only; may be repeated
  --json       print one JSON object

Exit codes: 0 fine, 1 the client fails in a runtime, 2 wrong usage or environment.`;

const testRuntimes = defineCommand(
  usage,
  { only: { type: "string", multiple: true, default: names } },
  async ({ values, positionals }, stage, { printError }) => {
    const unknown = values.only.find((name) => !names.includes(name));
    if (unknown !== undefined) throw wrongUsage(`The runtime '${unknown}' does not exist`, usage);
    checkNoPositionals(positionals, usage);

    const selected = Object.entries(runtimes).filter(([name]) => values.only.includes(name));
    const ready = await stage("install", () =>
      Promise.all(selected.map(async ([, runtime]) => ({ ...runtime, ...(await runtime.find()) }))),
    );

    const results: { runtime: string; version: string; steps: number; failure?: string }[] = [];
    for (const { label: runtime, version, path, play } of ready) {
      // A failure in one runtime does not prevent the others from running.
      try {
        const steps = await stage(`${runtime} ${version}`, () => playScenario(play, path));
        results.push({ runtime, version, steps });
      } catch (error) {
        const failure = escapeControls(error instanceof Error ? error.message : String(error));
        results.push({ runtime, version, steps: 0, failure });
      }
    }

    const lines = results.map(
      ({ runtime, version, steps, failure }) =>
        `${runtime.padEnd(8)}  ${version.padEnd(14)}  ${failure ?? `passed, ${steps} steps`}`,
    );
    const problems = results.flatMap(({ runtime, version, failure }) =>
      failure === undefined
        ? []
        : {
            file: `${runtime} ${version}`,
            fault: failure,
            remedy: "See the step in scripts/runtimes/scenario.js",
          },
    );
    if (problems.length === 0) return { lines, data: { runtimes: results } };
    for (const line of lines) printError(line);
    throw new CommandError(problems);
  },
);

await runMain(import.meta.url, testRuntimes);

/** @returns how many steps passed; unless it throws, that is all of them */
async function playScenario(play: Runtime["play"], program: string): Promise<number> {
  await using server = await startMockServer(serverOptions);
  await using folder = await makeTemporaryFolder("audit-logs-runtime");
  const { passed, failure }: Report = await play(program, server.url, folder.path);
  if (failure !== undefined) throw new Error(failure);
  return passed.length;
}

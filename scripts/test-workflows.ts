import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { CommandError } from "./command/problem.js";
import {
  checkNoPositionals,
  defineCommand,
  runMain,
  wrongUsage,
} from "./command/define-command.js";
import { interruptSignal } from "./command/interrupt-signal.ts";
import { repository } from "./command/repository.js";
import { makeTemporaryFolder } from "./command/temporary-folder.ts";
import { openSandbox, type Sandbox } from "./workflows/sandbox.ts";
import { attackAfterRelease, attackBeforeRelease } from "./workflows/stories/attacks.ts";
import { proposeRelease, publishNextRelease, publishRelease } from "./workflows/stories/release.ts";
import { syncVendor } from "./workflows/stories/spec-sync.ts";

/** What the stories begin with. */
interface Baseline {
  /** Opens a sandbox whose repository has the files of another one's last commit; by default of this one. */
  readonly open: (story: string, from?: string) => Promise<Sandbox>;
  /** Where a release was proposed and merged: until then, no change of a description is judged. */
  readonly merged: Promise<Sandbox>;
}

const stories: Readonly<Record<string, (baseline: Baseline) => Promise<void>>> = {
  async release({ open, merged }) {
    await using sandbox = await open("release", (await merged).github.origin);
    await publishRelease(sandbox);
    await publishNextRelease(sandbox);
  },
  async "spec-sync"({ open, merged }) {
    await using sandbox = await open("spec-sync", (await merged).github.origin);
    await syncVendor(sandbox, repository);
  },
  async attacks({ open, merged }) {
    {
      await using sandbox = await open("attacks");
      await attackBeforeRelease(sandbox);
    }
    await using sandbox = await open("attacks", (await merged).github.origin);
    await attackAfterRelease(sandbox, repository);
  },
};
const names = Object.keys(stories);

const usage = `pnpm test:workflows [--only NAME]… [--json]

Runs the jobs of the workflows spec-sync and release of the last commit, step by step, as GitHub would,
with a bare repository, a program gh and an npm registry that are all on this machine:

  release    from changesets to published versions, of which the first run publishes a part, and to the
             next version of one package
  spec-sync  from a change of the vendor's page to a pull request
  attacks    by a dependency, a page and other tarballs, each of which must push and publish nothing

In one run, a release is proposed and merged. The stories that need it continue with copies of that repository.
Each job has its own clone and home, and the Node.js that runs this. Dependencies come from npm's
registry. "npm test" is replaced by the installation, since .ci/run has just run it.

  --only NAME  only this story; may be repeated
  --json       print one JSON object

Exit codes: 0 fine, 1 a finding, 2 wrong usage or environment.`;

const signal = interruptSignal();

const testWorkflows = defineCommand(
  usage,
  { only: { type: "string", multiple: true, default: names } },
  async ({ values, positionals }, _stage, { print }) => {
    const unknown = values.only.find((name) => !names.includes(name));
    if (unknown !== undefined)
      throw wrongUsage(
        `There is no story '${unknown}'; the stories are ${names.join(", ")}`,
        usage,
      );
    checkNoPositionals(positionals, usage);
    const start = performance.now();
    // The paths of clones appear in what tools print, as they really are.
    await using folder = await makeTemporaryFolder("test-workflows");
    const open = async (story: string, from = repository): Promise<Sandbox> => {
      const storyFolder = await mkdtemp(join(folder.path, `${story}-`));
      return openSandbox(repository, from, storyFolder, story, signal, print);
    };
    await using first = await open("release");
    const merged = proposeRelease(first).then(() => first);
    // A failure of one story does not hide what the others find.
    const ended = await Promise.allSettled([
      merged,
      ...values.only.map((name) => stories[name]?.({ open, merged })),
    ]);
    if (signal.aborted) {
      const fault = `It was interrupted: ${String(signal.reason)}`;
      throw new CommandError({ file: "test:workflows", fault, remedy: "Run it again" }, 2);
    }
    // What they begin with fails for all of them.
    const errors: unknown[] = [
      ...new Set(ended.flatMap((it) => (it.status === "rejected" ? it.reason : []))),
    ];
    if (errors.length === 1) throw errors[0];
    const problems = errors.flatMap((error) => {
      if (error instanceof CommandError) return error.problems;
      throw error;
    });
    if (problems.length > 0) throw new CommandError(problems);
    const seconds = Math.round((performance.now() - start) / 1000);
    return {
      lines: [`Passed: ${values.only.join(", ")}, after ${seconds} s`],
      data: {},
    };
  },
);

await runMain(import.meta.url, testWorkflows);

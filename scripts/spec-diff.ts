import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { escapeControls } from "./command/problem.ts";
import { type Outcome, runMain, verb, type Verb, wrongUsage } from "./command/run.ts";
import { terminal } from "./command/terminal.js";
import { readProject, selectApi } from "./description/project.ts";
import { stopIfHeld } from "./judge/hold.ts";
import { judge } from "./judge/judge.ts";
import { readDescription } from "./judge/read-description.ts";
import { readRelease, releasedFolder } from "./judge/released.ts";
import type { Verdict } from "./judge/verdict.ts";

const usage = `pnpm spec:diff [<api>] [--root DIR] [--json]
       pnpm spec:diff --base FILE --revision FILE [--root DIR] [--json]

Says how far the version has to move: major, minor, patch or none, and why. Without files, it
compares what is generated with the client's last release. Any two descriptions can be compared.

  --base FILE      the description as it was, JSON or YAML
  --revision FILE  the description as it is
  --root DIR       a folder with a redocly.yaml (default: this repository); with files, they must
                   keep its lint rules, and by default only be valid
  --json           print one JSON object: { bump, reasons: [{ bump, witness, rule, where, message }] }

Exit codes: 0 judged, 1 a file is refused or a witness fails ("hold"), 2 wrong usage or environment.`;

const repository = fileURLToPath(new URL("..", import.meta.url));
const shown = 30;

const firstRelease: Outcome = {
  lines: [`minor: a first release, 0.1.0, because ${releasedFolder}/ holds none`],
  data: { bump: "minor", reasons: [], release: "0.1.0" },
};

export const specDiff: Verb = verb(
  usage,
  { root: { type: "string" }, base: { type: "string" }, revision: { type: "string" } },
  async ({ values: { root, base, revision }, positionals }, stage) => {
    if (base !== undefined && revision !== undefined && positionals.length === 0) {
      const rules = root === undefined ? undefined : resolve(root);
      const before = await stage("base", () => readDescription("base", base, rules));
      const after = await stage("revision", () => readDescription("revision", revision, rules));
      return report(await stage("witnesses", () => judge(before, after)));
    }
    if (base !== undefined || revision !== undefined) {
      throw wrongUsage("It takes both a base and a revision, or the name of an API", usage);
    }
    const folder = resolve(root ?? repository);
    const { apis } = await readProject(folder);
    const name = selectApi(apis, positionals);
    if (name === undefined) {
      throw wrongUsage(`Name one of ${apis.map((api) => api.name).join(", ")}`, usage);
    }
    const release = await readRelease(folder, name);
    if (release === undefined) return firstRelease;
    const { base: before, revision: after, declarations } = release;
    return report(await stage("witnesses", () => judge(before, after, declarations)));
  },
);

await runMain(import.meta.url, specDiff);

function report(verdict: Verdict): Outcome {
  stopIfHeld(verdict);
  const { bump, reasons } = verdict;
  const lines = reasons
    .slice(0, shown)
    .map(({ bump: own, where, message, rule }) =>
      escapeControls(`  ${own} ${where}: ${message} (${rule})`),
    );
  const more = reasons.length - shown;
  return {
    lines: [
      terminal.paint("bold", bump),
      ...lines,
      ...(more > 0 ? [`  … and ${more} more; --json lists them all`] : []),
    ],
    data: { bump, reasons },
  };
}

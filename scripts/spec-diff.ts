import { resolve } from "node:path";
import { escapeControls } from "./command/problem.js";
import {
  defineCommand,
  runMain,
  wrongUsage,
  type Outcome,
  type Stage,
} from "./command/define-command.js";
import { repository } from "./command/repository.js";
import { terminal } from "./command/terminal.js";
import { throwIfHeld } from "./judge/hold.ts";
import { judge } from "./judge/judge.ts";
import { formatPlace } from "./judge/place.ts";
import { readDescription } from "./judge/read-description.ts";
import { readRelease } from "./judge/released.ts";
import { reportOf, type Verdict } from "./judge/verdict.ts";
import { selectPackages, type ClientPackage } from "./packages/client-packages.ts";

const usage = `pnpm spec:diff [<api>…] [--root DIR] [--json]
       pnpm spec:diff --base FILE --revision FILE [--root DIR] [--json]

Reports the bump that a change requires, major, minor, patch or none, and why. Without files, compares
what is generated with the last release of each package, or of the packages of the named APIs. With
files, compares any two descriptions.

  --base FILE      the old description, JSON or YAML
  --revision FILE  the new description
  --root DIR       a folder with a redocly.yaml (default: this repository); files must follow
                   its lint rules if it is given, and otherwise only be valid
  --json           print one JSON object: for files { bump, reasons: [{ bump, witness, rule, where,
                   message }] }, for releases { packages: [{ name, bump, reasons }] }

Exit codes: 0 judged, 1 a file is refused or a witness fails ("hold"), 2 wrong usage or environment.`;

const shown = 30;

export const specDiff = defineCommand(
  usage,
  { root: { type: "string" }, base: { type: "string" }, revision: { type: "string" } },
  async ({ values: { root, base, revision }, positionals }, stage) => {
    if (base !== undefined && revision !== undefined && positionals.length === 0) {
      const rules = root === undefined ? undefined : resolve(root);
      const before = await stage("base", () => readDescription("base", base, rules));
      const after = await stage("revision", () => readDescription("revision", revision, rules));
      const verdict = await stage("witnesses", () => judge(before, after));
      throwIfHeld(verdict);
      return {
        lines: [terminal.paint("bold", verdict.bump), ...reasonLines(verdict)],
        data: reportOf(verdict),
      };
    }
    if (base !== undefined || revision !== undefined) {
      throw wrongUsage("It takes both a base and a revision, or the names of APIs", usage);
    }
    const folder = resolve(root ?? repository);
    const outcomes: Outcome[] = [];
    for (const client of await selectPackages(folder, positionals, usage)) {
      outcomes.push(await diffPackage(folder, client, stage));
    }
    const lines = outcomes.flatMap((outcome) => outcome.lines);
    return {
      lines: lines.length === 0 ? ["No package is generated from an API"] : lines,
      data: { packages: outcomes.map(({ data }) => data) },
    };
  },
);

await runMain(import.meta.url, specDiff);

/** Compares the generated API of a package with its last release. */
async function diffPackage(root: string, client: ClientPackage, stage: Stage): Promise<Outcome> {
  const { name, version } = client;
  const release = await readRelease(root, client);
  if (release === undefined) {
    return {
      lines: [`${name}: minor: the first release, 0.1.0 (its version is ${version})`],
      data: { name, bump: "minor", reasons: [], release: "0.1.0" },
    };
  }
  const { base, revision, declarations } = release;
  const verdict = await stage(`${name}: witnesses`, () => judge(base, revision, declarations));
  throwIfHeld(verdict);
  return {
    lines: [`${name}: ${terminal.paint("bold", verdict.bump)}`, ...reasonLines(verdict)],
    data: { name, ...reportOf(verdict) },
  };
}

function reasonLines({ reasons }: Verdict): string[] {
  const lines = reasons
    .slice(0, shown)
    .map(({ bump, place, message, rule }) =>
      escapeControls(`  ${bump} ${formatPlace(place)}: ${message} (${rule})`),
    );
  const more = reasons.length - shown;
  return more > 0 ? [...lines, `  … and ${more} more; --json lists them all`] : lines;
}

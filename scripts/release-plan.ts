import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { escapeControls, Stop } from "./command/problem.ts";
import { type Outcome, runMain, verb, type Verb, wrongUsage } from "./command/run.ts";
import { readProject, selectApi } from "./description/project.ts";
import { isObject } from "./description/tree.ts";
import { factsOf } from "./emit/facts.ts";
import { nameOf } from "./emit/operations.ts";
import { stopIfHeld } from "./judge/hold.ts";
import { judge } from "./judge/judge.ts";
import { readRelease } from "./judge/released.ts";
import {
  changesetFile,
  formatChangeset,
  readChangeset,
  writeChangeset,
  type Changeset,
} from "./release/changeset.ts";
import { plan } from "./release/plan.ts";

const usage = `pnpm release:plan [<api>] [--root DIR] [--check] [--json]

Judges what changed since the last release, and writes ${changesetFile}:
how far the version moves, and what that means for those who use the client.

  --root DIR  the repository (default: this one)
  --check     write nothing; exit with 1 if the changeset is not what it would write
  --json      print one JSON object: { bump, reasons, changeset }

Exit codes: 0 fine, 1 a finding, 2 wrong usage or environment.`;

const repository = fileURLToPath(new URL("..", import.meta.url));

const first: Changeset = { move: "minor", judged: "first release", text: "The first release." };

export const releasePlan: Verb = verb(
  usage,
  { root: { type: "string", default: repository }, check: { type: "boolean", default: false } },
  async ({ values, positionals }, stage) => {
    const root = resolve(values.root);
    const { apis } = await readProject(root);
    const name = selectApi(apis, positionals);
    if (name === undefined) {
      throw wrongUsage(`Name one of ${apis.map((api) => api.name).join(", ")}`, usage);
    }
    const release = await readRelease(root, name);
    const earlier = await readChangeset(root);
    if (release === undefined) return finish(root, values.check, earlier, first);

    const { base, revision, declarations } = release;
    const verdict = await stage("judge", () => judge(base, revision, declarations));
    stopIfHeld(verdict);
    const names = new Map(
      [base, revision].flatMap((description) =>
        factsOf(description).flatMap((operation) => {
          const called = nameOf(operation);
          const { method, path } = operation;
          return called === undefined ? [] : [[`${method.toUpperCase()} ${path}`, called] as const];
        }),
      ),
    );
    const version = await readVersion(root);
    return finish(root, values.check, earlier, plan(verdict, version, names, earlier), verdict);
  },
);

await runMain(import.meta.url, releasePlan);

async function readVersion(root: string): Promise<string> {
  const text = await readFile(join(root, "packages/client/package.json"), "utf8");
  const manifest: unknown = JSON.parse(text);
  return isObject(manifest) ? String(manifest["version"]) : "";
}

async function finish(
  root: string,
  isCheck: boolean,
  earlier: Changeset | undefined,
  changeset: Changeset | undefined,
  verdict: object = {},
): Promise<Outcome> {
  const isFresh = JSON.stringify(earlier) === JSON.stringify(changeset);
  if (!isFresh && isCheck) {
    const problem = {
      file: changesetFile,
      fault: changeset === undefined ? "There is nothing to release" : "It is not what is planned",
      remedy: "Run pnpm release:plan",
    };
    throw new Stop(problem, 1, { ...verdict, changeset });
  }
  if (!isFresh) await writeChangeset(root, changeset);
  const said =
    changeset === undefined ? "Nothing to release" : formatChangeset(changeset).trimEnd();
  const news = isFresh ? [] : [`${changesetFile} was ${changeset ? "written" : "removed"}`];
  return {
    lines: [...news, ...said.split("\n")].map(escapeControls),
    data: { ...verdict, changeset },
  };
}

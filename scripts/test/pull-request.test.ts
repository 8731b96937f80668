import { chmod, readFile, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import type { ScriptError } from "../command/end.js";
import { proposeChange } from "../proposal/propose.js";
import { writeChange } from "../proposal/write.js";
import { gitIn } from "./git.ts";
import { makeProject, write } from "./project.ts";
import { runScript } from "./run-script.ts";

const page = "spec/x/sources/page.md";
const manifest = (more = {}) => JSON.stringify({ name: "a", version: "1.0.0", ...more });

/** In place of a file's text: a link to what is not of the work tree. */
const link = "a link";

/** Two clones, one in which installed code works and one that pushes, and a gh that writes down what it is told. */
async function clone(branch: string, openPullRequest = "") {
  const root = await makeProject({
    "gh/gh": `#!/bin/sh
echo "$@" >> "\${0%/*}/told"
case "$1 $2" in
  "pr list") echo ${openPullRequest} ;;
  "pr create" | "api --silent") cat >> "\${0%/*}/told" ;;
esac`,
    "work/spec/x/sources.json": "{}",
    [`work/${page}`]: "old\n",
    "work/packages/a/package.json": manifest(),
    "report.md": "What changed\n",
  });
  await chmod(join(root, "gh/gh"), 0o755);
  const work = join(root, "work");
  const git = gitIn(work);
  await git("init", "--quiet", "--initial-branch=main");
  await git("add", "--all");
  await git("commit", "--quiet", "--message=Begin");
  await git("clone", "--quiet", "--bare", ".", "../origin.git");
  await git("clone", "--quiet", "../origin.git", "../pusher");
  const pusher = gitIn(join(root, "pusher"));
  await pusher("remote", "set-url", "origin", `file://${join(root, "origin.git")}`);
  /** Proposes these files, on top of main; gives what gh was told. */
  const propose = async (files: Record<string, string>) => {
    await rm(join(root, "gh/told"), { force: true });
    for (const [file, text] of Object.entries(files)) {
      if (text === link) await symlink("../../../.git/config", join(work, file));
      else await write(work, { [file]: text });
    }
    const folder = join(root, "proposal");
    const text = join(root, "report.md");
    await writeChange(work, folder, text);
    await git("reset", "--quiet", "--hard");
    await pusher("switch", "--quiet", "--discard-changes", "main");
    vi.stubEnv("PATH", `${root}/gh:${process.env["PATH"]}`);
    const done = await proposeChange(join(root, "pusher"), branch, folder, "Follow").then(
      (output) => ({ exitCode: 0, output }),
      ({ exitCode, message }: ScriptError) => ({ exitCode, output: message }),
    );
    vi.unstubAllEnvs();
    const told = await readFile(join(root, "gh/told"), "utf8").catch(() => "");
    return { ...done, told };
  };
  const tip = async () =>
    (await git("ls-remote", "../origin.git", `refs/heads/${branch}`)).split("\t")[0];
  return { root, git: pusher, propose, tip };
}

const list =
  "auth setup-git\npr list --head spec-sync --state open --json number --jq .[].number\n";
const pushed = list.replace("\n", "\nworkflow run ci.yml --ref spec-sync\n");
const updated =
  "api --silent --method PATCH repos/{owner}/{repo}/pulls/7 -F body=@-\nWhat changed\n";

describe("a pull request", () => {
  test("is not made of nothing", async () => {
    const { propose, tip } = await clone("spec-sync");
    expect(await propose({})).toEqual({ exitCode: 0, output: "Nothing changed", told: "" });
    expect(await tip()).toBe("");
  });

  test("is opened with what changed, and CI is started on it", async () => {
    const { propose, git } = await clone("spec-sync");
    const { exitCode, output, told } = await propose({ [page]: "new\n", ".changeset/a.md": "" });
    expect(output).toBe("Opened a pull request from spec-sync");
    expect(exitCode).toBe(0);
    expect(told).toBe(
      `${pushed}pr create --base main --head spec-sync --title Follow --body-file -\nWhat changed\n`,
    );
    expect(await git("diff", "--name-only", "main", "spec-sync")).toBe(`.changeset/a.md\n${page}`);
    expect(await git("log", "-1", "--format=%an: %s", "spec-sync")).toBe(
      "github-actions[bot]: Follow",
    );
  });

  test("stays the only one when more changes", async () => {
    const { propose, git } = await clone("spec-sync", "7");
    await propose({ [page]: "new\n" });
    const { output, told } = await propose({ [page]: "newer\n" });
    expect(output).toBe("Pull request 7 from spec-sync is up to date");
    expect(told).toBe(pushed + updated);
    expect(await git("show", `spec-sync:${page}`)).toBe("newer");
    expect(await git("rev-list", "--count", "main..spec-sync")).toBe("1");
  });

  test("is not pushed again when only the time of the fetch is another", async () => {
    const { propose, tip } = await clone("spec-sync", "7");
    await propose({ [page]: "new\n", "spec/x/sources.json": '{ "retrieved": 1 }' });
    const before = await tip();
    const { told } = await propose({
      [page]: "new\n",
      "spec/x/sources.json": '{ "retrieved": 2 }',
    });
    expect(told).toBe(list + updated);
    expect(await tip()).toBe(before);
  });

  test("is left alone when somebody else has committed to it", async () => {
    const { propose, git, tip } = await clone("spec-sync", "7");
    await propose({ [page]: "new\n" });
    await git("switch", "--quiet", "spec-sync");
    await git("commit", "--quiet", "--allow-empty", "--message=Mend");
    await git("push", "--quiet", "origin", "spec-sync");
    const before = await tip();
    const { exitCode, output } = await propose({ [page]: "newer\n" });
    expect(output).toBe("Somebody works on spec-sync: left it alone");
    expect(exitCode).toBe(0);
    expect(await tip()).toBe(before);
  });

  test("is not opened where git or gh fails, and says which", async () => {
    const { propose, git } = await clone("spec-sync");
    await git("remote", "set-url", "origin", "file:///nowhere.git");
    const { exitCode, output } = await propose({ [page]: "new\n" });
    expect(output).toMatch(/^git: ls-remote --heads origin spec-sync failed: .+nowhere\.git/u);
    expect(exitCode).toBe(2);
  });
});

// What installed code could leave in the work tree, for a job with a token to push.
describe("nothing is pushed of a change", () => {
  test.each<[branch: string, refused: [files: Record<string, string>, fault: string][]]>([
    [
      "spec-sync",
      [
        [
          { ".github/workflows/own.yml": "on: push\n", [page]: "new\n" },
          ".github/workflows/own.yml: The branch spec-sync may not change it.",
        ],
        [
          { "scripts/pull-request.js": "" },
          "scripts/pull-request.js: The branch spec-sync may not change it.",
        ],
        [
          { "generated/package.json": "{}" },
          "generated/package.json: The branch spec-sync may not change it.",
        ],
        [{ "spec/x/sources/link.md": link }, "spec/x/sources/link.md: It is no plain file."],
      ],
    ],
    [
      "release",
      [
        [
          { ".changeset/config.json": "{}" },
          ".changeset/config.json: The branch release may not change it.",
        ],
        [
          { "packages/a/package.json": manifest({ version: "1.1.0", scripts: { install: "x" } }) },
          "packages/a/package.json: More than its version changed.",
        ],
        [
          { "packages/b/package.json": manifest() },
          "packages/b/package.json: More than its version changed.",
        ],
      ],
    ],
  ])("that %s may not bring", async (branch, refused) => {
    const { propose, tip } = await clone(branch);
    for (const [files, fault] of refused) {
      expect(await propose(files)).toEqual({
        exitCode: 1,
        output: `${fault}\nNothing was pushed. Find what wrote this.`,
        told: "",
      });
      expect(await tip()).toBe("");
    }
  });

  test("for a branch that is no proposal", async () => {
    const { propose, tip } = await clone("main");
    const before = await tip();
    expect(await propose({ [page]: "new\n" })).toMatchObject({ exitCode: 2, told: "" });
    expect(await tip()).toBe(before);
  });
});

test("a version, a changelog and what is released are taken", async () => {
  const { propose, git } = await clone("release");
  const { output } = await propose({
    "packages/a/package.json": manifest({ version: "1.1.0" }),
    "packages/a/CHANGELOG.md": "New\n",
    "packages/a/released/index.d.ts": "export {};\n",
  });
  expect(output).toBe("Opened a pull request from release");
  expect((await git("diff", "--name-only", "main", "release")).split("\n")).toHaveLength(3);
});

describe("the two commands", () => {
  test.each([
    [page, 0, "Opened a pull request from spec-sync\n"],
    [
      "scripts/change.js",
      1,
      "✘ scripts/change.js: The branch spec-sync may not change it.\nNothing was pushed. Find what wrote this.\n",
    ],
  ])("take %s and end with %i", async (file, code, written) => {
    const { root } = await clone("spec-sync");
    await write(join(root, "work"), { [file]: "new\n" });
    const folder = join(root, "proposal");
    const text = join(root, "report.md");
    const change = [folder, "--text", text, "--root", join(root, "work")];
    expect(await runScript("change.js", change)).toMatchObject({ exitCode: 0, output: "" });
    const { exitCode, output } = await runScript(
      "pull-request.js",
      ["spec-sync", folder, "--title", "Follow", "--root", join(root, "pusher")],
      { env: { PATH: `${root}/gh:${process.env["PATH"]}` } },
    );
    expect({ exitCode, output }).toEqual({ exitCode: code, output: written });
  });
});

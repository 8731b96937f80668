import { chmod, cp, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import type { CommandError } from "../command/problem.js";
import { proposeChange } from "../proposal/propose.js";
import { writeChange } from "../proposal/write.js";
import { gitIn } from "../command/git.ts";
import { write } from "../fixtures/project.ts";
import { makeProject } from "./project.ts";
import { runScript } from "../command/run-script.ts";

const page = "spec/x/sources/page.md";
const manifest = (more = {}) => JSON.stringify({ name: "a", version: "1.0.0", ...more });

/** Stands for a file that is a link to a file outside the work tree. */
const link = "a link";

let base: Promise<string> | undefined;

/** Two clones, one where installed code runs and one that pushes. Every test has a copy of them. */
async function makeClones(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "pull-request-"));
  await write(root, {
    "work/spec/x/sources.json": "{}",
    [`work/${page}`]: "old\n",
    "work/packages/a/package.json": manifest(),
    "report.md": "What changed, @everyone\n",
  });
  const git = gitIn(join(root, "work"));
  await git("init", "--quiet", "--initial-branch=main");
  await git("add", "--all");
  await git("commit", "--quiet", "--message=Begin");
  await git("clone", "--quiet", "--bare", ".", "../origin.git");
  await git("clone", "--quiet", "../origin.git", "../pusher");
  return root;
}
afterAll(async () => rm((await base) ?? expect.fail(), { recursive: true }));

/**
 * The two clones, and a fake gh that logs its calls. A fork always has an open pull request from a branch of the
 * same name.
 */
async function clone(branch: string, openPullRequest = "") {
  const root = await makeProject({
    "gh/gh": `#!/bin/sh
echo "$@" >> "\${0%/*}/calls"
case "$*" in
  "pr create "* | "api --silent "*) cat >> "\${0%/*}/calls" ;;
  *head={owner}:${branch}*) echo ${openPullRequest} ;;
  *${branch}*number*) echo 5 ${openPullRequest} ;;
esac`,
  });
  await chmod(join(root, "gh/gh"), 0o755);
  base ??= makeClones();
  await cp(await base, root, { recursive: true });
  const git = gitIn(join(root, "work"));
  const pusher = gitIn(join(root, "pusher"));
  await pusher("remote", "set-url", "origin", `file://${join(root, "origin.git")}`);
  // The index knows the files that were copied.
  await pusher("reset", "--quiet", "--hard");
  /** Proposes files on top of main. Returns the calls of gh. */
  const propose = async (
    files: Record<string, string>,
    options?: Parameters<typeof proposeChange>[4],
  ) => {
    await rm(join(root, "gh/calls"), { force: true });
    for (const [file, text] of Object.entries(files)) {
      if (text === link) await symlink("../../../.git/config", join(root, "work", file));
      else await write(join(root, "work"), { [file]: text });
    }
    const folder = join(root, "proposal");
    const text = join(root, "report.md");
    await writeChange(join(root, "work"), folder, text);
    await git("reset", "--quiet", "--hard");
    await pusher("switch", "--quiet", "--discard-changes", "main");
    vi.stubEnv("PATH", `${root}/gh:${process.env["PATH"]}`);
    const result = await proposeChange(
      join(root, "pusher"),
      branch,
      folder,
      "Follow",
      options,
    ).then(
      (output) => ({ exitCode: 0, output }),
      ({ exitCode, message }: CommandError) => ({ exitCode, output: message }),
    );
    vi.unstubAllEnvs();
    const ghCalls = await readFile(join(root, "gh/calls"), "utf8").catch(() => "");
    return { ...result, ghCalls };
  };
  const tip = async () =>
    (await git("ls-remote", "../origin.git", `refs/heads/${branch}`)).split("\t")[0];
  return { root, git: pusher, propose, tip };
}

const listCalls =
  "auth setup-git\n" +
  "api repos/{owner}/{repo}/pulls?state=open&base=main&head={owner}:spec-sync --jq .[].number\n";
const pushCalls = listCalls.replace("\n", "\nworkflow run ci.yml --ref spec-sync\n");
const updateCall =
  "api --silent --method PATCH repos/{owner}/{repo}/pulls/7 -F body=@-\nWhat changed, @\u2060everyone\n";

describe("a pull request", () => {
  test("is not opened without changes", async () => {
    const { propose, tip } = await clone("spec-sync");
    const ghCalls = "auth setup-git\n";
    expect(await propose({})).toEqual({ exitCode: 0, output: "Nothing changed", ghCalls });
    expect(await tip()).toBe("");
  });

  test.each(["spec-sync", "release"])(
    "from %s is withdrawn, with its branch, when nothing changes any more",
    async (branch) => {
      const { propose, tip } = await clone(branch, "7");
      await propose({ ".changeset/a.md": "" });
      const { exitCode, output } = await propose({});
      expect(output).toBe(`Removed ${branch}: main needs no change any more`);
      expect(exitCode).toBe(0);
      expect(await tip()).toBe("");
    },
  );

  test("is not withdrawn if a page could not be read", async () => {
    const { propose, tip } = await clone("spec-sync", "7");
    await propose({ [page]: "new\n" });
    const before = await tip();
    const { output } = await propose({}, { isComplete: false });
    expect(output).toBe("Nothing changed");
    expect(await tip()).toBe(before);
  });

  test("is opened with the changes, and CI is started on it", async () => {
    const { propose, git } = await clone("spec-sync");
    const { exitCode, output, ghCalls } = await propose({ [page]: "new\n", ".changeset/a.md": "" });
    expect(output).toBe("Opened a pull request from spec-sync");
    expect(exitCode).toBe(0);
    expect(ghCalls).toBe(
      `${pushCalls}pr create --base main --head spec-sync --title Follow --body-file -\nWhat changed, @\u2060everyone\n`,
    );
    expect(await git("diff", "--name-only", "main", "spec-sync")).toBe(`.changeset/a.md\n${page}`);
    expect(await git("log", "-1", "--format=%an: %s", "spec-sync")).toBe(
      "github-actions[bot]: Follow",
    );
  });

  test("is updated when more changes", async () => {
    const { propose, git } = await clone("spec-sync", "7");
    await propose({ [page]: "new\n" });
    const { output, ghCalls } = await propose({ [page]: "newer\n" });
    expect(output).toBe("Pull request 7 from spec-sync is up to date");
    expect(ghCalls).toBe(pushCalls + updateCall);
    expect(await git("show", `spec-sync:${page}`)).toBe("newer");
    expect(await git("rev-list", "--count", "main..spec-sync")).toBe("1");
  });

  test("is its own branch's, whatever other branches and tags are called", async () => {
    const { propose, git, tip } = await clone("spec-sync", "7");
    await git("push", "--quiet", "origin", "main:refs/heads/team/spec-sync");
    await git("tag", "spec-sync");
    await git("push", "--quiet", "origin", "refs/tags/spec-sync");
    await propose({ [page]: "new\n" });
    const before = await tip();
    const { exitCode, output } = await propose({ [page]: "newer\n" });
    expect(output).toBe("Pull request 7 from spec-sync is up to date");
    expect(exitCode).toBe(0);
    expect(await tip()).not.toBe(before);
  });

  test("is not pushed again when only the time of the fetch changed", async () => {
    const { propose, tip } = await clone("spec-sync", "7");
    await propose({ [page]: "new\n", "spec/x/sources.json": '{ "retrieved": 1 }' });
    const before = await tip();
    const { ghCalls } = await propose({
      [page]: "new\n",
      "spec/x/sources.json": '{ "retrieved": 2 }',
    });
    expect(ghCalls).toBe(listCalls + updateCall);
    expect(await tip()).toBe(before);
  });

  test.each([
    ["committed to it", ["--message=Fix"], { [page]: "newer\n" }],
    ["amended its commit", ["--amend", "--no-edit"], { [page]: "newer\n" }],
    ["amended its commit, and nothing changes any more", ["--amend", "--no-edit"], {}],
  ])("is left alone when somebody else has %s", async (_what, options, files) => {
    const { propose, git, tip } = await clone("spec-sync", "7");
    await propose({ [page]: "new\n" });
    await git("switch", "--quiet", "spec-sync");
    await git("commit", "--quiet", "--allow-empty", ...options);
    await git("push", "--quiet", "--force", "origin", "spec-sync");
    const before = await tip();
    const { exitCode, output } = await propose(files);
    expect(output).toBe("spec-sync has commits by somebody else: it was not changed");
    expect(exitCode).toBe(0);
    expect(await tip()).toBe(before);
  });

  test("ends with a link to the run's artifact, which is not the vendor's", async () => {
    const { propose } = await clone("spec-sync");
    const { ghCalls } = await propose(
      { [page]: "new\n" },
      { note: "[run](https://example.com/#artifacts)" },
    );
    expect(ghCalls).toMatch(
      /What changed, @\u2060everyone\n\[run\]\(https:\/\/example\.com\/#artifacts\)$/u,
    );
  });

  test("has no more text than GitHub accepts, and still the link", async () => {
    const { root, propose } = await clone("spec-sync");
    await write(root, { "report.md": "a".repeat(70_000) });
    const { ghCalls } = await propose({ [page]: "new\n" }, { note: "[run]" });
    expect(ghCalls.split("\n").at(-1)).toBe(`${"a".repeat(60_000)}[run]`);
  });

  test("has no such link outside of a run", async () => {
    const args = ["spec-sync", "nowhere", "--title", "Follow", "--artifact", "spec-report"];
    const { exitCode, output } = await runScript("pull-request.js", args);
    expect(output).toBe("✘ --artifact: It works only in a workflow run. Leave it out here.\n");
    expect(exitCode).toBe(2);
  });

  test("is not opened if git or gh fails, and the message names which", async () => {
    const { propose, git } = await clone("spec-sync");
    await git("remote", "set-url", "origin", "file:///nowhere.git");
    const { exitCode, output } = await propose({ [page]: "new\n" });
    expect(output).toMatch(
      /^git ls-remote origin refs\/heads\/spec-sync: It exited with \d+: .+nowhere\.git/u,
    );
    expect(exitCode).toBe(2);
  });
});

// Files that installed code could leave in the work tree for a job whose token can push.
describe("pushes nothing of a change", () => {
  test.each<[branch: string, files: Record<string, string>, faults: string[]]>([
    [
      "spec-sync",
      {
        ".github/workflows/own.yml": "on: push\n",
        "generated/package.json": "{}",
        "scripts/pull-request.js": "",
        "spec/x/sources/link.md": link,
        [page]: "new\n",
      },
      [
        ".github/workflows/own.yml: The branch spec-sync may not change it.",
        "generated/package.json: The branch spec-sync may not change it.",
        "scripts/pull-request.js: The branch spec-sync may not change it.",
        "spec/x/sources/link.md: It is not a regular file.",
      ],
    ],
    [
      "release",
      {
        ".changeset/config.json": "{}",
        "packages/a/package.json": manifest({ version: "1.1.0", scripts: { install: "x" } }),
        "packages/b/package.json": manifest(),
      },
      [
        ".changeset/config.json: The branch release may not change it.",
        "packages/a/package.json: More than its version changed.",
        "packages/b/package.json: More than its version changed.",
      ],
    ],
  ])("that is not allowed on %s, and names each file", async (branch, files, faults) => {
    const { propose, tip } = await clone(branch);
    expect(await propose(files)).toEqual({
      exitCode: 1,
      output: faults
        .map((fault) => `${fault} Nothing was pushed: find what wrote this.`)
        .join("\n"),
      ghCalls: "",
    });
    expect(await tip()).toBe("");
  });

  test("for a branch that is not for proposals", async () => {
    const { propose, tip } = await clone("main");
    const before = await tip();
    expect(await propose({ [page]: "new\n" })).toMatchObject({ exitCode: 2, ghCalls: "" });
    expect(await tip()).toBe(before);
  });
});

test("accepts a version, a changelog and released files", async () => {
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
      "✘ scripts/change.js: The branch spec-sync may not change it. Nothing was pushed: find what wrote this.\n",
    ],
  ])("handle %s and exit with %i", async (file, code, written) => {
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

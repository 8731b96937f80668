import { chmod, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { gitIn } from "./git.ts";
import { makeProject, write } from "./project.ts";
import { pullRequest } from "../pull-request.ts";
import { runVerb } from "./run-script.ts";

/** A clone in which nothing changed yet, and a gh that writes down what it is told. */
async function clone(openPullRequest = "") {
  const root = await makeProject({
    "gh/gh": `#!/bin/sh
echo "$@" >> "\${0%/*}/told"
case "$1 $2" in
  "pr list") echo ${openPullRequest} ;;
  "pr create" | "api --silent") cat >> "\${0%/*}/told" ;;
esac`,
    "work/spec/x/sources.json": "{}",
    "work/page.md": "old\n",
    "body.md": "What changed\n",
  });
  await chmod(join(root, "gh/gh"), 0o755);
  const work = join(root, "work");
  const git = gitIn(work);
  await git("init", "--quiet", "--initial-branch=main");
  await git("add", "--all");
  await git("commit", "--quiet", "--message=Begin");
  await git("clone", "--quiet", "--bare", ".", "../origin.git");
  await git("remote", "add", "origin", "file://" + join(root, "origin.git"));
  /** Proposes these files, on top of main; gives what gh was told. */
  const propose = async (files: Record<string, string>) => {
    await git("switch", "--quiet", "--discard-changes", "main");
    await rm(join(root, "gh/told"), { force: true });
    await write(work, files);
    // A gh of this test's own.
    vi.stubEnv("PATH", `${root}/gh:${process.env["PATH"]}`);
    const args = ["follow", "--title", "Follow", "--body-file", join(root, "body.md")];
    const { exitCode, stdout, stderr } = await runVerb(pullRequest, [...args, "--root", work]);
    vi.unstubAllEnvs();
    const output = stdout + stderr;
    const told = await readFile(join(root, "gh/told"), "utf8").catch(() => "");
    return { exitCode, output, told };
  };
  const tip = async () => (await git("ls-remote", "origin", "refs/heads/follow")).split("\t")[0];
  return { git, propose, tip };
}

const list = "auth setup-git\npr list --head follow --state open --json number --jq .[].number\n";
const pushed = list.replace("\n", "\nworkflow run ci.yml --ref follow\n");
const updated =
  "api --silent --method PATCH repos/{owner}/{repo}/pulls/7 -F body=@-\nWhat changed\n";

describe("a pull request", () => {
  test("is not made of nothing", async () => {
    const { propose, tip } = await clone();
    expect(await propose({})).toEqual({ exitCode: 0, output: "Nothing changed\n", told: "" });
    expect(await tip()).toBe("");
  });

  test("is opened with what changed, and CI is started on it", async () => {
    const { propose, git } = await clone();
    const { exitCode, output, told } = await propose({ "page.md": "new\n", "added.md": "" });
    expect(output).toBe("Opened a pull request from follow\n");
    expect(exitCode).toBe(0);
    expect(told).toBe(
      `${pushed}pr create --base main --head follow --title Follow --body-file -\nWhat changed\n`,
    );
    expect(await git("diff", "--name-only", "main", "follow")).toBe("added.md\npage.md");
    expect(await git("log", "-1", "--format=%an: %s", "follow")).toBe(
      "github-actions[bot]: Follow",
    );
  });

  test("stays the only one when more changes", async () => {
    const { propose, git } = await clone("7");
    await propose({ "page.md": "new\n" });
    const { output, told } = await propose({ "page.md": "newer\n" });
    expect(output).toBe("Pull request 7 from follow is up to date\n");
    expect(told).toBe(pushed + updated);
    expect(await git("show", "follow:page.md")).toBe("newer");
    expect(await git("rev-list", "--count", "main..follow")).toBe("1");
  });

  test("is not pushed again when only the time of the fetch is another", async () => {
    const { propose, tip } = await clone("7");
    await propose({ "page.md": "new\n", "spec/x/sources.json": '{ "retrieved": 1 }' });
    const before = await tip();
    const { told } = await propose({
      "page.md": "new\n",
      "spec/x/sources.json": '{ "retrieved": 2 }',
    });
    expect(told).toBe(list + updated);
    expect(await tip()).toBe(before);
  });

  test("is left alone when somebody else has committed to it", async () => {
    const { propose, git, tip } = await clone("7");
    await propose({ "page.md": "new\n" });
    await git("commit", "--quiet", "--allow-empty", "--message=Mend");
    await git("push", "--quiet", "origin", "follow");
    const before = await tip();
    const { exitCode, output } = await propose({ "page.md": "newer\n" });
    expect(output).toBe("Somebody works on follow: left it alone\n");
    expect(exitCode).toBe(0);
    expect(await tip()).toBe(before);
  });

  test("is not opened where git or gh fails, and says which", async () => {
    const { propose, git } = await clone();
    await git("remote", "set-url", "origin", "file:///nowhere.git");
    const { exitCode, output } = await propose({ "page.md": "new\n" });
    expect(output).toMatch(/^✘ git: ls-remote --heads origin follow failed: .+nowhere\.git/u);
    expect(exitCode).toBe(2);
  });
});

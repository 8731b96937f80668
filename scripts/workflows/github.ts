import { randomUUID } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isObject } from "../description/tree.ts";
import { gitIn } from "../command/git.ts";

/** What stands for GitHub: a bare repository on disk, and a program `gh` that logs its calls. */
export interface GitHub {
  /** The URL of the repository. */
  readonly origin: string;
  /** The tokens of jobs: only the one that writes can push and use gh. */
  readonly tokens: { readonly write: string; readonly read: string };
  /** All branches, with their commits. */
  refs(): Promise<string>;
  /** The files in which a branch differs from main. */
  filesOf(branch: string): Promise<readonly string[]>;
  read(branch: string, file: string): Promise<string>;
  ghCalls(): Promise<readonly GhCall[]>;
  /** The texts of the pull requests that were opened from a branch. */
  pullRequests(branch: string): Promise<readonly string[]>;
  /** Commits a file to main, as a maintainer does. */
  commit(file: string, text: string): Promise<void>;
  /** Merges a branch into main, as a maintainer does. */
  merge(branch: string): Promise<void>;
}

interface GhCall {
  readonly args: readonly string[];
  readonly input: string;
}

/**
 * Creates a repository with the files of the last commit of another. The public packages get the origin that
 * a release requires.
 *
 * @param from the folder or the URL of the other repository
 * @param bin the folder on PATH for gh
 */
export async function createGitHub(from: string, folder: string, bin: string): Promise<GitHub> {
  const clone = join(folder, "maintainer");
  const bare = join(folder, "origin.git");
  const calls = join(folder, "gh-calls");
  const origin = `file://${bare}`;
  const tokens = { write: `write-${randomUUID()}`, read: `read-${randomUUID()}` };

  const onlyLast = ["--depth=1", "--no-single-branch"];
  await gitIn(folder)("clone", "--quiet", "--no-local", ...onlyLast, from, clone);
  const git = gitIn(clone);
  // Without the history, which CI's checkout also lacks.
  const begin = await git("commit-tree", "HEAD^{tree}", "-m", "Begin");
  await git("switch", "--quiet", "--force-create", "main", begin);
  const manifests = await git("ls-files", "packages/*/package.json");
  for (const file of manifests.split("\n")) await giveOrigin(clone, file);
  const message = "--message=Say where the packages come from";
  // In a copy of such a repository, they already say so.
  await git("commit", "--quiet", "--all", "--allow-empty", message);
  await git("init", "--quiet", "--bare", "--initial-branch=main", bare);
  await git("remote", "set-url", "origin", origin);
  await git("push", "--quiet", "origin", "main");

  await writeFile(calls, "");
  // The hook gets the environment of git push, which must have the token of a job that may write.
  await writeProgram(
    join(bare, "hooks/pre-receive"),
    `#!/bin/sh
[ "\${GH_TOKEN-}" = ${tokens.write} ] && exit
echo "403: the token of this job cannot push" >&2
exit 1
`,
  );
  await writeProgram(
    join(bin, "gh"),
    `#!/usr/bin/env node
const { appendFileSync, readFileSync } = require("node:fs");
const args = process.argv.slice(2);
if (process.env.GH_TOKEN !== ${JSON.stringify(tokens.write)}) {
  console.error("gh: the token of this job cannot do this");
  process.exit(4);
}
const input = readFileSync(0, "utf8");
appendFileSync(${JSON.stringify(calls)}, JSON.stringify({ args, input }) + "\\n");
`,
  );

  // The maintainer's own push has no token of a job.
  const receivePack = `--receive-pack=env GH_TOKEN=${tokens.write} git-receive-pack`;
  const push = (): Promise<string> => git("push", "--quiet", receivePack, "origin", "main");
  const ghCalls = async (): Promise<readonly GhCall[]> => {
    const lines = (await readFile(calls, "utf8")).split("\n").filter((line) => line !== "");
    return lines.map((line): GhCall => JSON.parse(line));
  };
  return {
    origin,
    tokens,
    refs: () => git("ls-remote", "--heads", "origin"),
    async filesOf(branch) {
      await git("fetch", "--quiet", "origin");
      const range = ["origin/main", `origin/${branch}`];
      return (await git("diff", "--name-only", ...range)).split("\n").filter((file) => file !== "");
    },
    async read(branch, file) {
      await git("fetch", "--quiet", "origin");
      return git("show", `origin/${branch}:${file}`);
    },
    ghCalls,
    async pullRequests(branch) {
      const created = (await ghCalls()).filter(({ args }) =>
        args.join(" ").startsWith(`pr create --base main --head ${branch} `),
      );
      return created.map(({ input }) => input);
    },
    async commit(file, text) {
      await writeFile(join(clone, file), text);
      await git("add", file);
      await git("commit", "--quiet", `--message=Add ${file}`);
      await push();
    },
    async merge(branch) {
      await git("fetch", "--quiet", "origin");
      await git("merge", "--quiet", "--no-ff", "--message=Merge", `origin/${branch}`);
      await push();
    },
  };
}

async function giveOrigin(clone: string, file: string): Promise<void> {
  const manifest: unknown = JSON.parse(await readFile(join(clone, file), "utf8"));
  if (!isObject(manifest) || manifest["private"] === true) return;
  const url = "https://github.com/example/example";
  const directory = file.replace("/package.json", "");
  const origin = {
    repository: { type: "git", url: `git+${url}.git`, directory },
    homepage: `${url}/tree/main/${directory}#readme`,
    bugs: `${url}/issues`,
  };
  await writeFile(
    join(clone, file),
    `${JSON.stringify({ ...manifest, ...origin }, undefined, 2)}\n`,
  );
}

/** Writes a program that can be executed. */
export async function writeProgram(file: string, text: string): Promise<void> {
  await writeFile(file, text, { mode: 0o755 });
}

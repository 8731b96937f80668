import { readFile } from "node:fs/promises";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { childEnvironment } from "../command/environment.js";
import { runProgram } from "../command/program.js";
import { isObject, type Json } from "../description/tree.ts";
import { gitIn } from "../command/git.ts";
import { repository } from "../command/repository.js";
import { write } from "../fixtures/project.ts";
import { readFolder } from "../command/read-folder.ts";
import { makeProject } from "../test/project.ts";
import { startRemoteCache } from "./server.ts";

const settings: unknown = ts.readConfigFile(join(repository, "turbo.json"), ts.sys.readFile).config;
const manifest: unknown = JSON.parse(await readFile(join(repository, "package.json"), "utf8"));
if (!isObject(settings) || !isObject(manifest)) throw new Error("The repository has no settings");
const { remoteCache = null } = settings;
const { devEngines = null } = manifest;

const token = "a-token-of-the-team";
const key = "a-key-that-the-server-never-sees";

const turboJson = (cache: Json): string =>
  JSON.stringify({ remoteCache: cache, tasks: { build: { outputs: ["dist/**"] } } });

/** Creates a tiny workspace with this repository's settings for the remote cache, and a cache server. */
async function team() {
  // The build depends on a file outside the workspace that no hash covers, so two builds can differ.
  const root = await makeProject({ outside: "good\n" });
  const build = (name: string): string =>
    `mkdir -p dist && cp ${root}/outside dist/ && echo ${name} >> ${root}/ran`;
  const member = (name: string): string =>
    JSON.stringify({ name, version: "0.0.0", private: true, scripts: { build: build(name) } });
  await write(join(root, "origin"), {
    "package.json": JSON.stringify({ private: true, devEngines }),
    "pnpm-workspace.yaml": "packages: [packages/*]\n",
    "pnpm-lock.yaml":
      "lockfileVersion: '9.0'\n\nimporters:\n\n  .: {}\n\n  packages/a: {}\n\n  packages/b: {}\n",
    "turbo.json": turboJson(remoteCache),
    "packages/a/package.json": member("a"),
    "packages/b/package.json": member("b"),
    ".gitignore": "dist\n.turbo\n",
  });
  const git = gitIn(join(root, "origin"));
  await git("init", "--quiet");
  await git("add", "--all");
  await git("commit", "--quiet", "--message=Begin");

  const { url, artifacts } = await startRemoteCache(token);
  const remote = {
    TURBO_API: url,
    TURBO_TEAM: "team",
    TURBO_TOKEN: token,
    TURBO_REMOTE_CACHE_SIGNATURE_KEY: key,
  };

  let clones = 0;
  /** Builds in a fresh clone. Returns the builds that ran, and their output. */
  const buildFresh = async (env: Record<string, string>, cache = remoteCache) => {
    clones += 1;
    const clone = `clone${clones}`;
    await git("clone", "--quiet", ".", join(root, clone));
    await write(root, { ran: "", [`${clone}/turbo.json`]: turboJson(cache) });
    const { exitCode, output } = await turbo(join(root, clone), env);
    const ran = await readFile(join(root, "ran"), "utf8");
    const files = Object.entries(await readFolder(join(root, clone), "packages"));
    const built = files.filter(([file]) => file.includes("/dist/"));
    return {
      output,
      exitCode,
      ran: ran.split("\n").filter(Boolean).toSorted(),
      built: Object.fromEntries(built.map(([file, bytes]) => [file, String(bytes)])),
    };
  };
  return { root, remote, artifacts, buildFresh };
}

async function turbo(
  cwd: string,
  remote: Record<string, string>,
): Promise<{ exitCode: number; output: string }> {
  const env = childEnvironment({ HOME: cwd, ...remote });
  const args = ["run", "build", "--no-update-notifier"];
  const { exitCode, stdout, stderr } = await runProgram("turbo", args, { cwd, env });
  return { exitCode, output: stdout + stderr };
}

const built = { "packages/a/dist/outside": "good\n", "packages/b/dist/outside": "good\n" };
const evil = { "packages/a/dist/outside": "evil\n", "packages/b/dist/outside": "evil\n" };
const everything = { exitCode: 0, ran: ["a", "b"], built };
const nothing = { exitCode: 0, ran: [], built };

test("a fresh clone gets everything from the cache and runs nothing", async () => {
  const { remote, buildFresh } = await team();
  expect(await buildFresh(remote)).toMatchObject(everything);
  expect(await buildFresh(remote)).toMatchObject(nothing);
});

test("a wrong token can neither read nor store artifacts", async () => {
  const { remote, artifacts, buildFresh } = await team();
  const wrong = { ...remote, TURBO_TOKEN: "a-wrong-token" };
  await buildFresh(wrong);
  expect(artifacts.size).toBe(0);
  await buildFresh(remote);
  const { output, ...refused } = await buildFresh(wrong);
  expect(refused).toEqual(everything);
  expect(output).toContain("401 Unauthorized");
});

test("rejects artifacts signed with another key, and would accept them without signatures", async () => {
  const { root, remote, buildFresh } = await team();
  await write(root, { outside: "evil\n" });
  await buildFresh({ ...remote, TURBO_REMOTE_CACHE_SIGNATURE_KEY: "a-key-of-somebody-else" });
  await write(root, { outside: "good\n" });
  expect(await buildFresh(remote, { signature: false })).toMatchObject({ ran: [], built: evil });
  expect(await buildFresh(remote)).toMatchObject(everything);
});

test("rejects artifacts tampered with in the store, and would accept them without signatures", async () => {
  const { root, remote, artifacts, buildFresh } = await team();
  await buildFresh(remote);
  const good = new Map(artifacts);
  await write(root, { outside: "evil\n" });
  await buildFresh({ ...remote, TURBO_REMOTE_CACHE_SIGNATURE_KEY: "a-key-of-somebody-else" });
  await write(root, { outside: "good\n" });
  expect(good.size).toBe(2);
  for (const [hash, { tag }] of good) {
    const { body = Buffer.of() } = artifacts.get(hash) ?? {};
    expect(body).not.toEqual(good.get(hash)?.body);
    artifacts.set(hash, { body, tag });
  }

  expect(await buildFresh(remote, { signature: false })).toMatchObject({ ran: [], built: evil });
  expect(await buildFresh(remote)).toMatchObject(everything);
});

test.each<[what: string, withoutKey: (remote: Record<string, string>) => Record<string, string>]>([
  ["the key", ({ TURBO_REMOTE_CACHE_SIGNATURE_KEY: _key, ...rest }) => rest],
  ["a remote cache", () => ({})],
])("builds without %s", async (_what, withoutKey) => {
  const { remote, artifacts, buildFresh } = await team();
  expect(await buildFresh(withoutKey(remote))).toMatchObject(everything);
  expect(artifacts.size).toBe(0);
});

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { CommandError } from "../../command/problem.js";
import type { Stage } from "../../command/define-command.js";
import type { ReleasedPackage } from "../../packages/client-packages.ts";
import { rehearse } from "../../release/rehearse.ts";
import { gitIn } from "../../command/git.ts";
import { runProgram } from "../../command/program.js";
import { listen } from "../listen.ts";
import { write, type Files } from "../../fixtures/project.ts";
import { makeProject, commandErrorOf } from "../project.ts";

// The checks before the build. .ci/run runs the complete rehearsal.

const manifest = {
  repository: {
    type: "git",
    url: "git+https://github.com/example/example.git",
    directory: "packages/client",
  },
  homepage: "https://example.com/",
  bugs: { url: "https://example.com/issues" },
};

const client = {
  name: "@audit-logs/client",
  version: "0.1.0",
  folder: "packages/client",
  api: "x",
  manifest,
};

/** A clone whose npm uses the given registry. */
async function makeClone(registry: string, changes: Files = {}): Promise<string> {
  const root = await makeProject({
    "package.json": "{}",
    ".npmrc": `registry=${registry}`,
    "packages/client/package.json": JSON.stringify(manifest),
  });
  const git = gitIn(root);
  await git("init");
  await git("add", ".");
  await git("commit", "-m", "A");
  await write(root, changes);
  return root;
}

interface Rehearsal {
  readonly stop: CommandError;
  readonly stages: readonly string[];
}

const never = new AbortController().signal;

async function run(
  root: string,
  interrupt = never,
  anyVersion = false,
  packages: readonly ReleasedPackage[] = [client],
): Promise<Rehearsal> {
  const stages: string[] = [];
  const stage: Stage = async (name, step) => {
    const result = await step();
    stages.push(name);
    return result;
  };
  const work = rehearse(root, packages, interrupt, stage, { anyVersion });
  return { stop: await commandErrorOf(work), stages };
}

test("exits with 2 at a dirty work tree, without a request to the registry", async () => {
  const { url, requests } = await listen((_request, response) => response.end());
  const root = await makeClone(url, { "new.ts": "", "package.json": "{ }" });
  await gitIn(root)("config", "status.showUntrackedFiles", "no");
  const { stop, stages } = await run(root);
  expect(stop.message).toBe(
    "package.json: It is not committed. Commit or stash it.\n" +
      "new.ts: It is not committed. Commit or stash it.",
  );
  expect({ exitCode: stop.exitCode, stages, requests }).toEqual({
    exitCode: 2,
    stages: [],
    requests: [],
  });
});

test("exits with 2 if there is no commit", async () => {
  const root = await makeProject({ "packages/client/package.json": "{}" });
  const { stop } = await run(root);
  expect(stop.message).toMatch(
    /^git status .+: It exited with 128: fatal: not a git repository.+\. Run it as the owner of a clone that has a commit\.$/u,
  );
  expect(stop.exitCode).toBe(2);
});

/** The name of a package whose tarball the registry does not have. */
const gone = "@audit-logs/gone";

/** A registry that has version 0.1.0 of these packages. */
async function startRegistry(root: string, ...names: readonly string[]) {
  await write(root, { "package/package.json": '{ "name": "any", "version": "0.1.0" }' });
  await runProgram("tar", ["-czf", "any.tgz", "package"], { cwd: root });
  const tarball = await readFile(join(root, "any.tgz"));
  const { url, requests } = await listen(({ url: path = "" }, response) => {
    if (path === `/${gone}.tgz`) response.statusCode = 404;
    if (path.endsWith(".tgz")) return response.end(tarball);
    const name = decodeURIComponent(path).slice(1);
    if (!names.includes(name)) response.statusCode = 404;
    const dist = { tarball: `${url}/${name}.tgz` };
    const versions = { "0.1.0": { name, version: "0.1.0", dist } };
    return response.end(JSON.stringify({ name, "dist-tags": { latest: "0.1.0" }, versions }));
  });
  return { url, requests };
}

const mockServer = {
  ...client,
  name: "@audit-logs/mock-server",
  folder: "packages/mock-server",
  manifest: {
    ...manifest,
    repository: { ...manifest.repository, directory: "packages/mock-server" },
  },
};

test("exits with 1 if the registry has all versions", async () => {
  const { url } = await startRegistry(await makeProject({}), client.name, mockServer.name);
  const { stop } = await run(await makeClone(url), never, false, [client, mockServer]);
  expect(stop.message).toBe(
    "packages/: There is nothing to release: npm's registry has @audit-logs/client@0.1.0, @audit-logs/mock-server@0.1.0. Run pnpm release:version first, or rehearse without a release, with --any-version.",
  );
  expect(stop.exitCode).toBe(1);
});

test("downloads a package whose version is on the registry, and continues to the build of the others", async () => {
  const { url, requests } = await startRegistry(await makeProject({}), mockServer.name);
  const { stop, stages } = await run(await makeClone(url), never, false, [client, mockServer]);
  expect(stages.slice(3)).toEqual([
    "@audit-logs/mock-server: origin",
    "@audit-logs/mock-server: version",
    "@audit-logs/mock-server: download",
  ]);
  expect(requests.map(({ url: path }) => path)).toContain("/@audit-logs/mock-server.tgz");
  expect(stop.message).toMatch(/^pnpm build: /u);
});

test("exits with 2 if a package that is on the registry cannot be downloaded", async () => {
  const { url } = await startRegistry(await makeProject({}), gone);
  const packages = [client, { ...mockServer, name: gone }];
  const { stop } = await run(await makeClone(url), never, false, packages);
  expect(stop.message).toMatch(
    /^npm pack @audit-logs\/gone@0\.1\.0: It exited with 1: .*404.*\. Check that `npm ping` works here\.$/su,
  );
  expect(stop.exitCode).toBe(2);
});

test("continues to the build with a registry that does not have the version", async () => {
  const { url } = await listen((_request, response) => {
    response.statusCode = 404;
    response.end("{}");
  });
  const { stop, stages } = await run(await makeClone(url));
  expect(stages).toEqual([
    "clean work tree",
    "@audit-logs/client: origin",
    "@audit-logs/client: version",
  ]);
  // The clone has nothing to build.
  expect(stop.message).toMatch(/^pnpm build: It exited with 1: /u);
});

test("exits with 1 at packages that do not name their origin, and names all of them, without a request", async () => {
  const { url, requests } = await listen((_request, response) => response.end());
  const lacking = { ...client, manifest: { ...manifest, bugs: null } };
  const cli = { ...lacking, name: "@audit-logs/cli", folder: "packages/cli" };
  const { stop } = await run(await makeClone(url), never, false, [lacking, cli]);
  expect(requests).toEqual([]);
  expect(stop.problems.map(({ file, place }) => `${file} ${place}`)).toEqual([
    "packages/client/package.json #/bugs",
    "packages/cli/package.json #/repository",
    "packages/cli/package.json #/bugs",
  ]);
  expect(stop.exitCode).toBe(1);
});

test("checks neither version nor origin without a release", async () => {
  const { url, requests } = await listen((_request, response) => response.end());
  const lacking = { ...client, manifest: {} };
  const { stop, stages } = await run(await makeClone(url), never, true, [lacking]);
  expect({ stages, requests }).toEqual({ stages: ["clean work tree"], requests: [] });
  expect(stop.message).toMatch(/^pnpm build: /u);
});

test("exits with 2 at a registry that does not respond, and publishes nothing", async () => {
  const { url, requests } = await listen((request) => request.socket.destroy());
  const { stop, stages } = await run(await makeClone(url));
  expect(stop.message).toMatch(
    /^npm's registry: It did not report whether it has @audit-logs\/client@0\.1\.0: .+\. Check that `npm ping` works here; nothing was published\.$/u,
  );
  expect({ exitCode: stop.exitCode, stages }).toEqual({
    exitCode: 2,
    stages: ["clean work tree", "@audit-logs/client: origin"],
  });
  expect(new Set(requests.map(({ method }) => method))).toEqual(new Set(["GET"]));
});

test("begins no step after an interruption", async () => {
  const { url } = await listen((_request, response) => response.end());
  const interrupt = new AbortController();
  const stages: string[] = [];
  const stage: Stage = async (name, step) => {
    stages.push(name);
    const result = await step();
    interrupt.abort("received SIGINT");
    return result;
  };
  const work = rehearse(await makeClone(url), [client], interrupt.signal, stage);
  expect((await commandErrorOf(work)).message).toContain("It was interrupted: received SIGINT");
  expect(stages).toEqual(["clean work tree"]);
});

test("exits with 2 when interrupted, and stops the running program", async () => {
  const interrupt = new AbortController();
  // The registry never responds: only the interruption ends the wait.
  const { url } = await listen(() => interrupt.abort("received SIGINT"));
  const { stop } = await run(await makeClone(url), interrupt.signal);
  expect(stop.message).toBe("the rehearsal: It was interrupted: received SIGINT. Run it again.");
  expect(stop.exitCode).toBe(2);
});

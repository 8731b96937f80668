import { expect, test } from "vitest";
import type { CommandError } from "../../command/problem.ts";
import type { Stage } from "../../command/define-command.ts";
import type { ReleasedPackage } from "../../packages/client-packages.ts";
import { rehearse } from "../../release/rehearse.ts";
import { gitIn } from "../../command/git.ts";
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
  const { stop, stages } = await run(root);
  expect(stop.message).toBe(
    "package.json: The work tree has uncommitted changes. Commit it, or stash it.\n" +
      "new.ts: The work tree has uncommitted changes. Commit it, or stash it.",
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
  expect(stop.message).toMatch(/: It is not a git work tree with a commit\. /u);
  expect(stop.exitCode).toBe(2);
});

test("exits with 1 at a version that is on the registry", async () => {
  const { url } = await listen((_request, response) =>
    response.end(
      JSON.stringify({
        name: "@audit-logs/client",
        "dist-tags": { latest: "0.1.0" },
        versions: { "0.1.0": { name: "@audit-logs/client", version: "0.1.0" } },
      }),
    ),
  );
  const { stop, stages } = await run(await makeClone(url));
  expect(stop.message).toBe(
    "packages/client/package.json: Version 0.1.0 of @audit-logs/client is already on the registry. Raise the version.",
  );
  expect({ exitCode: stop.exitCode, stages }).toEqual({
    exitCode: 1,
    stages: ["clean work tree", "@audit-logs/client: origin"],
  });
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
    "@audit-logs/client: new version",
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
    /^npm's registry: The registry did not report whether it has @audit-logs\/client@0\.1\.0: .+\. Check that `npm ping` works here; nothing was published\.$/u,
  );
  expect({ exitCode: stop.exitCode, stages }).toEqual({
    exitCode: 2,
    stages: ["clean work tree", "@audit-logs/client: origin"],
  });
  expect(new Set(requests.map(({ method }) => method))).toEqual(new Set(["GET"]));
});

test("exits with 2 when interrupted, and stops the running program", async () => {
  const interrupt = new AbortController();
  // The registry never responds: only the interruption ends the wait.
  const { url } = await listen(() => interrupt.abort("received SIGINT"));
  const { stop } = await run(await makeClone(url), interrupt.signal);
  expect(stop.message).toBe("the rehearsal: It was interrupted: received SIGINT. Run it again.");
  expect(stop.exitCode).toBe(2);
});

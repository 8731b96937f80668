import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { releaseVersion } from "../release-version.ts";
import { makeProject, read, small, snapshot, type Files } from "./project.ts";
import { runVerb } from "./run-script.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));

const built: Files = {
  ...small,
  ".changeset/config.json": await readFile(join(repository, ".changeset/config.json")),
  "package.json": '{ "private": true }',
  "pnpm-workspace.yaml": "packages: [packages/*]\n",
  "packages/client/package.json":
    '{ "name": "@x/client", "version": "0.0.0", "generatedFrom": "x" }',
  "packages/client/dist/index.js": "",
  "packages/client/dist/index.d.ts": "export {};\n",
  "generated/x/openapi.json": "{}\n",
};

const changeset: Files = {
  ".changeset/tall-bees-sing.md": '---\n"@x/client": minor\n---\n\nFollow jobs.\n',
};

const version = (root: string) => runVerb(releaseVersion, ["--root", root]);

describe("a version", () => {
  test("is raised by pending changesets, and the release is stored", async () => {
    const root = await makeProject({ ...built, ...changeset });
    const { exitCode, stdout } = await version(root);
    expect(stdout).toBe("Stored what is released in packages/client/released/\n");
    expect(exitCode).toBe(0);
    const files = await read(root, "packages/client");
    expect(String(files["packages/client/package.json"])).toContain('"version": "0.1.0"');
    expect(String(files["packages/client/CHANGELOG.md"])).toContain(
      "## 0.1.0\n\n### Minor Changes\n\n- Follow jobs.",
    );
    expect(Object.keys(await read(root, "packages/client/released"))).toEqual([
      "packages/client/released/index.d.ts",
      "packages/client/released/openapi.json",
    ]);
    expect(Object.keys(await read(root, ".changeset"))).toEqual([".changeset/config.json"]);
  });

  test("stays the same without pending changesets", async () => {
    const root = await makeProject(built);
    const before = await read(root, "packages");
    expect(await version(root)).toMatchObject({ exitCode: 0 });
    expect(await read(root, "packages")).toEqual(before);
  });

  test("is not raised by a changeset of a package that does not exist", async () => {
    const wrong = {
      ".changeset/tall-bees-sing.md": '---\n"@x/other": minor\n---\n\nFollow jobs.\n',
    };
    const root = await makeProject({ ...built, ...wrong });
    const before = await snapshot(root);
    const { exitCode, stderr } = await version(root);
    expect(stderr).toMatch(
      /^✘ \.changeset\/: .*tall-bees-sing .*@x\/other.*\. Fix the changesets that it names\.\n$/u,
    );
    expect(exitCode).toBe(1);
    expect(await snapshot(root)).toEqual(before);
  });

  test("is not raised before the client is built", async () => {
    const {
      "packages/client/dist/index.js": _script,
      "packages/client/dist/index.d.ts": _types,
      ...source
    } = built;
    const root = await makeProject({ ...source, ...changeset });
    expect(await version(root)).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: "✘ packages/client/dist: The package is not built. Run pnpm build first.\n",
    });
    expect(Object.keys(await read(root, ".changeset"))).toHaveLength(2);
  });
});

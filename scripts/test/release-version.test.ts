import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readProject } from "../description/project.ts";
import { readClientPackages, readReleasedPackages } from "../packages/client-packages.ts";
import { releasePlan } from "../release-plan.ts";
import { releaseVersion } from "../release-version.ts";
import { read, small, type Files } from "../fixtures/project.ts";
import { makeProject } from "./project.ts";
import { repository } from "../command/repository.js";
import { runCommand } from "../command/run-script.ts";

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

const version = (root: string) => runCommand(releaseVersion, ["--root", root]);

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

  test.each<[what: string, changesets: Files, message: RegExp]>([
    [
      "for a private or an unknown package",
      {
        ".changeset/a.md": '---\n"@x/own": minor\n---\n\nA.\n',
        ".changeset/b.md": '---\n"@x/none": minor\n---\n\nB.\n',
      },
      /^✘ \.changeset\/a\.md: @x\/own is not a released package\. Name one of @x\/client, or remove it\.\n✘ \.changeset\/b\.md: @x\/none is not a released package/u,
    ],
    [
      "that is not a changeset",
      { ".changeset/a.md": "Just a text\n" },
      /^✘ \.changeset\/: .+ Received content: Just a text\. Fix the changeset with this content, or/u,
    ],
    [
      "with an unknown bump",
      { ".changeset/a.md": '---\n"@x/client": huge\n---\n\nA.\n' },
      /^✘ \.changeset\/: .*huge/u,
    ],
  ])(
    "is not raised by a changeset %s, and the plan's check finds it",
    async (_what, more, text) => {
      const own = { "packages/own/package.json": '{ "name": "@x/own", "private": true }' };
      const root = await makeProject({ ...built, ...own, ...changeset, ...more });
      const before = await read(root, "packages");
      for (const { exitCode, stderr } of [
        await version(root),
        await runCommand(releasePlan, ["--check", "--root", root]),
      ]) {
        expect(stderr).toMatch(text);
        expect(exitCode).toBe(1);
      }
      expect(await read(root, "packages")).toEqual(before);
    },
  );

  test("is not planned for a private client, which is judged all the same", async () => {
    const own =
      '{ "name": "@x/client", "version": "0.0.0", "generatedFrom": "x", "private": true }';
    const root = await makeProject({ ...built, "packages/client/package.json": own });
    const { exitCode, stdout } = await runCommand(releasePlan, ["--root", root]);
    expect(stdout).toBe("No package that is released is generated from an API\n");
    expect(exitCode).toBe(0);
    const project = await readProject(root);
    expect(await readReleasedPackages(project)).toEqual([]);
    expect(await readClientPackages(project)).toMatchObject([{ name: "@x/client" }]);
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

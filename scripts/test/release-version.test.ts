import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readProject } from "../description/project.ts";
import { readClientPackages, readReleasedPackages } from "../packages/client-packages.ts";
import { releasePlan } from "../release-plan.ts";
import { releaseVersion } from "../release-version.ts";
import { things, write, type Files } from "../fixtures/project.ts";
import { readFolder } from "../command/read-folder.ts";
import { afterGoodRun, snapshot } from "./project.ts";
import { repository } from "../command/repository.js";
import { gitIn } from "../command/git.ts";
import { runCommand, runScript } from "../command/run-script.ts";

const manifest = (version: string): string =>
  JSON.stringify({ name: "@x/client", version, generatedFrom: "x" });

const built: Files = {
  ".changeset/config.json": await readFile(join(repository, ".changeset/config.json")),
  "package.json": '{ "private": true }',
  "pnpm-workspace.yaml": "packages: [packages/*]\n",
  "packages/client/package.json": manifest("0.0.0"),
  "packages/client/dist/index.js": "",
  "packages/client/dist/index.d.ts": "export {};\n",
};

const planFile = ".changeset/client-api-description.md";
const planned: Files = {
  [planFile]: '---\n# judged: first release\n"@x/client": minor\n---\n\nThe first release.\n',
};
const changeset: Files = {
  ".changeset/tall-bees-sing.md": '---\n"@x/client": patch\n---\n\nFollow jobs.\n',
};

const version = (root: string, ...args: string[]) =>
  runCommand(releaseVersion, ["--root", root, ...args]);

describe("a version", () => {
  test("is raised by pending changesets, and the release alone is stored", async () => {
    const older = { "packages/client/released/removed-entry.d.ts": "" };
    const root = await afterGoodRun({ ...built, ...planned, ...changeset, ...older });
    const { exitCode, stdout } = await version(root);
    expect(stdout).toMatch(/\nStored what is released in packages\/client\/released\/\n$/u);
    expect(exitCode).toBe(0);
    const files = await readFolder(root, "packages/client");
    expect(String(files["packages/client/package.json"])).toContain('"version": "0.1.0"');
    expect(String(files["packages/client/CHANGELOG.md"])).toContain(
      "## 0.1.0\n\n### Minor Changes\n\n- The first release.\n\n### Patch Changes\n\n- Follow jobs.",
    );
    expect(Object.keys(await readFolder(root, "packages/client/released"))).toEqual([
      "packages/client/released/index.d.ts",
      "packages/client/released/openapi.json",
    ]);
    expect(Object.keys(await readFolder(root, ".changeset"))).toEqual([".changeset/config.json"]);
  });

  test("of a private package stays the same when a pre-release ends", async () => {
    const root = await afterRelease();
    const initialVersions = { "@x/client": "0.1.0", "@x/own": "0.0.0" };
    const pre = { mode: "exit", tag: "next", initialVersions, changesets: [] };
    const own = {
      "packages/own/package.json": '{ "name": "@x/own", "version": "0.0.0", "private": true }',
    };
    await write(root, { ...own, ...changeset, ".changeset/pre.json": JSON.stringify(pre) });
    const before = await readFolder(root, "packages/own");
    const { exitCode, stdout } = await version(root, "--json");
    expect(JSON.parse(stdout)).toMatchObject({ changed: ["packages/client"] });
    expect(exitCode).toBe(0);
    expect(await readFolder(root, "packages/own")).toEqual(before);
  });

  test("stays the same without pending changesets", async () => {
    const root = await afterRelease();
    const before = await readFolder(root, "packages");
    expect(await version(root)).toMatchObject({ exitCode: 0 });
    expect(await readFolder(root, "packages")).toEqual(before);
  });

  const later = things.replace("name:", "title:");
  const gone = "export declare const gone: string;\n";
  test.each<[what: string, files: Files, removed: string[], exitCode: number, message: RegExp]>([
    [
      "without the plan of a change",
      { "packages/client/released/index.d.ts": gone },
      [],
      1,
      /client-api-description\.md: It differs from the current plan\. Run pnpm release:plan\.\n$/u,
    ],
    [
      "with the plan of another change",
      { ...planned, "packages/client/released/index.d.ts": gone },
      [],
      1,
      /client-api-description\.md: It differs from the current plan\. Run pnpm release:plan\.\n$/u,
    ],
    [
      "with a plan of nothing",
      planned,
      [],
      1,
      /client-api-description\.md: There is nothing to release, so it should not exist\. /u,
    ],
    [
      "before a change is generated",
      { "spec/x/openapi.yaml": later },
      [],
      1,
      /generated\/x\/\S+: .+ Run pnpm generate/u,
    ],
    [
      "without a generated file",
      {},
      ["generated/x/openapi.json"],
      1,
      /generated\/x\/openapi\.json: .+ Run pnpm generate/u,
    ],
    [
      "before the client is built",
      {},
      ["packages/client/dist/index.d.ts"],
      2,
      /^✘ packages\/client\/dist: The package is not built\. Run pnpm build first\.\n$/u,
    ],
    [
      "without the last release",
      {},
      ["packages/client/released"],
      1,
      /✘ packages\/client\/released\/openapi\.json: It does not exist, but @x\/client was released/u,
    ],
  ])("is not raised %s, and nothing changes", async (_what, files, removed, exitCode, message) => {
    const root = await afterRelease();
    await write(root, { ...changeset, ...files });
    for (const file of removed) await rm(join(root, file), { recursive: true });
    const before = await snapshot(root);
    const result = await version(root);
    expect(result.stderr).toMatch(message);
    expect(result.exitCode).toBe(exitCode);
    expect(await snapshot(root)).toEqual(before);
  });

  test("is not raised if its report cannot be written, and nothing changes", async () => {
    const root = await afterGoodRun({ ...built, ...planned });
    const before = await snapshot(root);
    const { exitCode, stderr } = await version(root, "--report", join(root, "none/report.md"));
    expect(stderr).toMatch(/none\/report\.md: The file or its folder does not exist/u);
    expect(exitCode).toBe(2);
    expect(await snapshot(root)).toEqual(before);
  });

  test("is not raised in a shallow clone, which may lack the changesets' commits, and nothing changes", async () => {
    const root = await afterGoodRun({ ...built, ...planned });
    const git = gitIn(root);
    await git("init", "--quiet");
    await git("commit", "--quiet", "--allow-empty", "--message=Begin");
    await write(root, { ".git/shallow": `${await git("rev-parse", "HEAD")}\n` });
    const before = await snapshot(root);
    const { exitCode, stderr } = await version(root);
    expect(stderr).toMatch(
      /^✘ \.git\/shallow: The clone is shallow, .+ Run git fetch --unshallow\.\n$/u,
    );
    expect(exitCode).toBe(2);
    expect(await snapshot(root)).toEqual(before);
  });

  test("is raised completely if a signal comes after the first file", async () => {
    // Formats the changelog, which is written after the version.
    const formatter = `exports.resolveConfig = () => null;
exports.format = (text) => { process.kill(process.pid, "SIGINT"); return text; };`;
    const root = await afterGoodRun({
      ...built,
      ...planned,
      "node_modules/prettier/index.js": formatter,
    });
    const interrupted = runScript("run.js", ["release-version", "--root", root]);
    await expect(interrupted).rejects.toMatchObject({ signal: "SIGINT" });
    expect(Object.keys(await readFolder(root, ".changeset"))).toEqual([".changeset/config.json"]);
    expect(Object.keys(await readFolder(root, "packages/client"))).toEqual(
      expect.arrayContaining([
        "packages/client/CHANGELOG.md",
        "packages/client/released/openapi.json",
      ]),
    );
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
      const root = await afterGoodRun({ ...built, ...planned, ...own, ...more });
      const before = await readFolder(root, "packages");
      for (const { exitCode, stderr } of [
        await version(root),
        await runCommand(releasePlan, ["--check", "--root", root]),
      ]) {
        expect(stderr).toMatch(text);
        expect(exitCode).toBe(1);
      }
      expect(await readFolder(root, "packages")).toEqual(before);
    },
  );

  test("is not planned for a private client, which is judged all the same", async () => {
    const own =
      '{ "name": "@x/client", "version": "0.0.0", "generatedFrom": "x", "private": true }';
    const root = await afterGoodRun({ ...built, "packages/client/package.json": own });
    const { exitCode, stdout } = await runCommand(releasePlan, ["--root", root]);
    expect(stdout).toBe("No package that is released is generated from an API\n");
    expect(exitCode).toBe(0);
    const project = await readProject(root);
    expect(await readReleasedPackages(project)).toEqual([]);
    expect(await readClientPackages(project)).toMatchObject([{ name: "@x/client" }]);
  });
});

/** A project whose first release is merged. */
async function afterRelease(): Promise<string> {
  const root = await afterGoodRun({ ...built, ...planned });
  expect(await version(root)).toMatchObject({ exitCode: 0 });
  return root;
}

import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { parse } from "../description/read.ts";
import { specDiff } from "../spec-diff.ts";
import { small, things, write, type Files } from "../fixtures/project.ts";
import { makeProject } from "./project.ts";
import { runCommand } from "../command/run-script.ts";

const manifest = '{ "name": "@x/client", "version": "0.0.0", "generatedFrom": "x" }';
const released = manifest.replace("0.0.0", "0.1.0");
const files = ["--base", "base.yaml", "--revision", "revision.yaml"];

/** Runs the command on two files in a temporary folder, which is removed from its output. */
async function diff(
  base: string,
  revision: string,
  args: readonly string[] = ["--json"],
  env: Readonly<Record<string, string>> = {},
): Promise<{ exitCode: unknown; stdout: string; stderr: string }> {
  const root = await makeProject({
    "base.yaml": base,
    "revision.yaml": revision,
    "redocly.yaml": "extends: []\n",
  });
  const paths = files.map((arg) => (arg.endsWith(".yaml") ? join(root, arg) : arg));
  const all = [...paths, ...args.map((arg) => (arg === "ROOT" ? root : arg))];
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const { exitCode, stdout, stderr } = await runCommand(specDiff, all);
  vi.unstubAllEnvs();
  const strip = (text: string): string => text.replaceAll(`${root}/`, "");
  return { exitCode, stdout: strip(stdout), stderr: strip(stderr) };
}

describe("the command", () => {
  test("prints the bump and its reasons", async () => {
    const { exitCode, stdout, stderr } = await diff(things, things.replace("name:", "title:"), []);
    expect(stdout.replaceAll(/\d+ ms/gu, "… ms")).toBe(`✔ base … ms
✔ revision … ms
✔ witnesses … ms
major
  major GET /things responses.200.content.application/json.name: Property \`name\` of \`Thing\` was removed. (property-removed)
  major GET /things responses.200.content.application/json.name: It was removed (result-removed)
  minor GET /things responses.200.content.application/json.title: \`title\` was added (other-added)
  minor GET /things responses.200.content.application/json.title: It was added (result-added)
`);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  });

  test("prints them as one JSON object with --json", async () => {
    const revision = things.replace("  /things:", "  /items:");
    const { exitCode, stdout } = await diff(things, revision);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      bump: "major",
      reasons: [
        {
          bump: "major",
          witness: "diff",
          rule: "path-removed",
          where: "paths./things",
          message: "Path `/things` was removed.",
        },
        {
          bump: "major",
          witness: "types",
          rule: "operation-removed",
          where: "GET /things",
          message: "It was removed",
        },
        { bump: "minor", witness: "diff", rule: "other-added", where: "paths./items" },
        { bump: "minor", witness: "types", rule: "operation-added", where: "GET /items" },
      ],
    });
    expect(exitCode).toBe(0);
  });

  test("names the invalid file, the place and the reason", async () => {
    const { exitCode, stderr } = await diff(
      things,
      things.replace("type: string", "type: text"),
      [],
    );
    expect(stderr).toMatch(
      /^✘ revision\.yaml #\/components\/schemas\/Thing\/properties\/name\/type: The revision cannot be judged: .+\(struct\)\./u,
    );
    expect(exitCode).toBe(1);
  });

  const fields = ["a", "b", "c", "d", "e"].map((name) => `        ${name}: { type: text }\n`);
  test.each<[revision: string, end: RegExp]>([
    [`${things}${fields.join("")}`, /struct has 5 findings; .+\. Correct them\.\n$/u],
    [things.replace("type: string", "type: text"), /\(struct\)\. Correct it\.\n$/u],
    [things.replace(/3\.\d\.\d/u, "3.2.0\n$self: /a"), /\. Express it in OpenAPI 3\.1\.\n$/u],
    [
      things.replace("type: string", "$ref: '#/info/title'"),
      /\. Copy its target under components and refer to it there\.\n$/u,
    ],
  ])("offers no overlay action for a file", async (revision, end) => {
    expect((await diff(things, revision, [])).stderr).toMatch(end);
  });

  test("accepts servers whose URLs differ in a trailing slash", async () => {
    const [base = "", revision = ""] = ["", "/"].map((end) =>
      things.replace("paths:", `servers: [{ url: https://things.example${end} }]\npaths:`),
    );
    const { exitCode, stdout } = await diff(base, revision);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, bump: "none", reasons: [] });
    expect(exitCode).toBe(0);
  });

  test("holds at an invalid file", async () => {
    const { exitCode, stdout } = await diff("openapi: 3.1.0\npaths: {}\n", things);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      bump: "hold",
      reasons: [{ bump: "hold", witness: "base", rule: "not-valid", where: "#/" }],
      problems: [{ file: "base.yaml" }],
    });
    expect(exitCode).toBe(1);
  });

  test("holds when types that lint accepts cannot be compared", async () => {
    const malformed = things.replace(/type: object\n[^]+/u, "properties: { name: text }\n");
    const { exitCode, stdout } = await diff(things, malformed, ["--json", "--root", "ROOT"]);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      bump: "hold",
      reasons: [{ bump: "hold", witness: "types", rule: "witness-failed" }],
    });
    expect(exitCode).toBe(1);
  });

  test("holds when redocly diff fails for lack of a temporary folder", async () => {
    const changed = things.replace("name:", "title:");
    const { exitCode, stdout } = await diff(things, changed, ["--json"], { TMPDIR: "/nowhere" });
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      bump: "hold",
      reasons: [{ bump: "hold", witness: "diff", rule: "witness-failed" }],
    });
    expect(exitCode).toBe(1);
  });

  test("exits with 2 at a missing file", async () => {
    const missing = files.map((arg) => (arg.endsWith(".yaml") ? `/nowhere/${arg}` : arg));
    const { exitCode, stderr } = await runCommand(specDiff, missing);
    expect(stderr).toMatch(/^✘ \/nowhere\/base\.yaml: The file does not exist\. Give .+ --base/u);
    expect(exitCode).toBe(2);
  });

  test("exits with 2 at a base without a revision", async () => {
    const { exitCode, stderr } = await runCommand(specDiff, ["--base", "a.yaml"]);
    expect(stderr).toMatch(/^✘ command line: It takes both a base and a revision/u);
    expect(exitCode).toBe(2);
  });

  test("compares the generated and built files with the last release", async () => {
    const description = JSON.stringify(parse("things.yaml", things));
    const root = await makeProject({
      ...small,
      "generated/x/openapi.json": description,
      "packages/client/package.json": released,
      "packages/client/released/openapi.json": description,
      "packages/client/released/index.d.ts": "export declare const a: string, b: string;\n",
      "packages/client/dist/index.d.ts": "export declare const a: string;\n",
    });
    const { exitCode, stdout } = await runCommand(specDiff, ["x", "--json", "--root", root]);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      packages: [
        {
          name: "@x/client",
          bump: "major",
          reasons: [{ witness: "types", rule: "export-removed", where: "index.d.ts b" }],
        },
      ],
    });
    expect(exitCode).toBe(0);
  });

  test("reports the exports of a new entry point as added", async () => {
    const description = JSON.stringify(parse("things.yaml", things));
    const index = "export declare const a: string;\n";
    const root = await makeProject({
      ...small,
      "generated/x/openapi.json": description,
      "packages/client/package.json": released,
      "packages/client/released/openapi.json": description,
      "packages/client/released/index.d.ts": index,
      "packages/client/dist/index.d.ts": index,
      "packages/client/dist/node.d.ts": "export declare const b: string;\n",
    });
    const { stdout } = await runCommand(specDiff, ["x", "--json", "--root", root]);
    expect(JSON.parse(stdout)).toMatchObject({
      packages: [{ bump: "minor", reasons: [{ rule: "export-added", where: "node.d.ts b" }] }],
    });
  });

  test.each<[what: string, files: Files, fault: string]>([
    ["its description", {}, "openapi.json: It does not exist"],
    [
      "a valid description",
      { "openapi.json": "{}", "index.d.ts": "" },
      "openapi.json: It is no OpenAPI description",
    ],
    [
      "its declarations",
      { "openapi.json": JSON.stringify(parse("things.yaml", things)) },
      "index.d.ts: It does not exist",
    ],
  ])("stops at a release without %s, instead of taking all for new", async (_what, last, fault) => {
    const root = await makeProject({
      ...small,
      "packages/client/package.json": released,
      "packages/client/dist/index.d.ts": "export {};\n",
    });
    await write(join(root, "packages/client/released"), last);
    expect(await runCommand(specDiff, ["--root", root])).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: `✘ packages/client/released/${fault}, but @x/client was released as 0.1.0. Restore packages/client/released/ from the commit of that release; after pnpm release:version was killed, run git restore packages .changeset.\n`,
    });
  });

  test("compares a private package with nothing, whatever its version", async () => {
    const root = await makeProject({
      ...small,
      "packages/client/package.json": JSON.stringify({ ...JSON.parse(released), private: true }),
    });
    const { exitCode, stdout } = await runCommand(specDiff, ["--json", "--root", root]);
    expect([exitCode, JSON.parse(stdout)]).toMatchObject([
      0,
      { packages: [{ name: "@x/client" }] },
    ]);
  });

  test("proposes 0.1.0 before the first release", async () => {
    const root = await makeProject({ ...small, "packages/client/package.json": manifest });
    const { exitCode, stdout } = await runCommand(specDiff, ["--json", "--root", root]);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      packages: [{ name: "@x/client", bump: "minor", release: "0.1.0" }],
    });
    expect(exitCode).toBe(0);
  });
});

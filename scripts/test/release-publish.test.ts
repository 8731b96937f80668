import { chmod, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { integrityOf } from "../command/digest.js";
import { runProgram } from "../command/program.js";
import { releasePending } from "../release-pending.js";
import { releasePublish } from "../release-publish.js";
import { listen } from "./listen.ts";
import { write, type Files } from "../fixtures/project.ts";
import { makeProject } from "./project.ts";
import { runScript, runCommandWith, type ScriptResult } from "../command/run-script.ts";

const manifest = (name: string, version: string, more = {}): string =>
  JSON.stringify({ name, version, ...more });

const packages: Files = {
  ".changeset/README.md": "",
  "packages/new/package.json": manifest("@x/new", "1.1.0"),
  "packages/old/package.json": manifest("@x/old", "1.0.0"),
  "packages/never/package.json": manifest("@x/never", "0.0.0"),
  "packages/own/package.json": manifest("@x/own", "1.0.0", { private: true }),
  // As another branch leaves it.
  "packages/left/dist/index.js": "",
};

/** A repository with a packed version, and a fake npm that knows version 1.0.0 of everything. */
async function makeRehearsed(
  environment: (root: string) => Promise<Record<string, string>> = (root) =>
    fakeNpm(root, "11.15.0"),
) {
  const root = await makeProject({
    ...packages,
    "package/package.json": manifest("@x/new", "1.1.0"),
  });
  const env = await environment(root);
  const pack = async (packed?: string): Promise<string> => {
    if (packed !== undefined) await write(root, { "package/package.json": packed });
    await runProgram("tar", ["-czf", "new.tgz", "package"], { cwd: root });
    return `new.tgz=${integrityOf(await readFile(join(root, "new.tgz")))}`;
  };
  return {
    root,
    pack,
    tarballs: await pack(),
    npmCall: () => readFile(join(root, "call"), "utf8"),
    pending: (...args: string[]): Promise<ScriptResult> =>
      runCommandWith(env, releasePending, [...args, "--root", root]),
    publish: (list: string, ...args: string[]): Promise<ScriptResult> =>
      runCommandWith(env, releasePublish, [root, list, "--root", root, ...args]),
  };
}

/** A fake npm that logs the publish command. */
async function fakeNpm(
  root: string,
  version: string,
  { publish = `echo "$@" > ${root}/call`, absent = "E404" } = {},
) {
  await write(root, {
    "bin/npm": `#!/bin/sh
case "$1 $2" in
"--version ") echo ${version} ;;
view*@1.0.0) echo '"1.0.0"' ;;
view*) echo '{ "error": { "code": "${absent}" } }'; exit 1 ;;
*) ${publish} ;;
esac`,
  });
  await chmod(join(root, "bin/npm"), 0o755);
  return { PATH: `${root}/bin:${process.env["PATH"]}` };
}

/** The real npm, whatever its version, with a registry that has 1.0.0 of everything. */
const registry =
  (status = 200) =>
  async (root: string) => {
    const { url } = await listen((request, response) => {
      const name = decodeURIComponent(request.url ?? "").slice(1);
      const versions = { "1.0.0": { name, version: "1.0.0" } };
      response
        .writeHead(status)
        .end(JSON.stringify({ name, "dist-tags": { latest: "1.0.0" }, versions }));
    });
    const path = process.env["PATH"];
    await write(root, {
      "bin/npm": `#!/bin/sh
[ "$1" = --version ] && echo 11.15.0 || PATH="${path}" exec npm "$@"`,
    });
    await chmod(join(root, "bin/npm"), 0o755);
    return {
      PATH: `${root}/bin:${path}`,
      npm_config_registry: url,
      npm_config_cache: join(root, "cache"),
    };
  };

describe("the pending release", () => {
  test("has the versions that the registry lacks, with digests once they are packed", async () => {
    const { root, pending, tarballs } = await makeRehearsed(registry());
    const file = join(root, "output");
    expect(await pending(root, "--output", file)).toMatchObject({
      exitCode: 0,
      output: "@x/new@1.1.0\n",
    });
    expect(await readFile(file, "utf8")).toBe(`pending=true\ntarballs=${tarballs}\n`);
  });

  test("stops at a version that has no tarball", async () => {
    const { root, pack, pending } = await makeRehearsed();
    await pack(manifest("@x/new", "1.0.9"));
    const { exitCode, output } = await pending(root, "--output", join(root, "output"));
    expect(output).toMatch(/^✘ @x\/new@1\.1\.0: Its tarball is not in .+\. Rehearse again\.\n$/u);
    expect(exitCode).toBe(1);
    await expect(readFile(join(root, "output"))).rejects.toThrow(/ENOENT/u);
  });

  test("is empty while a changeset is pending", async () => {
    const { root, pending } = await makeRehearsed();
    await write(root, { ".changeset/tall-bees-sing.md": "" });
    const file = join(root, "output");
    expect(await pending("--output", file)).toMatchObject({
      exitCode: 0,
      output: "Nothing to publish\n",
    });
    expect(await readFile(file, "utf8")).toBe("pending=false\ntarballs=\n");
  });

  test("has a pre-release, whose changesets stay for the next release", async () => {
    const { root, pending } = await makeRehearsed();
    const pre = { mode: "pre", changesets: ["tall-bees-sing"] };
    await write(root, {
      ".changeset/tall-bees-sing.md": "",
      ".changeset/pre.json": JSON.stringify(pre),
    });
    expect((await pending()).output).toBe("@x/new@1.1.0\n");
    await write(root, { ".changeset/pre.json": JSON.stringify({ ...pre, mode: "exit" }) });
    expect((await pending()).output).toBe("Nothing to publish\n");
  });

  test("has every package that was never published", async () => {
    const { pending } = await makeRehearsed(registry(404));
    expect((await pending()).output.split("\n").toSorted()).toEqual([
      "",
      "@x/new@1.1.0",
      "@x/old@1.0.0",
    ]);
  });

  test("is unknown if the registry does not respond", async () => {
    const { pending } = await makeRehearsed(registry(503));
    const { exitCode, output } = await pending();
    expect(output).toMatch(
      /^✘ npm's registry: It did not report whether it has @x\/\w+@1\.\d\.0: .*E503.*\n$/u,
    );
    expect(exitCode).toBe(2);
  });
});

describe("publishing", () => {
  test("runs npm's dry run", async () => {
    const { publish, tarballs } = await makeRehearsed(registry());
    const { exitCode, output } = await publish(tarballs, "--direct", "--dry-run");
    expect(output).toContain("+ @x/new@1.1.0");
    expect(output).toContain("Not sent because of --dry-run: @x/new@1.1.0\n");
    expect(exitCode).toBe(0);
  });

  test.each<[how: string, args: string[], command: string, output: RegExp]>([
    [
      "stages",
      [],
      "stage publish",
      /^Staged: @x\/new@1\.1\.0\nApprove it: npm stage list @x\/new, then npm stage approve/u,
    ],
    ["publishes at once", ["--direct"], "publish", /^Published: @x\/new@1\.1\.0\n$/u],
  ])(
    "%s the given tarball, with provenance, and leaves the tag latest to npm",
    async (_how, args, command, expected) => {
      const { root, publish, tarballs, npmCall } = await makeRehearsed();
      const { exitCode, output } = await publish(tarballs, ...args);
      expect(await npmCall()).toBe(`${command} ${root}/new.tgz --provenance --access public\n`);
      expect(output).toMatch(expected);
      expect(exitCode).toBe(0);
    },
  );

  test.each([
    ["2.0.0-beta.1", "beta"],
    ["2.0.0-1", "next"],
    ["2.0.0-latest.1", "next"],
  ])("publishes the pre-release %s under the tag %s", async (version, tag) => {
    const { root, publish, pack, npmCall } = await makeRehearsed();
    const pre = manifest("@x/new", version);
    await write(root, { "packages/new/package.json": pre });
    await publish(await pack(pre));
    expect(await npmCall()).toContain(` --tag ${tag} `);
  });

  test.each<[what: string, dependencies: object, outcome: RegExp]>([
    ["sends the others", {}, /^Staged: @x\/old@1\.1\.0\n/mu],
    [
      "does not send those that depend on it",
      { "@x/new": "^1.1.0" },
      /^✘ @x\/old@1\.1\.0: It was not sent, because it depends on @x\/new\. Once that is published, re-run all jobs, or repeat this with only this tarball\.\n/mu,
    ],
  ])("%s if the registry refuses one", async (_what, dependencies, outcome) => {
    const { root, publish, pack, tarballs } = await makeRehearsed((folder) =>
      fakeNpm(folder, "11.15.0", {
        publish: `case "$3" in *new.tgz) echo "npm error code E409" >&2; exit 1 ;; esac`,
      }),
    );
    const old = manifest("@x/old", "1.1.0", { dependencies });
    await write(root, { "packages/old/package.json": old });
    await runProgram("cp", ["new.tgz", "first.tgz"], { cwd: root });
    const second = (await pack(old)).replace("new.tgz", "second.tgz");
    await runProgram("mv", ["new.tgz", "second.tgz"], { cwd: root });
    await runProgram("mv", ["first.tgz", "new.tgz"], { cwd: root });
    const { exitCode, output } = await publish(`${second} ${tarballs}`);
    expect(output).toMatch(outcome);
    expect(output).toMatch(/✘ npm stage publish \S+new\.tgz .+ Is the version staged already\?/u);
    expect(output).not.toContain("Staged: @x/new");
    expect(exitCode).toBe(2);
  });

  test.each<[what: string, files: Files, from: string[]]>([
    ["two manifests", {}, ["package", "package"]],
    [
      "another folder",
      { "other/package.json": manifest("@x/other", "1.1.0") },
      ["package", "other"],
    ],
    ["no manifest", { "other/package.json": manifest("@x/new", "1.1.0") }, ["other"]],
  ])("stops at a tarball with %s", async (_what, files, from) => {
    const { root, publish, npmCall } = await makeRehearsed();
    await write(root, files);
    await runProgram("tar", ["-czf", "new.tgz", ...from], { cwd: root });
    const { exitCode, output } = await publish("new.tgz=sha512-any");
    expect(output).toMatch(
      /new\.tgz: It is not the tarball of one package, with everything in package\/\./u,
    );
    expect(exitCode).toBe(1);
    await expect(npmCall()).rejects.toThrow(/ENOENT/u);
  });

  test.each<[version: string, args: string[], floor: string]>([
    ["11.14.9", [], "11.15.0"],
    ["10.9.9", ["--direct"], "11.5.1"],
  ])("stops at npm %s, which is too old", async (version, args, floor) => {
    const { publish, tarballs } = await makeRehearsed((root) => fakeNpm(root, version));
    const { exitCode, output } = await publish(tarballs, ...args);
    expect(output).toContain(`✘ npm ${version}: It is too old. Use ${floor} or later`);
    expect(exitCode).toBe(2);
  });

  test.each<[code: string, remedy: string]>([
    ["E403", "Is this workflow allowed to do this"],
    ["ENEEDAUTH", "Does the registry trust this workflow"],
    ["E409", "Is the version staged already?"],
    ["E422", "Is the repository public"],
  ])("gives a remedy if the registry responds with %s", async (code, remedy) => {
    const { publish, tarballs } = await makeRehearsed((root) =>
      fakeNpm(root, "11.15.0", { publish: `echo "npm error code ${code}" >&2; exit 1` }),
    );
    const { exitCode, output } = await publish(tarballs);
    expect(output).toContain(`npm error code ${code}\n✘ npm stage publish `);
    expect(output).toContain(remedy);
    expect(exitCode).toBe(2);
  });

  test("stops at a tarball that was not rehearsed", async () => {
    const { publish } = await makeRehearsed();
    const { exitCode, output } = await publish("new.tgz=sha512-other");
    expect(output).toMatch(
      /^✘ .+new\.tgz: Its digest is sha512-.+, but sha512-other was rehearsed\. Rehearse/u,
    );
    expect(exitCode).toBe(1);
  });

  test.each<[what: string, packed: string, fault: RegExp]>([
    [
      "of another package",
      manifest("@x/other", "1.1.0"),
      /@x\/other is not a package of this commit/u,
    ],
    [
      "of a private package",
      manifest("@x/own", "1.0.0"),
      /@x\/own is not a package of this commit/u,
    ],
    [
      "of another version",
      manifest("@x/new", "1.2.0"),
      /It is @x\/new@1\.2\.0, but this commit has 1\.1\.0/u,
    ],
    [
      "for another registry",
      manifest("@x/new", "1.1.0", { publishConfig: { registry: "https://registry.test/" } }),
      /Its publishConfig differs from the one of this commit/u,
    ],
  ])("stops at a tarball %s, although it was rehearsed", async (_what, packed, fault) => {
    const { publish, pack, npmCall } = await makeRehearsed();
    const { exitCode, output } = await publish(await pack(packed));
    expect(output).toMatch(fault);
    expect(exitCode).toBe(1);
    await expect(npmCall()).rejects.toThrow(/ENOENT/u);
  });

  test("by hand sends a file, where a path without ./ would be a repository on GitHub", async () => {
    const text = await readFile(new URL("../../CONTRIBUTING.md", import.meta.url), "utf8");
    const paths = [...text.matchAll(/npm publish (\S+)/gu)].map(([, path]) => path);
    expect(paths).toEqual(["./tarballs/<name>.tgz"]);
  });

  test("stops at a published version", async () => {
    const { publish, pack } = await makeRehearsed();
    const { exitCode, output } = await publish(await pack(manifest("@x/old", "1.0.0")));
    expect(output).toBe(
      "✘ @x/old@1.0.0: It is published already. Raise the version, or re-run all jobs if an earlier run published it.\n",
    );
    expect(exitCode).toBe(1);
  });

  test("stops at a registry that refuses access", async () => {
    const { publish, tarballs } = await makeRehearsed((root) =>
      fakeNpm(root, "11.15.0", { absent: "E401" }),
    );
    const { exitCode, output } = await publish(tarballs);
    expect(output).toContain('It did not report whether it has @x/new@1.1.0: {"code":"E401"');
    expect(exitCode).toBe(2);
  });

  test("stops without tarballs, with the script's exit code", async () => {
    const { exitCode, stdout, stderr } = await runScript("release-publish.js", ["tarballs"]);
    expect(stderr).toMatch(
      /^✘ command line: It takes a folder and its tarballs with their digests\. Usage: npm run .+\.\n$/u,
    );
    expect(stdout).toBe("");
    expect(exitCode).toBe(2);
  });

  test("stops at an invalid entry instead of skipping it", async () => {
    const { publish, tarballs, npmCall } = await makeRehearsed();
    const { exitCode, output } = await publish(`${tarballs} old.tgz`);
    expect(output).toContain("old.tgz is not <name>.tgz=sha512-<digest>");
    expect(exitCode).toBe(2);
    await expect(npmCall()).rejects.toThrow(/ENOENT/u);
  });
});

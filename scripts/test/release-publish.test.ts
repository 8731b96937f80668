import { chmod, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runProgram } from "../command/program.js";
import { readTarball } from "../release/tarball.js";
import { listen } from "./listen.ts";
import { makeProject, write, type Files } from "./project.ts";
import { runScript, type ScriptResult } from "./run-script.ts";

const manifest = (name: string, version: string, more = {}): string =>
  JSON.stringify({ name, version, ...more });

const packages: Files = {
  ".changeset/README.md": "",
  "packages/new/package.json": manifest("@x/new", "1.1.0"),
  "packages/old/package.json": manifest("@x/old", "1.0.0"),
  "packages/never/package.json": manifest("@x/never", "0.0.0"),
  "packages/own/package.json": manifest("@x/own", "1.0.0", { private: true }),
};

/** A repository with a packed version beside it, and an npm that knows 1.0.0 of everything. */
async function rehearsed(
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
    return `new.tgz=${(await readTarball(join(root, "new.tgz"))).integrity}`;
  };
  return {
    root,
    pack,
    tarballs: await pack(),
    told: () => readFile(join(root, "told"), "utf8"),
    pending: (...args: string[]): Promise<ScriptResult> =>
      runScript("release-pending.js", [...args, "--root", root], { env }),
    publish: (list: string, ...args: string[]): Promise<ScriptResult> =>
      runScript("release-publish.js", [root, list, "--root", root, ...args], { env }),
  };
}

/** An npm that writes down what it is told to publish. */
async function fakeNpm(
  root: string,
  version: string,
  { publish = `echo "$@" > ${root}/told`, absent = "E404" } = {},
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

/** The real npm, whatever its version, at a registry that has 1.0.0 of everything. */
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

describe("what is pending", () => {
  test("is what the registry does not have, with its digest when it is packed", async () => {
    const { root, pending, tarballs } = await rehearsed(registry());
    const file = join(root, "output");
    expect(await pending(root, "--output", file)).toMatchObject({
      exitCode: 0,
      output: "@x/new@1.1.0\n",
    });
    expect(await readFile(file, "utf8")).toBe(`pending=true\ntarballs=${tarballs}\n`);
  });

  test("is nothing while a changeset waits", async () => {
    const { root, pending } = await rehearsed();
    await write(root, { ".changeset/tall-bees-sing.md": "" });
    const file = join(root, "output");
    expect(await pending("--output", file)).toMatchObject({
      exitCode: 0,
      output: "Nothing to publish\n",
    });
    expect(await readFile(file, "utf8")).toBe("pending=false\ntarballs=\n");
  });

  test("is a pre-release, whose changesets wait for the release after it", async () => {
    const { root, pending } = await rehearsed();
    const pre = { mode: "pre", changesets: ["tall-bees-sing"] };
    await write(root, {
      ".changeset/tall-bees-sing.md": "",
      ".changeset/pre.json": JSON.stringify(pre),
    });
    expect((await pending()).output).toBe("@x/new@1.1.0\n");
    await write(root, { ".changeset/pre.json": JSON.stringify({ ...pre, mode: "exit" }) });
    expect((await pending()).output).toBe("Nothing to publish\n");
  });

  test("is everything that was never published", async () => {
    const { pending } = await rehearsed(registry(404));
    expect((await pending()).output.split("\n").toSorted()).toEqual([
      "",
      "@x/new@1.1.0",
      "@x/old@1.0.0",
    ]);
  });

  test("cannot be told when the registry does not answer", async () => {
    const { pending } = await rehearsed(registry(503));
    const { exitCode, output } = await pending();
    expect(output).toMatch(
      /^✘ The registry does not say whether it has @x\/\w+@1\.\d\.0: .*E503.*\n$/u,
    );
    expect(exitCode).toBe(2);
  });
});

describe("publishing", () => {
  test("goes as far as npm lets a rehearsal", async () => {
    const { publish, tarballs } = await rehearsed(registry());
    const { exitCode, output } = await publish(tarballs, "--direct", "--dry-run");
    expect(output).toContain("+ @x/new@1.1.0");
    expect(output).toContain("Not sent, for it is a dry run: @x/new@1.1.0\n");
    expect(exitCode).toBe(0);
  });

  test.each<[how: string, args: string[], told: string, said: RegExp]>([
    [
      "stages",
      [],
      "stage publish",
      /^Staged: @x\/new@1\.1\.0\nApprove of it: npm stage list @x\/new, then npm stage approve/u,
    ],
    ["publishes at once", ["--direct"], "publish", /^Published: @x\/new@1\.1\.0\n$/u],
  ])("%s the very tarball, with provenance", async (_how, args, command, said) => {
    const { root, publish, tarballs, told } = await rehearsed();
    const { exitCode, output } = await publish(tarballs, ...args);
    expect(await told()).toBe(
      `${command} ${root}/new.tgz --tag latest --provenance --access public\n`,
    );
    expect(output).toMatch(said);
    expect(exitCode).toBe(0);
  });

  test("gives a pre-release the tag of its own", async () => {
    const { root, publish, pack, told } = await rehearsed();
    const pre = manifest("@x/new", "2.0.0-beta.1");
    await write(root, { "packages/new/package.json": pre });
    await publish(await pack(pre));
    expect(await told()).toContain(" --tag beta ");
  });

  test.each<[version: string, args: string[], floor: string]>([
    ["11.14.9", [], "11.15.0"],
    ["10.9.9", ["--direct"], "11.5.1"],
  ])("stops at npm %s, which cannot", async (version, args, floor) => {
    const { publish, tarballs } = await rehearsed((root) => fakeNpm(root, version));
    const { exitCode, output } = await publish(tarballs, ...args);
    expect(output).toContain(`✘ npm ${version}: It cannot do this. Use ${floor} or later`);
    expect(exitCode).toBe(2);
  });

  test.each<[code: string, remedy: string]>([
    ["E403", "Is this action allowed to this workflow"],
    ["ENEEDAUTH", "Does the registry trust this workflow"],
    ["E409", "Is the version staged already?"],
  ])("says what to do where the registry answers %s", async (code, remedy) => {
    const { publish, tarballs } = await rehearsed((root) =>
      fakeNpm(root, "11.15.0", { publish: `echo "npm error code ${code}" >&2; exit 1` }),
    );
    const { exitCode, output } = await publish(tarballs);
    expect(output).toContain(`npm error code ${code}\n✘ npm stage publish `);
    expect(output).toContain(remedy);
    expect(exitCode).toBe(2);
  });

  test("stops at another tarball than was rehearsed", async () => {
    const { publish } = await rehearsed();
    const { exitCode, output } = await publish("new.tgz=sha512-other");
    expect(output).toMatch(
      /^✘ .+new\.tgz: It is sha512-.+, and sha512-other was rehearsed\. Rehearse/u,
    );
    expect(exitCode).toBe(1);
  });

  test.each<[what: string, packed: string, fault: RegExp]>([
    [
      "of another package",
      manifest("@x/other", "1.1.0"),
      /@x\/other is no package of this commit/u,
    ],
    ["of a private package", manifest("@x/own", "1.0.0"), /@x\/own is no package of this commit/u],
    [
      "of another version",
      manifest("@x/new", "1.2.0"),
      /It is @x\/new@1\.2\.0, and this commit has 1\.1\.0/u,
    ],
    [
      "that goes elsewhere",
      manifest("@x/new", "1.1.0", { publishConfig: { registry: "https://registry.test/" } }),
      /Its publishConfig is not the one of this commit/u,
    ],
  ])("stops at a tarball %s, although it was rehearsed", async (_what, packed, fault) => {
    const { publish, pack, told } = await rehearsed();
    const { exitCode, output } = await publish(await pack(packed));
    expect(output).toMatch(fault);
    expect(exitCode).toBe(1);
    await expect(told()).rejects.toThrow(/ENOENT/u);
  });

  test("stops at a version that is published", async () => {
    const { publish, pack } = await rehearsed();
    const { exitCode, output } = await publish(await pack(manifest("@x/old", "1.0.0")));
    expect(output).toBe("✘ @x/old@1.0.0: It is published already. Raise the version.\n");
    expect(exitCode).toBe(1);
  });

  test("stops at a registry that answers nobody", async () => {
    const { publish, tarballs } = await rehearsed((root) =>
      fakeNpm(root, "11.15.0", { absent: "E401" }),
    );
    const { exitCode, output } = await publish(tarballs);
    expect(output).toContain(
      'The registry does not say whether it has @x/new@1.1.0: {"code":"E401"',
    );
    expect(exitCode).toBe(2);
  });

  test("stops without tarballs", async () => {
    const { publish } = await rehearsed();
    expect((await publish("")).exitCode).toBe(2);
  });
});

import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { registryEnvironment } from "./command/environment.js";
import { runProgram } from "./command/program.js";
import { End, endWith } from "./command/end.js";
import { isPublished } from "./release/published.js";
import { readTarball } from "./release/tarball.js";

const usage = `npm run release:publish -- <folder> "<tarball>=<sha512> …" [--dry-run] [--root DIR]

Publishes these tarballs, as they are, with provenance. In GitHub Actions, whoever npm's registry
trusts needs no token: the job's identity is enough. Nothing is sent unless each is the tarball that
was rehearsed, of a package and a version of this commit, and goes where this commit says.

  --dry-run   do everything but that
  --root DIR  the repository (default: this one)

Exit codes: 0 fine, 1 a tarball is not the one that was rehearsed, is not of this commit, or its
version is published already, 2 wrong usage or environment.`;

const repository = fileURLToPath(new URL("..", import.meta.url));

// The first that knows trusted publishing; it needs Node 22.14.
const npmFloor = [11, 5, 1];

await endWith(async () => {
  const { values, positionals } = parseArgs({
    options: {
      "dry-run": { type: "boolean", default: false },
      root: { type: "string", default: repository },
      help: { type: "boolean" },
    },
    allowPositionals: true,
  });
  if (values.help) return console.log(usage);
  const [folder, list = ""] = positionals;
  const tarballs = list.split(" ").flatMap((entry) => {
    const [, file, digest] = /^([^=/]+\.tgz)=(sha512-.+)$/u.exec(entry) ?? [];
    return file === undefined || digest === undefined ? [] : [{ file, digest }];
  });
  if (folder === undefined || tarballs.length === 0) {
    throw new End(2, `It takes a folder and its tarballs with their digests. Write ${usage}`);
  }
  await checkNpm();

  const packages = await readPackages(resolve(values.root));
  const checked = [];
  for (const { file, digest } of tarballs) {
    const path = resolve(folder, file);
    const { name, version, publishConfig, integrity } = await readTarball(path);
    if (integrity !== digest) {
      throw new End(1, `${path}: It is ${integrity}, and ${digest} was rehearsed. Rehearse again.`);
    }
    const own = packages.find((known) => known.name === name && !known.private);
    if (own === undefined) throw new End(1, `${path}: ${name} is no package of this commit.`);
    if (own.version !== version) {
      throw new End(1, `${path}: It is ${name}@${version}, and this commit has ${own.version}.`);
    }
    if (JSON.stringify(own.publishConfig) !== JSON.stringify(publishConfig)) {
      throw new End(1, `${path}: Its publishConfig is not the one of this commit.`);
    }
    if (await isPublished(name, version)) {
      throw new End(1, `${name}@${version}: It is published already. Raise the version.`);
    }
    checked.push({ path, name, version });
  }
  for (const { path, name, version } of checked) {
    const dryRun = values["dry-run"] ? ["--dry-run"] : [];
    const said = await npm("publish", path, "--provenance", "--access", "public", ...dryRun);
    process.stdout.write(said);
    console.log(`${dryRun.length > 0 ? "Would publish" : "Published"} ${name}@${version}`);
  }
});

/**
 * @param {string} root
 * @returns {Promise<{ name: string, version: string, private?: boolean, publishConfig?: unknown }[]>}
 */
async function readPackages(root) {
  const folders = (await readdir(join(root, "packages"))).map((name) =>
    join(root, "packages", name),
  );
  return Promise.all(
    folders.map(async (folder) => JSON.parse(await readFile(join(folder, "package.json"), "utf8"))),
  );
}

async function checkNpm() {
  const version = (await npm("--version")).trim();
  const parts = version.split(".").map(Number);
  const differing = npmFloor.findIndex((part, index) => part !== parts[index]);
  if (differing >= 0 && Number(parts[differing]) < Number(npmFloor[differing])) {
    throw new End(
      2,
      `npm ${version}: It knows no trusted publishing. Use ${npmFloor.join(".")} or later, with Node 22.14 or later.`,
    );
  }
}

/** @param {string[]} args */
async function npm(...args) {
  const { exitCode, stdout, stderr } = await runProgram("npm", args, {
    env: registryEnvironment(),
  });
  process.stderr.write(stderr);
  if (exitCode !== 0) throw new End(2, `npm ${args.join(" ")}: It failed; see above.`);
  return stdout;
}

import { resolve } from "node:path";
import { registryEnvironment } from "./command/environment.js";
import { runProgram } from "./command/program.js";
import { defineCommand, runMain, wrongUsage } from "./command/define-command.js";
import { CommandError } from "./command/problem.js";
import { rootOption } from "./command/repository.js";
import { dependenciesOf, sortByDependencies } from "./release/dependencies.js";
import { tagOptions } from "./release/pre-release.js";
import { isPublished } from "./release/published.js";
import { readPackages } from "./packages/read-packages.js";
import { readTarball } from "./release/tarball.js";

const usage = `npm run release:publish -- <folder> "<tarball>=<sha512> …" [--direct] [--dry-run] [--root DIR]
                                  [--json]

Stages these tarballs at the registry, unchanged and with provenance: each is published once a person
approves it there. In GitHub Actions, a trusted publisher needs no token: npm's registry accepts the
job's identity. Nothing is sent unless every tarball was rehearsed, has the name and version of a
package of this commit, and is published where this commit says. If the registry refuses one, those
that depend on it are not sent, and the others are.

  --direct    publish at once
  --dry-run   do everything except sending the tarballs
  --root DIR  the repository (default: this one)
  --json      print one JSON object

Exit codes: 0 fine, 1 a tarball is not the rehearsed one, is not of this commit, or its version
is published already, 2 wrong usage or environment.`;

// The first npm versions that support staging and trusted publishing; both need Node 22.14.
const floors = { stage: [11, 15, 0], direct: [11, 5, 1] };

const untrusted =
  "Does the registry trust this workflow for this package? See “The first release” in CONTRIBUTING.md";

/** @type {Readonly<Record<string, string>>} What to do, by the registry's error code. */
const remedies = {
  E401: untrusted,
  E403: `Is this workflow allowed to do this, and is the version neither published nor staged? ${untrusted}`,
  E404: untrusted,
  E409: "Is the version staged already? Approve or reject it: npm stage list",
  E422: "Is the repository public, and the one that package.json names? Only then is there provenance",
  ENEEDAUTH: untrusted,
};

export const releasePublish = defineCommand(
  usage,
  {
    direct: { type: "boolean", default: false },
    "dry-run": { type: "boolean", default: false },
    root: rootOption,
  },
  async ({ values, positionals }, _stage, output) => {
    const [folder, list = "", ...rest] = positionals;
    const entries = list.split(" ").filter(Boolean);
    if (folder === undefined || entries.length === 0 || rest.length > 0) {
      throw wrongUsage("It takes a folder and its tarballs with their digests", usage);
    }
    const tarballs = entries.map((entry) => {
      const [, file, digest] = /^([^=/]+\.tgz)=(sha512-.+)$/u.exec(entry) ?? [];
      if (file !== undefined && digest !== undefined) return { file, digest };
      throw wrongUsage(`${entry} is not <name>.tgz=sha512-<digest>`, usage);
    });
    const { direct } = values;
    const npmVersion = await callNpm(["--version"], output);
    checkNpm(npmVersion.trim(), direct ? floors.direct : floors.stage);
    const packages = await checkTarballs(resolve(values.root), folder, tarballs);
    await sendTarballs(packages, direct, values["dry-run"], output);
    const sent = packages.map(({ path, name, version }) => ({ path, name, version }));
    return { lines: [], data: { packages: sent } };
  },
);

await runMain(import.meta.url, releasePublish);

/**
 * @typedef {{
 *   path: string,
 *   name: string,
 *   version: string,
 *   manifest: import("./packages/read-packages.js").Manifest,
 * }} PackedPackage
 */

/**
 * @param {string} root
 * @param {string} folder
 * @param {readonly { file: string, digest: string }[]} tarballs
 * @returns {Promise<PackedPackage[]>}
 * @throws CommandError if one was not rehearsed, is not of this commit, or is published already
 */
async function checkTarballs(root, folder, tarballs) {
  const manifests = (await readPackages(root)).map(({ manifest }) => manifest);
  const packages = [];
  for (const { file, digest } of tarballs) {
    const path = resolve(folder, file);
    const { name, version, publishConfig, integrity } = await readTarball(path);
    const own = manifests.find((known) => known["name"] === name && !known["private"]);
    if (integrity !== digest) {
      throw refusal(path, `Its digest is ${integrity}, but ${digest} was rehearsed`);
    }
    if (own === undefined) throw refusal(path, `${name} is not a package of this commit`);
    if (own["version"] !== version) {
      throw refusal(path, `It is ${name}@${version}, but this commit has ${own["version"]}`);
    }
    if (JSON.stringify(own["publishConfig"]) !== JSON.stringify(publishConfig)) {
      throw refusal(path, "Its publishConfig differs from the one of this commit");
    }
    if (await isPublished(name, version)) {
      const remedy = "Raise the version, or re-run all jobs if an earlier run published it";
      throw refusal(`${name}@${version}`, "It is published already", remedy);
    }
    packages.push({ path, name, version, manifest: own });
  }
  return packages;
}

/**
 * @param {string} file
 * @param {string} fault
 * @param {string} [remedy]
 */
function refusal(file, fault, remedy = "Rehearse again") {
  return new CommandError({ file, fault, remedy });
}

/**
 * Sends each tarball, even if the registry has refused another, unless it depends on that one.
 *
 * @param {readonly PackedPackage[]} packages
 * @param {boolean} isDirect
 * @param {boolean} isDryRun
 * @param {import("./command/terminal.js").Output} output
 * @throws CommandError with all refusals
 */
async function sendTarballs(packages, isDirect, isDryRun, output) {
  const problems = [];
  const missing = new Set();
  const command = isDirect ? ["publish"] : ["stage", "publish"];
  const dryRun = isDryRun ? ["--dry-run"] : [];
  for (const { path, name, version, manifest } of sortByDependencies(packages)) {
    const needed = dependenciesOf({ manifest }).find((other) => missing.has(other));
    const options = [...tagOptions(version), "--provenance", "--access", "public", ...dryRun];
    try {
      if (needed !== undefined) {
        const fault = `It was not sent, because it depends on ${needed}`;
        throw refusal(
          `${name}@${version}`,
          fault,
          "Once that is published, re-run all jobs, or repeat this with only this tarball",
        );
      }
      const written = await callNpm([...command, path, ...options], output);
      if (written !== "") output.print(written.trimEnd());
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      // Such as one that an earlier run has staged, when the others are still missing.
      problems.push(...error.problems);
      missing.add(name);
      continue;
    }
    const outcome = isDirect ? "Published" : "Staged";
    output.print(`${isDryRun ? "Not sent because of --dry-run" : outcome}: ${name}@${version}`);
    if (isDirect || isDryRun) continue;
    output.print(`Approve it: npm stage list ${name}, then npm stage approve <stage-id>`);
  }
  if (problems.length > 0) throw new CommandError(problems, 2);
}

/**
 * @param {string} version
 * @param {readonly number[]} floor
 */
function checkNpm(version, floor) {
  const parts = version.split(".").map(Number);
  const differing = floor.findIndex((part, index) => part !== parts[index]);
  if (differing >= 0 && Number(parts[differing]) < Number(floor[differing])) {
    const remedy = `Use ${floor.join(".")} or later, with Node 22.14 or later`;
    throw new CommandError({ file: `npm ${version}`, fault: "It is too old", remedy }, 2);
  }
}

/**
 * @param {readonly string[]} args
 * @param {import("./command/terminal.js").Output} output
 */
async function callNpm(args, output) {
  const { exitCode, stdout, stderr } = await runProgram("npm", args, {
    env: registryEnvironment(),
  });
  if (stderr !== "") output.printError(stderr.trimEnd());
  if (exitCode === 0) return stdout;
  const code = /\b(?:E\d{3}|ENEEDAUTH)\b/u.exec(stderr)?.[0] ?? "";
  const remedy = remedies[code] ?? "Its output is above";
  throw new CommandError({ file: `npm ${args.join(" ")}`, fault: "It failed", remedy }, 2);
}

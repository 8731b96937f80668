import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { digestOfFiles } from "./digest.js";
import { registryEnvironment } from "./environment.js";
import { runProgram } from "./program.js";
import { terminal } from "./terminal.js";

/**
 * Installs the pinned dependencies, unless the current installation is up to date.
 *
 * @param {string} root
 * @param {object} [options]
 * @param {boolean} [options.isVerified] whether to check every version of the lockfile against the policies
 *   of pnpm-workspace.yaml again; this queries the registry for each and takes as long as the installation;
 *   default: false
 * @returns {Promise<boolean>} whether it succeeded; a failure has already been reported
 */
export async function installDependencies(root, { isVerified = false } = {}) {
  const stamp = join(root, "node_modules/.cache/installed");
  const packages = await readdir(join(root, "packages"));
  const folders = [".", "examples", "generated", ...packages.map((name) => `packages/${name}`)];
  const digest = digestOfInstallation(root, folders);
  const filledFolders = () =>
    folders.filter((name) => existsSync(join(root, name, "node_modules")));
  const isInstalled =
    existsSync(stamp) && (await readFile(stamp, "utf8")) === `${digest} ${filledFolders().join()}`;
  if (isInstalled && !isVerified) return true;
  const start = performance.now();
  terminal.print("Installing the pinned dependencies …");
  const { devEngines } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const args = [
    "exec",
    "--yes",
    "--",
    `pnpm@${devEngines.packageManager.version}`,
    "install",
    "--frozen-lockfile",
    "--reporter=append-only",
    ...(isVerified ? [] : ["--trust-lockfile"]),
  ];
  const options = { cwd: root, env: registryEnvironment() };
  // Windows cannot start npm without a shell; npm_execpath is the path of npm's JavaScript file.
  const npm = process.env["npm_execpath"];
  const { exitCode, stdout, stderr } = await (npm?.endsWith("npm-cli.js")
    ? runProgram(process.execPath, [npm, ...args], options)
    : runProgram("npm", args, options));
  if (exitCode !== 0) {
    terminal.printError(`${stdout}${stderr}`.trimEnd());
    terminal.printError(
      "✘ The dependencies cannot be installed: the reason is above. Check that npm reaches its registry, that it can write its cache (npm_config_cache), and that pnpm-lock.yaml is up to date (npx pnpm install).",
    );
    return false;
  }
  await mkdir(dirname(stamp), { recursive: true });
  await writeFile(stamp, `${digest} ${filledFolders().join()}`);
  const seconds = Math.round((performance.now() - start) / 1000);
  terminal.print(
    `${terminal.paint("green", "✔")} installed ${terminal.paint("dim", `${seconds} s`)}`,
  );
  return true;
}

/**
 * Hashes everything that an installation depends on: the lockfile, settings, manifests and this Node.js.
 *
 * @param {string} root
 * @param {readonly string[]} folders
 */
function digestOfInstallation(root, folders) {
  const manifests = folders.map((folder) => `${folder}/package.json`);
  const files = ["pnpm-lock.yaml", "pnpm-workspace.yaml", ...manifests];
  return `${process.version} ${process.arch} ${digestOfFiles(root, files)}`;
}

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { digestOf } from "./command/digest.js";
import { repository } from "./command/repository.js";
import { terminal } from "./command/terminal.js";
import { readStamp } from "./emit/stamp.js";

// node scripts/run.js <script> [<argument>…]: runs scripts/<script>.ts.
//
// Node 20 cannot run TypeScript, and hooks that transform file by file also see every file of every
// dependency, which takes longer than most scripts run. So a script and its imports from this repository are
// bundled into one JavaScript file, which is used until one of them changes.

const [program = "", , name = "", ...args] = process.argv;
const script = join(repository, "scripts", `${name}.ts`);
const bundle = join(repository, "node_modules/.cache/scripts", `${name}.js`);

const usage = "Usage: node scripts/run.js <script> [<argument>…]; package.json lists the scripts.";
if (name === "--help") {
  terminal.print(usage);
  process.exit(0);
}
if (!/^[\w-]+$/u.test(name) || !existsSync(script)) {
  terminal.printError(`✘ The script '${name}' does not exist. ${usage}`);
  process.exit(2);
}

const isBundled = isCurrent(bundle);
// With options, and above all with --check, generate always does its work.
const isRepetition = isBundled && name === "generate" && args.length === 0;
const notices = isRepetition ? readStamp(repository) : undefined;
if (notices !== undefined) {
  for (const line of [...notices, "generated/ is up to date"]) terminal.print(line);
} else if (isBundled || (await makeBundle())) {
  process.argv = [program, script, ...args];
  await import(pathToFileURL(bundle).href);
} else process.exitCode = 2;

/** Whether the script could be bundled. If not, prints why. */
async function makeBundle() {
  const { bundleScript } = await import("./command/bundle-script.js");
  try {
    await bundleScript(repository, script, bundle);
    return true;
  } catch (error) {
    const fault = error instanceof Error ? error.message : error;
    terminal.printError(`✘ ${bundle}: ${fault}. Check the path and its permissions.`);
    return false;
  }
}

/**
 * Whether a bundle was made here, and not before the repository was copied or moved, from the files that are there
 * now. Its first line says so.
 *
 * @param {string} file
 */
function isCurrent(file) {
  if (!existsSync(file)) return false;
  const [, line] = /^\/\/ (\{.*\})\n/u.exec(readFileSync(file, "utf8")) ?? [];
  if (line === undefined) return false;
  /** @type {{ root: string, digests: Record<string, string> }} */
  const { root, digests } = JSON.parse(line);
  return (
    root === repository &&
    Object.entries(digests).every(([input, digest]) => digestOf(join(repository, input)) === digest)
  );
}

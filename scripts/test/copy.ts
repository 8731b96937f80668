import {
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { runProgram, type ProgramResult } from "../command/program.js";
import type { Verb } from "../command/run.ts";
import { specPull } from "../spec-pull.ts";
import { runVerb } from "./run-script.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));

const tools: Readonly<Record<string, string>> = {
  tsc: join(repository, "node_modules/typescript-native/bin/tsc"),
  tsdown: join(repository, "packages/client/node_modules/tsdown/dist/run.mjs"),
};

/** A copy of the repository whose files a test may change. */
export interface Copy {
  readonly path: string;
  read(file: string): Promise<string>;
  write(file: string, text: string): Promise<void>;
  /** Pulls a page as the vendor's. */
  pull(page: string): Promise<void>;
  /** Runs a verb on the copy. Returns its output, or throws it on failure. */
  verb(verb: Verb, ...parameters: string[]): Promise<string>;
  /** Runs a tool in a folder of the copy. Returns its output, or throws it on failure. */
  run(folder: string, tool: string, ...parameters: string[]): Promise<string>;
  remove(): Promise<void>;
}

/** Copies the repository without build output; links its dependencies to the original's. */
export async function copyRepository(): Promise<Copy> {
  const path = await realpath(await mkdtemp(join(tmpdir(), "audit-logs-")));
  const files = [
    "spec",
    "generated",
    "scripts",
    ".changeset",
    "redocly.yaml",
    "package.json",
    "pnpm-workspace.yaml",
    "tsconfig.base.json",
  ];
  for (const file of files) {
    await cp(join(repository, file), join(path, file), { recursive: true });
  }
  await symlink(join(repository, "node_modules"), join(path, "node_modules"));
  for (const name of await readdir(join(repository, "packages"))) {
    const [from, to] = [join(repository, "packages", name), join(path, "packages", name)];
    await cp(from, to, {
      recursive: true,
      filter: (file) => !/^(?:node_modules|dist|test|bench|\.\w+)$/u.test(relative(from, file)),
    });
    await linkDependencies(join(from, "node_modules"), join(to, "node_modules"));
  }
  /** Links installed packages to the original, and workspace packages to the copy. */
  async function linkDependencies(from: string, to: string): Promise<void> {
    for (const name of await readdir(from)) {
      if (name.startsWith(".")) continue;
      const target = await realpath(join(from, name));
      if (name.startsWith("@") && relative(repository, target).includes("node_modules")) {
        await linkDependencies(join(from, name), join(to, name));
        continue;
      }
      await mkdir(to, { recursive: true });
      const inRepository = relative(repository, target);
      const isOwn = !/(?:^|[\\/])(?:node_modules|\.\.)(?:[\\/]|$)/u.test(inRepository);
      await symlink(isOwn ? join(path, inRepository) : target, join(to, name));
    }
  }
  const write = (file: string, text: string): Promise<void> => writeFile(join(path, file), text);
  const run: Copy["run"] = async (folder, tool, ...parameters) => {
    const script = tools[tool];
    const [file = "", ...args] =
      script === undefined ? [tool, ...parameters] : [process.execPath, script, ...parameters];
    return outputOf(await runProgram(file, args, { cwd: join(path, folder) }));
  };
  const verb: Copy["verb"] = async (action, ...parameters) =>
    outputOf(await runVerb(action, [...parameters, "--root", path]));
  return {
    path,
    read: (file) => readFile(join(path, file), "utf8"),
    write,
    async pull(page) {
      await write("page.md", page);
      await verb(specPull, "audit-logs", join(path, "page.md"));
      await rm(join(path, "page.md"));
    },
    verb,
    run,
    remove: () => rm(path, { recursive: true }),
  };
}

/** The output of a command that succeeded. */
function outputOf({ exitCode, stdout, stderr }: ProgramResult): string {
  if (exitCode === 0) return stdout;
  throw new Error(`It ended with ${exitCode}: ${stdout}${stderr}`);
}

import { execFile } from "node:child_process";
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
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../..", import.meta.url));

const tools: Readonly<Record<string, string>> = {
  tsc: join(repository, "node_modules/typescript/bin/tsc"),
  tsdown: join(repository, "packages/client/node_modules/tsdown/dist/run.mjs"),
  tsx: join(repository, "node_modules/tsx/dist/cli.mjs"),
};

// As in a script of the root's package.json.
const bin = join(repository, "node_modules/.bin");
const env = { ...process.env, PATH: `${bin}${delimiter}${process.env["PATH"]}` };

/** A copy of the repository whose files a test may change. */
export interface Copy {
  readonly path: string;
  read(file: string): Promise<string>;
  write(file: string, text: string): Promise<void>;
  /** Takes a page in as the vendor's. */
  pull(page: string): Promise<void>;
  /** Runs a tool in a folder of the copy; gives what it prints, or throws that. */
  run(folder: string, tool: string, ...parameters: string[]): Promise<string>;
  remove(): Promise<void>;
}

/** Copies the repository, less what is built; what it depends on is that of the original. */
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
  for (const name of ["runtime", "client", "mock-server"]) {
    const [from, to] = [join(repository, "packages", name), join(path, "packages", name)];
    // The runtime is built into others, as `build.ts` says.
    const build = name === "runtime" ? "build.ts" : "tsdown.config.ts";
    for (const file of ["src", "package.json", "tsconfig.json", build]) {
      await cp(join(from, file), join(to, file), { recursive: true });
    }
    await mkdir(join(to, "node_modules", "@audit-logs"), { recursive: true });
    for (const dependency of await readdir(join(from, "node_modules"))) {
      if (dependency.startsWith(".") || dependency === "@audit-logs") continue;
      await symlink(
        await realpath(join(from, "node_modules", dependency)),
        join(to, "node_modules", dependency),
      );
    }
    await symlink(join(path, "generated"), join(to, "node_modules/@audit-logs/generated"));
    for (const other of ["runtime", "mock-server"]) {
      await symlink(join(path, "packages", other), join(to, "node_modules/@audit-logs", other));
    }
  }
  const write = (file: string, text: string): Promise<void> => writeFile(join(path, file), text);
  const run: Copy["run"] = (folder, tool, ...parameters) => {
    const known = tools[tool];
    const [file, ...all] =
      known === undefined ? [tool, ...parameters] : [process.execPath, known, ...parameters];
    return new Promise((resolve, reject) => {
      execFile(file, all, { cwd: join(path, folder), env }, (error, stdout, stderr) =>
        error === null ? resolve(stdout) : reject(new Error(stdout + stderr, { cause: error })),
      );
    });
  };
  return {
    path,
    read: (file) => readFile(join(path, file), "utf8"),
    write,
    async pull(page) {
      await write("page.md", page);
      await run(".", "tsx", "scripts/spec-pull.ts", "audit-logs", "page.md");
      await rm(join(path, "page.md"));
    },
    run,
    remove: () => rm(path, { recursive: true }),
  };
}

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import ts from "typescript";
import { CommandError } from "../command/problem.js";
import { objectOf } from "../description/tree.ts";
import { mustRun } from "../command/must-run.js";
import type { Scenario } from "./scenario.ts";

/** The oldest TypeScript that the clients support. openapi-fetch needs the same. */
export const oldestTypeScript = "5.4.2";

/** Versions that users install today and that are newer than the workspace's. */
const newerTypeScripts = ["6.0.3", "7.0.2"];

/** A project outside the workspace that depends on the package, and how it uses it. */
export interface Consumer {
  readonly name: string;
  readonly type: "module" | "commonjs";
  /** The versions of TypeScript that check it. */
  readonly compilers: readonly string[];
  /** What it installs in addition to the package, the compilers and Node's types. */
  readonly libraries?: readonly string[];
  /** The files to type-check, if the scenario has them, and the compiler options, by module resolution. */
  readonly checks: Readonly<Record<string, readonly [file: string, options: string]>>;
  /** The scenario's file that it runs. Scenarios without the file skip this consumer. */
  readonly entry: string;
  /** The program for Node, after Node's options. */
  readonly program: readonly string[];
}

const nodenext =
  "--strict --target es2022 --lib es2022 --module nodenext --resolveJsonModule --types node";
const resolutions = {
  // As on a server: without browser types.
  nodenext: ["main.ts", `${nodenext} --outDir out`],
  // Without schema.json: node16 does not support import attributes.
  node16: [
    "node16.ts",
    "--strict --target es2022 --lib es2022 --module node16 --types node --noEmit",
  ],
  // As in a browser: without Node types.
  bundler: [
    "status.ts",
    "--strict --target es2022 --module esnext --moduleResolution bundler --lib es2022,dom,dom.iterable --types --noEmit",
  ],
} as const;

export const consumers: readonly Consumer[] = [
  {
    name: "ESM",
    type: "module",
    compilers: [oldestTypeScript, ts.version, ...newerTypeScripts],
    checks: resolutions,
    entry: "main.ts",
    program: ["out/main.js"],
  },
  {
    name: "require(esm)",
    type: "commonjs",
    compilers: [ts.version],
    checks: { nodenext: ["main.cjs", `${nodenext} --noEmit --allowJs --checkJs`] },
    entry: "main.cjs",
    program: ["main.cjs"],
  },
  {
    // A common test runner, and a common replacement for the server.
    name: "Jest and MSW",
    type: "module",
    compilers: [],
    libraries: ["jest@30.5.2", "msw@2.15.0"],
    checks: {},
    entry: "jest.test.js",
    program: ["--experimental-vm-modules", "node_modules/jest/bin/jest.js", "--ci"],
  },
];

interface PackageSource {
  /** The name and version of the package, for npm. */
  readonly name: string;
  readonly version: string;
  /** The digest that npm has to find. */
  readonly integrity: string;
  /** npm's environment. */
  readonly env: NodeJS.ProcessEnv;
}

const require = createRequire(import.meta.url);
const { version: nodeTypes }: { version: string } = require("@types/node/package.json");

/** Writes a consumer's project, and installs the package and the other dependencies there. */
export async function install(
  folder: string,
  { type, compilers, libraries = [] }: Consumer,
  { files }: Scenario,
  { name, version, integrity, env }: PackageSource,
  signal: AbortSignal,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [file, text] of files) await writeFile(join(folder, file), text);
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type }));
  await mustRun(
    "npm",
    [
      "install",
      `${name}@${version}`,
      `@types/node@${nodeTypes}`,
      ...compilers.map((compiler) => `typescript-${compiler}@npm:typescript@${compiler}`),
      ...libraries,
    ],
    { cwd: folder, env, signal },
    { file: "npm install", remedy: "Check that npm's registry responds", exitCode: 2 },
  );
  const lock: unknown = JSON.parse(await readFile(join(folder, "package-lock.json"), "utf8"));
  const found = findIntegrity(lock, name);
  if (found === integrity) return;
  throw new CommandError({
    file: "package-lock.json",
    fault: `npm installed ${found}, but ${integrity} was packed`,
    remedy: "Find out where npm got this version from",
  });
}

/** Returns the digest of a package in npm's lockfile. */
export function findIntegrity(lock: unknown, name: string): string | undefined {
  const entry = objectOf(objectOf(lock)["packages"])[`node_modules/${name}`];
  const integrity = objectOf(entry)["integrity"];
  return typeof integrity === "string" ? integrity : undefined;
}

/**
 * Type-checks a consumer, including the declarations of its dependencies, with each compiler. Returns the
 * module resolutions.
 */
export async function typeCheck(
  folder: string,
  { compilers, checks }: Consumer,
  { files }: Scenario,
  signal: AbortSignal,
): Promise<string[]> {
  const present = Object.entries(checks).filter(([, [file]]) => files.has(file));
  for (const compiler of compilers) {
    const tsc = join(folder, `node_modules/typescript-${compiler}/bin/tsc`);
    for (const [resolution, [file, options]] of present) {
      await mustRun(
        process.execPath,
        [tsc, ...options.split(" "), file],
        { cwd: folder, signal },
        {
          file: `TypeScript ${compiler}, ${resolution}`,
          remedy: "Fix the declarations, or require a newer TypeScript",
        },
      );
    }
  }
  return present.map(([resolution]) => resolution);
}

/** Runs a consumer against the mock server. Returns its output, including Node's warnings. */
export async function runConsumer(
  folder: string,
  { name, program }: Consumer,
  { description }: Scenario,
  signal: AbortSignal,
): Promise<string> {
  // Imported late, because in a fresh clone it is only built by then.
  const { defaultJobId, startMockServer } = await import("@audit-logs/mock-server");
  await using server = await startMockServer(description && { description });
  const { stdout, stderr } = await mustRun(
    process.execPath,
    [...program, ...(program.length === 1 ? [server.url, defaultJobId, "export.jsonl"] : [])],
    { cwd: folder, signal },
    { file: `${name} on Node ${process.version}`, remedy: "Fix the package or its entries" },
  );
  // Node's warnings, and the number of tests that passed.
  const lines = stderr.match(/\b(?:\w*Warning|Tests): .*/gu) ?? [];
  return [stdout.trim(), ...lines].filter((line) => line !== "").join("; ");
}

import { appendFile, cp, mkdir, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeEach, expect, test } from "vitest";
import { repository } from "../../command/repository.js";
import { bundleScript } from "../../command/bundle-script.js";
import { runProgram, type ProgramResult } from "../../command/program.js";
import { write } from "../../fixtures/project.ts";
import { readFolder } from "../../command/read-folder.ts";
import { makeProject } from "../project.ts";

let root: string;
beforeEach(async () => {
  root = await makeProject({
    "scripts/hello.ts": `import { name } from "./name.ts";
import ts from "typescript";
import { sum } from "openapi-typescript";
console.log(name, ts.version, sum, process.argv.slice(2).join(), import.meta.url.slice(-8));
`,
    "scripts/name.ts": 'export const name: string = "one";\n',
    // Small packages, which are loaded like the large ones of these names.
    "node_modules/typescript/package.json": '{ "main": "main.js" }',
    "node_modules/typescript/main.js": 'exports.version = "5";\n',
    "node_modules/openapi-typescript/package.json": '{ "type": "module", "main": "main.js" }',
    "node_modules/openapi-typescript/main.js": 'export { sum } from "./sum.js";\n',
    "node_modules/openapi-typescript/sum.js": "export const sum = 1 + 1;\n",
    "node_modules/.pnpm/lock.yaml": "",
    "pnpm-lock.yaml": "",
  });
  for (const part of ["run.js", "command", "emit/stamp.js"]) {
    await cp(join(repository, "scripts", part), join(root, "scripts", part), { recursive: true });
  }
  const compiler = join(repository, "node_modules/esbuild");
  await symlink(compiler, join(root, "node_modules/esbuild"), "dir");
});

async function hello(): Promise<string> {
  const { stdout, stderr } = await runHello();
  return stdout + stderr;
}

function runHello(): Promise<ProgramResult> {
  return runProgram(process.execPath, [join(root, "scripts/run.js"), "hello", "a"]);
}

test("runs a script as it is now, from a bundle or without one", async () => {
  expect(await hello()).toBe("one 5 2 a hello.ts\n");
  const bundles = await readFolder(root, "node_modules/.cache/scripts");
  expect(await hello()).toBe("one 5 2 a hello.ts\n");
  expect(await readFolder(root, "node_modules/.cache/scripts")).toEqual(bundles);
  await write(root, { "scripts/name.ts": 'export const name: string = "two";\n' });
  expect(await hello()).toBe("two 5 2 a hello.ts\n");
});

test.each([
  "pnpm-lock.yaml",
  "scripts/run.js",
  "scripts/command/bundle-script.js",
  "scripts/command/load-package.cjs",
])("bundles a script again when %s changes", async (file) => {
  await hello();
  const bundles = await readFolder(root, "node_modules/.cache/scripts");
  await appendFile(join(root, file), "\n");
  expect(await hello()).toBe("one 5 2 a hello.ts\n");
  expect(await readFolder(root, "node_modules/.cache/scripts")).not.toEqual(bundles);
});

test("bundles scripts and packages again in a copy of the repository", async () => {
  await write(root, {
    "scripts/hello.ts": `import { place } from "openapi-typescript";
console.log(place, import.meta.url);
`,
    "node_modules/openapi-typescript/main.js": "export const place = import.meta.url;\n",
  });
  await hello();
  const original = root;
  root = await makeProject({});
  await cp(original, root, { recursive: true });
  const places = ["node_modules/openapi-typescript/main.js", "scripts/hello.ts"];
  const urls = places.map((file) => pathToFileURL(join(root, file)).href);
  expect(await hello()).toBe(`${urls.join(" ")}\n`);
});

test("loads a package again after an installation, and does without what it cannot store", async () => {
  expect(await hello()).toBe("one 5 2 a hello.ts\n");
  const stored = async () => Object.keys(await readFolder(root, "node_modules/.cache/packages"));
  const before = await stored();
  await write(root, { "node_modules/.pnpm/lock.yaml": "other" });
  expect(await hello()).toBe("one 5 2 a hello.ts\n");
  const after = await stored();
  expect(after).toHaveLength(before.length);
  for (const file of before) expect(after).not.toContain(file);
  const compiled = after.filter((file) => file.endsWith(".bin"));
  expect(compiled).toHaveLength(2);
  await write(root, Object.fromEntries(compiled.map((file) => [file, "no code of V8's"])));
  expect(await hello()).toBe("one 5 2 a hello.ts\n");
});

test("a package that cannot be stored is loaded all the same", async () => {
  await mkdir(join(root, "node_modules/.cache"), { recursive: true });
  await write(root, { "node_modules/.cache/packages": "a file, where the folder would be" });
  expect(await hello()).toBe("one 5 2 a hello.ts\n");
});

test("exits with 2 if the bundle cannot be written, and names it", async () => {
  await write(root, { "node_modules/.cache/scripts": "a file, where the folder would be" });
  const { exitCode, stderr } = await runHello();
  expect(stderr).toMatch(
    /^✘ \S+\/node_modules\/\.cache\/scripts\/hello\.js: EEXIST: .+ Check the path and its permissions\.\n$/u,
  );
  expect(exitCode).toBe(2);
});

test("can load each command that package.json has it run", async () => {
  const manifest: { readonly scripts: Readonly<Record<string, string>> } = JSON.parse(
    await readFile(join(repository, "package.json"), "utf8"),
  );
  const names = Object.values(manifest.scripts).flatMap((line) =>
    [...line.matchAll(/scripts\/run\.js (\S+)/gu)].map(([, name = ""]) => name),
  );
  expect(names).toContain("spec-verify");
  const bundles = [...new Set(names)].map(async (name) => {
    const bundle = join(repository, "node_modules/.cache/scripts", `${name}.js`);
    await bundleScript(repository, join(repository, "scripts", `${name}.ts`), bundle);
    return pathToFileURL(bundle).href;
  });
  // No command starts, because none is the main program.
  const load = `for (const bundle of ${JSON.stringify(await Promise.all(bundles))}) await import(bundle);`;
  // Each has its own listeners on the streams, and so many are worth a warning.
  const flags = ["--no-warnings", "--input-type=module", "--eval"];
  const result = await runProgram(process.execPath, [...flags, load]);
  expect(result).toEqual({ exitCode: 0, stdout: "", stderr: "" });
});

test.each(["nonsense", "../README", ""])(
  "names its usage for '%s', which is no script",
  async (name) => {
    const result = await runProgram(process.execPath, [join(root, "scripts/run.js"), name]);
    const stderr = `✘ The script '${name}' does not exist. Usage: node scripts/run.js <script> [<argument>…]; package.json lists the scripts.\n`;
    expect(result).toEqual({ exitCode: 2, stdout: "", stderr });
  },
);

test("prints its usage with --help", async () => {
  const { exitCode, stdout } = await runProgram(process.execPath, [
    join(root, "scripts/run.js"),
    "--help",
  ]);
  expect(stdout).toMatch(/^Usage: node scripts\/run\.js <script> /u);
  expect(exitCode).toBe(0);
});

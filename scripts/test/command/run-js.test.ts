import { cp, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeEach, expect, test } from "vitest";
import { runProgram } from "../../command/program.js";
import { makeProject, read, write } from "../project.ts";

const repository = fileURLToPath(new URL("../../..", import.meta.url));

let root: string;
beforeEach(async () => {
  root = await makeProject({
    "scripts/hello.ts":
      'import { name } from "./name.ts";\nimport ts from "typescript";\nconsole.log(name, typeof ts.createProgram, process.argv.slice(2).join(), import.meta.url.slice(-8));\n',
    "scripts/name.ts": 'export const name: string = "one";\n',
    "node_modules/.pnpm/lock.yaml": "",
    "pnpm-lock.yaml": "",
  });
  for (const part of ["run.js", "command", "emit/stamp.js"]) {
    await cp(join(repository, "scripts", part), join(root, "scripts", part), { recursive: true });
  }
  for (const name of ["esbuild", "typescript"]) {
    await symlink(join(repository, "node_modules", name), join(root, "node_modules", name), "dir");
  }
});

async function hello(): Promise<string> {
  const { stdout, stderr } = await runProgram(process.execPath, [
    join(root, "scripts/run.js"),
    "hello",
    "a",
  ]);
  return stdout + stderr;
}

test("runs a script as it is now, from a bundle or without one", async () => {
  expect(await hello()).toBe("one function a hello.ts\n");
  const bundles = await read(root, "node_modules/.cache/scripts");
  expect(await hello()).toBe("one function a hello.ts\n");
  expect(await read(root, "node_modules/.cache/scripts")).toEqual(bundles);
  await write(root, { "scripts/name.ts": 'export const name: string = "two";\n' });
  expect(await hello()).toBe("two function a hello.ts\n");
});

test("loads a package again after an installation, and does without what it cannot store", async () => {
  expect(await hello()).toBe("one function a hello.ts\n");
  const stored = async () => Object.keys(await read(root, "node_modules/.cache/packages"));
  const [before] = await stored();
  await write(root, { "node_modules/.pnpm/lock.yaml": "other" });
  expect(await hello()).toBe("one function a hello.ts\n");
  const [after, ...others] = await stored();
  expect(after).not.toBe(before);
  expect(others).toEqual([]);
  await write(root, { [String(after)]: "no code of V8's" });
  expect(await hello()).toBe("one function a hello.ts\n");
});

test("a package that cannot be stored is loaded all the same", async () => {
  await mkdir(join(root, "node_modules/.cache"), { recursive: true });
  await write(root, { "node_modules/.cache/packages": "a file, where the folder would be" });
  expect(await hello()).toBe("one function a hello.ts\n");
});

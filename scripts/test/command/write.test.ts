import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { childEnvironment } from "../../command/environment.js";
import { writeAll } from "../../command/write.ts";
import { gitIn } from "../../command/git.ts";
import { readFolder } from "../../command/read-folder.ts";
import { makeProject } from "../project.ts";

const module = new URL("../../command/write.ts", import.meta.url).href;

/** Starts a process that writes into a project, and then waits. */
async function startWriting(root: string, files: string): Promise<ChildProcess> {
  const program = `
    import { writeAll } from "${module}";
    setTimeout(() => undefined, 2 ** 30);
    console.log("writing");
    await writeAll(".", "generated", new Map(${files}));`;
  const args = ["--import", import.meta.resolve("tsx"), "--input-type=module", "--eval", program];
  const child = spawn(process.execPath, args, { cwd: root, env: childEnvironment() });
  await once(child.stdout, "data");
  return child;
}

/** Kills a process while it writes into a project: one file is a stream that never ends. */
async function killDuringWrite(root: string): Promise<void> {
  const endless = "new ReadableStream({ start: (all) => all.enqueue(new Uint8Array(1)) })";
  const child = await startWriting(root, `[["generated/a", "new"], ["generated/b", ${endless}]]`);
  const written = async (): Promise<boolean> =>
    (await readdir(join(root, "generated"), { recursive: true })).some((file) =>
      /^\.staging-.+\/1$/u.test(file),
    );
  while (!(await written())) await new Promise(setImmediate);
  child.kill("SIGKILL");
  await once(child, "exit");
}

test("a killed process leaves no files that git would add, and the next run removes its leftovers", async () => {
  const root = await makeProject({ "generated/a": "old" });
  const git = gitIn(root);
  await git("init", "--quiet");
  await git("add", "--all");
  await killDuringWrite(root);
  expect(await git("status", "--porcelain")).toBe("A  generated/a");
  expect(Object.keys(await readFolder(root, "generated"))).not.toEqual(["generated/a"]);

  await writeAll(root, "generated", new Map([["generated/a", "new"]]));
  expect(await readFolder(root, "generated")).toEqual({ "generated/a": Buffer.from("new") });
});

test("keeps the files that another process is writing", async () => {
  const other = `generated/.staging-${process.ppid}-x/0`;
  const root = await makeProject({ [other]: "theirs" });
  await writeAll(root, "generated", new Map([["generated/a", "new"]]));
  expect(Object.keys(await readFolder(root, "generated"))).toEqual([other, "generated/a"]);
});

test("a signal between two moves takes effect after the last one", async () => {
  const names = Array.from({ length: 2000 }, (_, index) => `generated/${index}`);
  const root = await makeProject(Object.fromEntries(names.map((name) => [name, "old"])));
  const files = JSON.stringify(names.map((name) => [name, "new"]));
  const child = await startWriting(root, files);
  const exit = once(child, "exit");
  while ((await readFile(join(root, "generated/0"), "utf8")) === "old") continue;
  child.kill("SIGINT");
  expect(await exit).toEqual([null, "SIGINT"]);
  const written = Object.entries(await readFolder(root, "generated"));
  expect(written).toHaveLength(names.length);
  expect(written.filter(([, content]) => content.toString() !== "new")).toEqual([]);
});

test("writes nothing if a folder has the name of a file", async () => {
  const root = await makeProject({ "generated/a": "old", "generated/b/c": "" });
  const before = await readFolder(root, "generated");
  const files = new Map([
    ["generated/a", "new"],
    ["generated/b", "new"],
  ]);
  await expect(writeAll(root, "generated", files)).rejects.toThrow(
    "generated/b: A folder has the name of this file. Move or remove the folder.",
  );
  expect(await readFolder(root, "generated")).toEqual(before);
});

test("writes nothing if a file cannot be moved", async () => {
  const root = await makeProject({ "generated/a": "old" });
  const before = await readFolder(root, "generated");
  const files = ["a", "new", "b", "b/c"].map((name) => [`generated/${name}`, "new"] as const);
  await expect(writeAll(root, "generated", new Map(files))).rejects.toThrow(/^EISDIR: /u);
  expect(await readFolder(root, "generated")).toEqual(before);
});

test("writes nothing if a name is too long", async () => {
  const root = await makeProject({ "generated/a": "old" });
  const before = await readFolder(root, "generated");
  const files = ["a", "b".repeat(300)].map((name) => [`generated/${name}`, "new"] as const);
  await expect(writeAll(root, "generated", new Map(files))).rejects.toThrow(/^ENAMETOOLONG: /u);
  expect(await readFolder(root, "generated")).toEqual(before);
});

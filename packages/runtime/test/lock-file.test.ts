import { mkdtemp, readdir, readFile, rm, stat, writeFile, mkdir } from "node:fs/promises";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { lockFile } from "../src/node/lock-file.ts";

const refuse = (holder: string): Error => new Error(`held by ${holder}`);
const id = "9b2e6f0c-1d7a-4c55-8e3b-0a4f5d6c7b81";
let folder: string;
let lock: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "audit-logs-lock-"));
  lock = join(folder, "lock");
});
afterEach(() => rm(folder, { recursive: true }));

test("a lock names its process to those that it refuses, and only its owner can read it", async () => {
  const unlock = await lockFile(lock, refuse);
  await expect(lockFile(lock, refuse)).rejects.toThrow(`held by ${process.pid} on ${hostname()}`);
  expect((await stat(lock)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(["lock"]);
  await unlock();
  expect(await readdir(folder)).toEqual([]);
});

test.each([
  ["a process that is dead", `4194305 on ${hostname()}\n${id}\nlong ago`],
  ["a process that was killed while it wrote", ""],
  ["no process", `0 on ${hostname()}\n${id}\nlong ago`],
  ["every process", `-1 on ${hostname()}\n${id}\nlong ago`],
  ["a process, with an id that is a path", `1 on elsewhere\n../${id}\nlong ago`],
  ["an earlier process with this one's number", `${process.pid} on ${hostname()}\n${id}\nlong ago`],
])("the lock of %s is replaced", async (_, content) => {
  await writeFile(lock, content);
  await lockFile(lock, refuse);
  expect(await readFile(lock, "utf8")).toMatch(`${process.pid} on ${hostname()}\n`);
  expect(await readdir(folder)).toEqual(["lock"]);
});

test("the lock of an earlier process with the number of a running one is replaced", async ({
  skip,
}) => {
  if (process.platform !== "linux") skip("It does not say when another process started");
  await writeFile(lock, `${process.ppid} on ${hostname()}\n${id}\nlong ago`);
  await lockFile(lock, refuse);
  expect(await readdir(folder)).toEqual(["lock"]);
});

test("a file system without links has locks, too", async () => {
  const operations = {
    create: (path: string, text: string) => writeFile(path, text, { flag: "wx", mode: 0o600 }),
    link: () => Promise.reject(Object.assign(new Error("no links"), { code: "EOPNOTSUPP" })),
    remove: (path: string) => rm(path, { force: true }),
    read: (path: string) => readFile(path, "utf8"),
  };
  const unlock = await lockFile(lock, refuse, operations);
  await expect(lockFile(lock, refuse, operations)).rejects.toThrow(`held by ${process.pid}`);
  expect(await readdir(folder)).toEqual(["lock"]);
  await unlock();
  expect(await readdir(folder)).toEqual([]);
});

test("the lock of another host is not replaced", async () => {
  const content = `1 on elsewhere\n${id}\nlong ago`;
  await writeFile(lock, content);
  await expect(lockFile(lock, refuse)).rejects.toThrow("held by 1 on elsewhere");
  expect(await readFile(lock, "utf8")).toBe(content);
});

test.each([
  ["a process that runs", process.ppid],
  // Nobody may signal it but its user.
  ["another user's process", 1],
])("the lock of %s is not replaced", async (_, pid) => {
  await lockFile(lock, refuse);
  // Only Linux says when another process started.
  const [, , boot = ""] = (await readFile(lock, "utf8")).split(/\n| (?=\d+$)/);
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  const ticks = text.replace(/^.*\) /s, "").split(" ")[19];
  const content = `${pid} on ${hostname()}\n${id}\n${boot} ${ticks}`;
  await writeFile(lock, content);
  await expect(lockFile(lock, refuse)).rejects.toThrow(`held by ${pid} on ${hostname()}`);
  expect(await readFile(lock, "utf8")).toBe(content);
});

test("where nothing says when other processes started, their locks are not replaced", async () => {
  vi.spyOn(fs, "readFileSync").mockImplementation(() => {
    throw new Error("there is no /proc");
  });
  syncBuiltinESMExports();
  try {
    await writeFile(lock, `${process.pid} on ${hostname()}\n${id}\nlong ago`);
    const unlock = await lockFile(lock, refuse);
    await expect(lockFile(lock, refuse)).rejects.toThrow(`held by ${process.pid}`);
    await unlock();
    await writeFile(lock, `${process.ppid} on ${hostname()}\n${id}\nlong ago`);
    await expect(lockFile(lock, refuse)).rejects.toThrow(`held by ${process.ppid}`);
  } finally {
    vi.restoreAllMocks();
    syncBuiltinESMExports();
  }
});

test("a lock that cannot be read is not replaced", async () => {
  await mkdir(lock);
  await expect(lockFile(lock, refuse)).rejects.toMatchObject({ code: "EISDIR" });
  expect(await readdir(folder)).toEqual(["lock"]);
});

test("a lock in a folder that does not exist is Node's own error", async () => {
  await expect(lockFile(join(folder, "a", "lock"), refuse)).rejects.toMatchObject({
    code: "ENOENT",
  });
});

import { mkdtemp, readdir, readFile, rm, stat, writeFile, mkdir } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockFile } from "../src/node/lock-file.ts";

const refuse = (holder: string): Error => new Error(`held by ${holder}`);
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
  ["process that is dead", `4194305 on ${hostname()}\nan-id`],
  ["process that was killed while it wrote", ""],
])("the lock of a %s is replaced", async (_, content) => {
  await writeFile(lock, content);
  await lockFile(lock, refuse);
  expect(await readFile(lock, "utf8")).toMatch(`${process.pid} on ${hostname()}\n`);
  expect(await readdir(folder)).toEqual(["lock"]);
});

test.each([
  ["another host", "1 on elsewhere"],
  ["a process that runs", `${process.ppid} on ${hostname()}`],
  // Nobody may signal it but its user.
  ["another user's process", `1 on ${hostname()}`],
])("the lock of %s is not replaced", async (_, content) => {
  await writeFile(lock, content);
  await expect(lockFile(lock, refuse)).rejects.toThrow(`held by ${content}`);
  expect(await readFile(lock, "utf8")).toBe(content);
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

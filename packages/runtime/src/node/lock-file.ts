import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { link, readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { performance } from "node:perf_hooks";
import { isObject } from "../values.ts";

/** What a lock does to files, so that a test can stop it between any two steps. */
export interface LockOperations {
  /** Creates a file that only its owner can read. Fails with EEXIST if there is one. */
  create(path: string, text: string): Promise<void>;
  /** Gives a file a second name. Fails with EEXIST if the name is taken. */
  link(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  read(path: string): Promise<string>;
}

const fileOperations: LockOperations = {
  create: (path, text) => writeFile(path, text, { flag: "wx", mode: 0o600, flush: true }),
  link,
  remove: (path) => rm(path, { force: true }),
  read: (path) => readFile(path, "utf8"),
};

/** A lock's content: its process and host, its id, and the start of the process. */
const content = /^([1-9]\d*) on (.*)\n([\da-f-]{36})(?:\n(.+))?$/;

/**
 * Creates a lock file, which names this process. Replaces the lock of a dead process.
 *
 * @param refuse makes the error that is thrown if another process holds the lock, or, without a holder, if the
 *   file is no lock
 * @returns a function that releases the lock
 */
export async function lockFile(
  file: string,
  refuse: (holder?: string) => Error,
  operations: LockOperations = fileOperations,
): Promise<() => Promise<void>> {
  for (;;) {
    const id = randomUUID();
    // Not made out of the file's name, which may be as long as a name can be.
    const candidate = join(dirname(file), `.${id}.lock`);
    try {
      const { pid } = process;
      const text = `${pid} on ${hostname()}\n${id}\n${startOf(pid)}`;
      await operations.create(candidate, text);
      // The lock appears with its content, or not at all.
      await operations.link(candidate, file).catch((error: unknown) => {
        // FAT and some network shares have no links.
        if (!["ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EPERM"].some((code) => hasCode(error, code))) {
          throw error;
        }
        return operations.create(file, text);
      });
      return () => operations.remove(file);
    } catch (error) {
      if (!hasCode(error, "EEXIST")) throw error;
    } finally {
      await operations.remove(candidate);
    }
    const lock = await readLock(file, operations).catch((error: unknown) => {
      throw hasCode(error, "EACCES") ? refuse("a process of another user") : error;
    });
    if (lock === undefined) continue;
    // An empty file may be a lock of flock(1).
    if (!/^-?\d+ on /.test(lock)) throw refuse();
    const [, pid, host, holderId = "", start] = content.exec(lock) ?? [];
    if (host !== undefined && isAlive(Number(pid), host, start)) {
      throw refuse(`process ${pid} on ${host}`);
    }
    // Others may have found the same dead process. The one that holds this second lock may remove the
    // first, so that nobody removes the lock of the process that came next.
    const unlock = await lockFile(join(dirname(file), `.${holderId}.dead`), refuse, operations);
    try {
      if ((await readLock(file, operations)) === lock) await operations.remove(file);
    } finally {
      await unlock();
    }
  }
}

/** The content of a lock; undefined if it has been released. */
async function readLock(file: string, { read }: LockOperations): Promise<string | undefined> {
  try {
    return await read(file);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** Whether the holder of a lock may be running. A process on another host always may. */
function isAlive(pid: number, host: string, start: string | undefined): boolean {
  if (host !== hostname()) return true;
  try {
    // Signal 0 only tests whether the process exists.
    process.kill(pid, 0);
  } catch (error) {
    if (!hasCode(error, "EPERM")) return false;
  }
  return start === undefined || (startOf(pid) ?? start) === start;
}

/**
 * When a process started, or "" if it is dead: a process in a container has the same number after every restart.
 * Without `/proc`, this is known of the current process only.
 */
function startOf(pid: number): string | undefined {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // Field 22, in ticks since the boot (proc_pid_stat(5)). Field 2, in parentheses, may contain spaces.
    const [, state = "", ...fields] = stat.slice(stat.lastIndexOf(")")).split(" ");
    // A dead process has a number until its parent asks for its result.
    return /[XZ]/.test(state) ? "" : `${boot} ${fields[18]}`;
  } catch {
    return pid === process.pid ? String(performance.timeOrigin) : undefined;
  }
}

/** Without `instanceof`: in Jest, Node's errors are not of the realm's class. */
function hasCode(error: unknown, code: string): boolean {
  return isObject(error) && error["code"] === code;
}

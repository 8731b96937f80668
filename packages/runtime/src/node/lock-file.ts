import { randomUUID } from "node:crypto";
import { link, readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";

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
  create: (path, text) => writeFile(path, text, { flag: "wx", mode: 0o600 }),
  link,
  remove: (path) => rm(path, { force: true }),
  read: (path) => readFile(path, "utf8"),
};

/**
 * Creates a lock file, which names this process. Replaces the lock of a dead process.
 *
 * @param refuse makes the error that is thrown if another process holds the lock
 * @returns a function that releases the lock
 */
export async function lockFile(
  file: string,
  refuse: (holder: string) => Error,
  operations: LockOperations = fileOperations,
): Promise<() => Promise<void>> {
  for (;;) {
    const id = randomUUID();
    const candidate = `${file}.${id}`;
    try {
      await operations.create(candidate, `${process.pid} on ${hostname()}\n${id}`);
      // The lock appears with its content, or not at all.
      await operations.link(candidate, file);
      return () => operations.remove(file);
    } catch (error) {
      if (!hasCode(error, "EEXIST")) throw error;
    } finally {
      await operations.remove(candidate);
    }
    const lock = await readLock(file, operations);
    if (lock === undefined) continue;
    const [holder = "", holderId = ""] = lock.split("\n");
    if (isAlive(holder)) throw refuse(holder);
    // Others may have found the same dead process. The one that holds this second lock may remove the
    // first, so that nobody removes the lock of the process that came next.
    const unlock = await lockFile(`${file}.${holderId}.dead`, refuse, operations);
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
function isAlive(holder: string): boolean {
  const [pid = "", , host] = holder.split(" ");
  if (host !== hostname()) return host !== undefined;
  try {
    // Signal 0 only tests whether the process exists.
    return process.kill(Number(pid), 0);
  } catch (error) {
    return hasCode(error, "EPERM");
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

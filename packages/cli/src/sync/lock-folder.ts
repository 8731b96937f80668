import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { join } from "node:path";
import { Failure } from "../failure.ts";
import type { FileOperations } from "./file-operations.ts";

const lockName = ".sync.lock";

/**
 * Locks a folder, also when the process that held the lock is dead.
 *
 * @returns a function that releases it
 */
export async function lockFolder(
  folder: string,
  files: FileOperations,
): Promise<() => Promise<void>> {
  const lock = join(folder, lockName);
  const candidate = `${lock}.${randomUUID()}`;
  for (;;) {
    try {
      await files.write(candidate, once(`${process.pid} on ${hostname()}`), true);
      // The lock appears with its content, or not at all.
      await files.link(candidate, lock);
      return () => files.remove(lock);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    } finally {
      await files.remove(candidate);
    }
    const holder = await files.read(lock).catch(() => "");
    if (isAlive(holder)) {
      throw new Failure(`${folder}: process ${holder} synchronizes it`, {
        code: "locked",
        next: `Try again later; if that process does not run any more, delete ${lock}`,
      });
    }
    // Two processes may find a dead one's lock. A lock that is new by then is put back.
    await files.rename(lock, candidate).catch(() => undefined);
    const moved = await files.read(candidate).catch(() => holder);
    if (moved === holder) await files.remove(candidate);
    else await files.rename(candidate, lock);
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
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

async function* once(text: string): AsyncGenerator<string, void, undefined> {
  yield text;
}

import { join } from "node:path";
import { lockFile } from "@audit-logs/runtime/node/lock-file";
import { Failure } from "../failure.ts";
import type { FileOperations } from "./file-operations.ts";

/**
 * Locks a folder, also when the process that held the lock is dead.
 *
 * @returns a function that releases it
 */
export function lockFolder(folder: string, files: FileOperations): Promise<() => Promise<void>> {
  const lock = join(folder, ".sync.lock");
  const refuse = (holder?: string): Failure =>
    holder === undefined
      ? new Failure(`${lock} is empty, or not a lock of this command`, {
          code: "locked",
          next: "Delete it if nothing uses it, or sync another folder",
        })
      : new Failure(`${folder} is already being synced by ${holder}`, {
          code: "locked",
          next: `Try again later; if that process is no longer running, delete ${lock}`,
        });
  return lockFile(lock, refuse, {
    create: (path, text) => files.write(path, [text], true),
    link: files.link,
    remove: files.remove,
    read: files.read,
  });
}

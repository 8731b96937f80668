import { constants } from "node:fs";
import { open, readdir, readFile, rename, rm, link } from "node:fs/promises";

/** The changes that a sync makes to its folder, so that a test can stop it between any two. */
export interface FileOperations {
  /** Creates a file that only its owner can read, and replaces an existing one unless `isExclusive`. */
  write(
    path: string,
    chunks: AsyncIterable<string> | readonly string[],
    isExclusive?: boolean,
  ): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Gives a file a second name. Fails with EEXIST if the name is taken. */
  link(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  list(folder: string): Promise<readonly string[]>;
  read(path: string): Promise<string>;
}

export const fileOperations: FileOperations = {
  async write(path, chunks, isExclusive = false) {
    const { O_CREAT, O_WRONLY, O_NOFOLLOW, O_TRUNC, O_EXCL } = constants;
    const mode = isExclusive ? O_EXCL : O_TRUNC;
    const file = await open(path, O_CREAT | O_WRONLY | O_NOFOLLOW | mode, 0o600);
    try {
      for await (const chunk of chunks) await file.appendFile(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
  },
  rename,
  link,
  remove: (path) => rm(path, { force: true }),
  list: (folder) => readdir(folder),
  read: (path) => readFile(path, "utf8"),
};

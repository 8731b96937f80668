import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * Writes files, by their paths from the root, all inside one folder. They are written beside their
 * places first and then moved there, so that a full disk or a signal leaves the old ones whole.
 */
export async function writeAll(
  root: string,
  folder: string,
  files: ReadonlyMap<string, string | Uint8Array>,
): Promise<void> {
  if (files.size === 0) return;
  await mkdir(join(root, folder), { recursive: true });
  const staging = await mkdtemp(join(root, folder, ".staging-"));
  try {
    const moves: [from: string, to: string][] = [];
    for (const [file, content] of files) {
      const from = join(staging, `${moves.length}`);
      await mkdir(dirname(join(root, file)), { recursive: true });
      await writeFile(from, content);
      moves.push([from, join(root, file)]);
    }
    for (const [from, to] of moves) await rename(from, to);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

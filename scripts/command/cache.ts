import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Returns the folder of this name in the user's cache. A missing folder is filled under a temporary name
 * first, and moved into place when it is complete.
 */
export async function keepInCache(
  name: string,
  fill: (folder: string) => Promise<unknown>,
): Promise<string> {
  // In the user's home, where no other user can place a program.
  const cache = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "audit-logs");
  const place = join(cache, name);
  if (existsSync(place)) return place;
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(`${place}-`);
  try {
    await fill(draft);
    await rename(draft, place).catch((error: unknown) => {
      // Another process may have filled it meanwhile.
      if (!existsSync(place)) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return place;
}

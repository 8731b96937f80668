import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

// The user's own, so that nobody else can put a program there.
const cache = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "audit-logs");

/**
 * Gives the folder of this name in the user's cache. If it is not there, it is filled beside its place,
 * and moved there when it is whole.
 */
export async function keepInCache(
  name: string,
  fill: (folder: string) => Promise<unknown>,
): Promise<string> {
  const place = join(cache, name);
  if (existsSync(place)) return place;
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(`${place}-`);
  try {
    await fill(draft);
    await rename(draft, place);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return place;
}

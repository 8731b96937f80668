import { readdir, rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readFolder } from "../command/read-folder.ts";
import { writeAll } from "../command/write.ts";

/** Reads the generated files of all APIs, keyed by path from the root. */
export async function readGenerated(root: string): Promise<Map<string, string>> {
  const files = Object.entries(await readFolder(root, "generated"))
    // The package's own manifest, and files that tools leave there, belong to no API.
    .filter(([file]) => /^generated\/(?!node_modules|\.)[^/]+\/./u.test(file));
  return new Map(files.map(([file, bytes]) => [file, String(bytes)]));
}

/** Makes `generated/` contain exactly the expected files, and no empty folders. Files that are up to date are not written. */
export async function writeGenerated(
  root: string,
  actual: ReadonlyMap<string, string>,
  expected: ReadonlyMap<string, string>,
): Promise<void> {
  const changed = [...expected].filter(([file, text]) => actual.get(file) !== text);
  await writeAll(root, "generated", new Map(changed));
  for (const file of actual.keys()) {
    if (expected.has(file)) continue;
    await rm(join(root, file));
    let folder = join(root, dirname(file));
    while ((await readdir(folder)).length === 0) {
      await rmdir(folder);
      folder = dirname(folder);
    }
  }
}

import { readdir, readFile, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import { writeAll } from "../command/write.ts";

/** Reads the generated files of all APIs, keyed by path from the root. */
export async function readGenerated(root: string): Promise<Map<string, string>> {
  const entries = await readdir(join(root, "generated"), {
    recursive: true,
    withFileTypes: true,
  }).catch(() => []);
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    // The package's own manifest, and files that tools leave there, belong to no API.
    .filter((file) => /^generated\/(?!node_modules|\.)[^/]+\/./u.test(file));
  return new Map(
    await Promise.all(
      files.map(async (file) => [file, await readFile(join(root, file), "utf8")] as const),
    ),
  );
}

/** Makes `generated/` contain exactly the expected files. Files that are up to date are not written. */
export async function writeGenerated(
  root: string,
  actual: ReadonlyMap<string, string>,
  expected: ReadonlyMap<string, string>,
): Promise<void> {
  const changed = [...expected].filter(([file, text]) => actual.get(file) !== text);
  await writeAll(root, "generated", new Map(changed));
  for (const file of actual.keys()) if (!expected.has(file)) await rm(join(root, file));
}

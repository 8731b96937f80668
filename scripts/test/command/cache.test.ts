import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { keepInCache } from "../../command/cache.ts";
import { makeProject } from "../project.ts";

const fill = (text: string) => (folder: string) => writeFile(join(folder, "file"), text);

let home: string;
beforeEach(async () => {
  home = await makeProject({});
  vi.stubEnv("XDG_CACHE_HOME", home);
});
afterEach(() => void vi.unstubAllEnvs());

test("fills a folder of the cache once, also if two begin at the same time", async () => {
  const both = await Promise.all([
    keepInCache("tool", fill("same")),
    keepInCache("tool", fill("same")),
  ]);
  const later = await keepInCache("tool", fill("other"));

  const place = join(home, "audit-logs", "tool");
  expect([...both, later]).toEqual([place, place, place]);
  expect(await readFile(join(place, "file"), "utf8")).toBe("same");
  expect(await readdir(join(home, "audit-logs"))).toEqual(["tool"]);
});

test("fails if the folder cannot be moved into place", async () => {
  await expect(keepInCache("tool", (folder) => rm(folder, { recursive: true }))).rejects.toThrow(
    "ENOENT",
  );
});

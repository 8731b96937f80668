import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { keepInCache } from "../../command/cache.ts";
import { makeProject } from "../project.ts";

const fill = (text: string) => (folder: string) => writeFile(join(folder, "file"), text);

test("fills a folder of the cache once, also if two begin at the same time", async () => {
  const home = await makeProject({});
  vi.stubEnv("XDG_CACHE_HOME", home);
  onTestFinished(() => void vi.unstubAllEnvs());

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

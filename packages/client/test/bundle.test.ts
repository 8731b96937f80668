import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "tsdown";
import * as operations from "@audit-logs/generated/audit-logs/operations";
import { afterAll, expect, test } from "vitest";

const folder = await mkdtemp(join(tmpdir(), "bundle-"));
afterAll(() => rm(folder, { recursive: true }));
const path = (name: string): string =>
  JSON.stringify(fileURLToPath(new URL(name, import.meta.url)));

test("a program that imports one operation's facts does not bundle those of others", async () => {
  const entry = join(folder, "program.ts");
  await writeFile(
    entry,
    `import { createMethods, createSession } from ${path("../../runtime/src/index.ts")};
    import { getExportJobStatus } from ${path("../../../generated/audit-logs/operations.ts")};
    console.log(createMethods(createSession({}), { getExportJobStatus }));`,
  );
  const outDir = join(folder, "dist");
  await build({ config: false, cwd: folder, entry, outDir, logLevel: "silent", noExternal: [/./] });
  const code = await readFile(join(outDir, "program.mjs"), "utf8");
  expect(code).toContain(operations.getExportJobStatus.path);
  const others = Object.values(operations).filter(({ path: own }) => code.includes(`"${own}"`));
  expect(others).toEqual([operations.getExportJobStatus]);
});

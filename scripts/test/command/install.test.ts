import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { write } from "../../fixtures/project.ts";
import { installDependencies } from "../../command/install.js";
import { terminal } from "../../command/terminal.js";

// `pnpm test:environments` installs for real. This npm only notes that it was called, and fills the folders.
const npm = `const { appendFileSync, mkdirSync } = require("node:fs");
appendFileSync("calls", "called\\n");
if (process.env["FAILS"]) process.exit(1);
for (const folder of [".", "packages/a"]) mkdirSync(folder + "/node_modules", { recursive: true });
`;

async function makeWorkspace(): Promise<{ root: string; calls: () => Promise<number> }> {
  const root = await mkdtemp(join(tmpdir(), "install-"));
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    await rm(root, { recursive: true });
  });
  await write(root, {
    "npm-cli.js": npm,
    "package.json": JSON.stringify({ devEngines: { packageManager: { version: "1.0.0" } } }),
    "packages/a/package.json": "{}",
  });
  vi.stubEnv("npm_execpath", join(root, "npm-cli.js"));
  vi.spyOn(terminal, "print").mockReturnValue();
  const calls = async (): Promise<number> =>
    (await readFile(join(root, "calls"), "utf8")).split("\n").length - 1;
  return { root, calls };
}

test("installs once, and again when the lockfile, the settings or Node.js changes, or a package's node_modules is gone", async () => {
  const { root, calls } = await makeWorkspace();
  const stamp = join(root, "node_modules/.cache/installed");
  const steps = [
    () => undefined,
    () => undefined,
    () => writeFile(join(root, "pnpm-lock.yaml"), "changed"),
    () => writeFile(join(root, "pnpm-workspace.yaml"), "changed"),
    // As if an older Node.js had installed them.
    async () => {
      const text = await readFile(stamp, "utf8");
      await writeFile(stamp, text.replace(process.version, "v18.0.0"));
    },
    () => rm(join(root, "packages/a/node_modules"), { recursive: true }),
    () => undefined,
  ];
  const counts: number[] = [];
  for (const step of steps) {
    await step();
    expect(await installDependencies(root)).toBe(true);
    counts.push(await calls());
  }
  expect(counts).toEqual([1, 1, 2, 3, 4, 5, 5]);
});

test("names the usual causes of a failed installation, and tries again", async () => {
  const { root, calls } = await makeWorkspace();
  const printError = vi.spyOn(terminal, "printError").mockReturnValue();
  vi.stubEnv("FAILS", "1");
  expect(await installDependencies(root)).toBe(false);
  const message = String(printError.mock.lastCall);
  for (const cause of ["registry", "npm_config_cache", "pnpm-lock.yaml"]) {
    expect(message).toContain(cause);
  }
  vi.stubEnv("FAILS", undefined);
  expect(await installDependencies(root)).toBe(true);
  expect(await calls()).toBe(2);
});

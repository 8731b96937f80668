import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { change } from "../../change.js";
import { releasePending } from "../../release-pending.js";
import { makeProject } from "../project.ts";
import { runCommand } from "../../command/run-script.ts";

test.each<[args: string[], fault: string]>([
  [["a", "b"], "It takes one folder"],
  [["--nonsense"], "Unknown option '--nonsense'"],
])("refuses %s, with the synopsis and not the whole help", async (args, fault) => {
  const { exitCode, stdout, stderr } = await runCommand(releasePending, args);
  expect(stderr).toMatch(/^✘ .+\. Usage: npm run release:pending .+\.\n$/u);
  expect(stderr.startsWith(`✘ ${fault}. Usage`)).toBe(true);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
});

test("names a file that cannot be read, says what to do, and leaves nothing behind", async () => {
  const root = await makeProject({});
  const [folder, text] = [join(root, "proposal"), join(root, "none.md")];
  const { exitCode, stderr } = await runCommand(change, [folder, "--text", text, "--root", root]);
  expect(stderr).toBe(
    `✘ ENOENT: no such file or directory, open '${text}'. Check the path and its permissions.\n`,
  );
  expect(exitCode).toBe(2);
  expect(existsSync(folder)).toBe(false);
});

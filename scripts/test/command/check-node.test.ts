import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repository } from "../../command/repository.js";
import { runProgram } from "../../command/program.js";
import { makeProject } from "../project.ts";

test("what a newcomer starts says which Node.js it needs, if that is older", async () => {
  const folder = await makeProject({
    "old.cjs": 'Object.defineProperty(process, "versions", { value: { node: "18.20.8" } });',
  });
  const preload = join(folder, "old.cjs");
  const { scripts } = JSON.parse(await readFile(join(repository, "package.json"), "utf8"));

  for (const name of ["start", "test", "bootstrap"]) {
    const [program, ...args] = scripts[name].split(" ");
    expect(program).toBe("node");
    expect(
      await runProgram(process.execPath, ["--require", preload, ...args], { cwd: repository }),
    ).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: "✘ Node.js 18.20.8 is too old. Install 20.19 or later.\n",
    });
  }
});

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repository } from "../../command/repository.js";
import { runProgram } from "../../command/program.js";
import { makeProject } from "../project.ts";

/** A file to preload, so that this Node.js passes for another version. */
async function makePreload(node: string): Promise<string> {
  const file = "versions.cjs";
  const folder = await makeProject({
    [file]: `Object.defineProperty(process, "versions", { value: { node: "${node}" } });`,
  });
  return join(folder, file);
}

test("what a newcomer starts says which Node.js it needs, if this one is older", async () => {
  const preload = await makePreload("18.20.8");
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

test.each(["20.19.0", "20.20.1", "22.0.0"])("accepts Node.js %s", async (version) => {
  const check = join(repository, "scripts/command/check-node.cjs");
  expect(
    await runProgram(process.execPath, ["--require", await makePreload(version), check]),
  ).toEqual({ exitCode: 0, stdout: "", stderr: "" });
});

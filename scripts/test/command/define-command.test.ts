import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { defineCommand } from "../../command/define-command.js";
import { generateCommand } from "../../generate.ts";
import { specPull } from "../../spec-pull.ts";
import { change } from "../../change.js";
import { description, schemas, small, things } from "../../fixtures/project.ts";
import { afterGoodRun, makeProject, snapshot } from "../project.ts";
import { runScript, runCommand } from "../../command/run-script.ts";

describe("the command", () => {
  test("exits with 0, and prints one line per stage", async () => {
    const root = await afterGoodRun({});
    const { exitCode, stdout, stderr } = await runCommand(generateCommand, [
      "--root",
      root,
      "--check",
    ]);
    expect(stdout.replaceAll(/\d+ ms/gu, "… ms")).toBe(
      "✔ x: guard … ms\n✔ x: overlay … ms\n✔ x: lint … ms\n✔ x: types and operations … ms\nx: 1 operation can use no server URL (/), so a client needs a baseUrl; the first is GET /things\n3 generated files are up to date\n",
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  });

  test("exits with 1 at a finding, and prints one JSON object with --json", async () => {
    const root = await afterGoodRun({ [description]: things.replace("3.1.0", "4.0.0") });
    const { exitCode, stdout, stderr } = await runCommand(generateCommand, [
      "--json",
      "--root",
      root,
    ]);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      problems: [
        {
          file: description,
          place: "#/openapi",
          fault: expect.stringContaining('OpenAPI "4.0.0" is not supported'),
          remedy: expect.stringContaining("overlay action"),
        },
      ],
    });
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: "" });
  });

  test("exits with 2 at an unknown flag, and prints each way to write the command", async () => {
    const { exitCode, stdout, stderr } = await runCommand(specPull, ["--force"]);
    expect(stderr).toMatch(
      /^✘ command line: Unknown option '--force'\. Usage: pnpm spec:pull <api> .+ \[--json\], or pnpm spec:pull --check .+\.\n$/u,
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  });

  test("names a file that cannot be read, says what to do, and leaves nothing behind", async () => {
    const root = await makeProject({});
    const [folder, text] = [join(root, "proposal"), join(root, "none.md")];
    const { exitCode, stderr } = await runCommand(change, [folder, "--text", text, "--root", root]);
    expect(stderr).toBe(
      `✘ ${text}: The file or its folder does not exist. Check the path and its permissions.\n`,
    );
    expect(exitCode).toBe(2);
    expect(existsSync(folder)).toBe(false);
  });

  test("exits with 2 at an empty source", async () => {
    const { exitCode, stderr } = await runCommand(specPull, ["x", ""]);
    expect(stderr).toMatch(/^✘ command line: It takes the name of an API, and files or URLs\. /u);
    expect(exitCode).toBe(2);
  });

  test("exits with 2 at an argument that is not an option, and names it", async () => {
    const { exitCode, stderr } = await runCommand(generateCommand, ["foo"]);
    expect(stderr).toBe(
      "✘ command line: Unexpected argument 'foo'. Usage: pnpm generate [--root DIR] [--check] [--json].\n",
    );
    expect(exitCode).toBe(2);
  });

  test("prints the stack of an internal error, line by line, and asks for a report", async () => {
    const faulty = defineCommand("pnpm faulty", {}, () =>
      Promise.reject(new TypeError("one\ntwo")),
    );
    const { exitCode, stderr } = await runCommand(faulty, []);
    expect(stderr).toMatch(
      /^✘ internal error: one\\u000atwo\. This is a bug in the command; report it .+\.\n(?: +at .+\n)+$/u,
    );
    expect(exitCode).toBe(2);
  });

  test("prints help with --help", async () => {
    const { exitCode, stdout, stderr } = await runCommand(specPull, ["--help"]);
    expect(stdout).toMatch(
      /^pnpm spec:pull <api> .+\n[^]+Exit codes: 0 fine, 1 a finding, 2 wrong usage or environment\.\n$/u,
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  });

  test("exits with 2 when the disk is full, and leaves the old files intact", async () => {
    const root = await afterGoodRun({
      ...small,
      [description]: schemas(
        `    A: { type: string, description: "${"many words ".repeat(10_000)}" }`,
      ),
    });
    const before = await snapshot(root);
    await runScript("run.js", ["generate", "--help"]);
    // Limits files to 64 blocks of 1 KiB. Without the trap, the signal would kill the process.
    const { exitCode, stderr } = await runScript("run.js", ["generate", "--root", root], {
      setup: "trap '' XFSZ; ulimit -f 64",
    });
    expect(stderr).toMatch(
      /^✘ generated\/x\/\S+: EFBIG: file too large, write\. Free some space or raise the limit, and run it again\.\n$/u,
    );
    expect(exitCode).toBe(2);
    expect(await snapshot(root)).toEqual(before);
  });
});

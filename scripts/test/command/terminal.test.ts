import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text as readText } from "node:stream/consumers";
import { styleText } from "node:util";
import { expect, test } from "vitest";
import { childEnvironment } from "../../command/environment.js";
import { runProgram } from "../../command/program.js";
import { withoutCommands, wrap } from "../../command/terminal.js";
import { runScript } from "../../command/run-script.ts";
import { makeProject } from "../project.ts";

test.each([
  ["one two three", 20, "one two three"],
  ["one two three", 8, "one two\n  three"],
  ["  ✔ one two three", 10, "  ✔ one\n    two\n    three"],
  ["a-word-that-is-wider than", 10, "a-word-that-is-wider\n  than"],
  ["one  two", 20, "one  two"],
  ["one\n\ntwo three", 5, "one\n\ntwo\n  three"],
  ["", 5, ""],
])("wraps %j at words for %i columns", (text, columns, expected) => {
  expect(wrap(text, columns)).toBe(expected);
});

test.each([
  ["::error::x", "\\::error::x"],
  ["a\n  ::set-env name=a::b", "a\n  \\::set-env name=a::b"],
  ["a ##[command]b", "a #\\#[command]b"],
  ["a::b # c", "a::b # c"],
])("escapes GitHub Actions commands: %j", (text, expected) => {
  expect(withoutCommands(text)).toBe(expected);
});

test("does not count colours", () => {
  const green = styleText("green", "one", { validateStream: false });
  expect(wrap(`${green} two`, 7)).toBe(`${green} two`);
});

test("does not wrap without a terminal", () => {
  expect(wrap("word ".repeat(100), undefined)).toBe("word ".repeat(100));
});

test("continues quietly when nobody reads its output", async () => {
  const module = new URL("../../command/terminal.js", import.meta.url);
  const program = `import { terminal } from "${module}";
    for (const line of ["one", "two"]) {
      terminal.print(line);
      await new Promise(setImmediate);
    }
    process.exitCode = 1;`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    env: childEnvironment(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exit = once(child, "exit");
  const stderr = readText(child.stderr);
  child.stdout.destroy();
  expect(await stderr).toBe("");
  expect(await exit).toEqual([1, null]);
});

test("writes colours to a terminal, and none to a file", async () => {
  const module = new URL("../../command/terminal.js", import.meta.url);
  const program = `process.stdout.isTTY = true;
    const { terminal } = await import("${module}");
    for (const write of [terminal.print, terminal.printError]) write(terminal.paint("red", "one"));`;
  const args = ["--input-type=module", "--eval", program];
  const { stdout, stderr } = await runProgram(process.execPath, args);
  expect(stdout).toBe("\u001b[31mone\u001b[39m\n");
  expect(stderr).toBe("one\n");
});

test.each([
  ["stdout", "", /^✘ stdout: EFBIG: .+\. Check where the output goes\.\n$/u],
  ["both outputs", " 2>&1", /^$/u],
])("exits with 2 if %s cannot be written, and says so if it can", async (_, more, message) => {
  const folder = await makeProject({});
  const { exitCode, stderr } = await runScript("change.js", ["--help"], {
    setup: `exec >'${join(folder, "output")}'${more}; trap '' XFSZ; ulimit -f 0`,
  });
  expect(stderr).toMatch(message);
  expect(exitCode).toBe(2);
});

import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defaultJobId, startMockServer } from "@audit-logs/mock-server";
import { expect, test } from "vitest";
import { childEnvironment } from "../../../scripts/command/environment.js";
import { runProgram } from "../../../scripts/command/program.js";
import { completionScripts } from "../src/completion-scripts.ts";
import { run } from "./run.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const commands = [...readme.matchAll(/^audit-logs .*$/gm)].map(([line]) =>
  line.replace(/ {2,}#.*/, ""),
);

/** What is added to the commands that poll. */
const noPauses = ["--interval", "1ms"];

/** Writes a program that the shell finds. */
function writeProgram(folder: string, name: string, script: string): void {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

test("every command of the README does what it says, as it is written there but without pauses", async () => {
  const jobs = { [defaultJobId]: { steps: [{ status: "completed" }] } };
  await using server = await startMockServer({ jobs });
  const folder = temporaryFolder();
  const bin = join(folder, "bin");
  mkdirSync(bin);
  writeProgram(
    bin,
    "audit-logs",
    `[ "$1" = export ] && set -- "$@" ${noPauses.join(" ")}\nexec "${process.execPath}" "${cli}" "$@"`,
  );
  // It need not be installed.
  writeProgram(bin, "jq", `[ "$*" = .message ] && exec cat`);
  const variables = { AUDIT_LOGS_TOKEN: "a-token", AUDIT_LOGS_BASE_URL: server.url };
  const path = `${bin}:${childEnvironment()["PATH"]}`;
  const env = childEnvironment({ ...variables, HOME: folder, PATH: path });
  const shell = (script: string) => runProgram("/bin/sh", ["-c", script], { env, cwd: folder });

  const splitWords = async (command: string): Promise<string[]> => {
    const { stdout } = await shell(
      `words() { printf '%s\\n' "$@"; }; ${command.replace("audit-logs", "words")}`,
    );
    const list = stdout.trimEnd().split("\n");
    return [...list, ...(/^(?:export|sync|demo)$/.test(list[0] ?? "") ? noPauses : [])];
  };

  const outputs: [string, string][] = [];
  const before = process.cwd();
  process.chdir(folder);
  try {
    for (const command of commands) {
      const isShell = /[|>]/.test(command);
      const { exitCode, stdout, stderr } = isShell
        ? await shell(command)
        : // In this process, which is faster, and at a time that does not add windows every day.
          await run(await splitWords(command), {
            env: variables,
            now: () => new Date("2026-11-03T12:00:00Z"),
          });
      expect({ command, exitCode, stderr }).toMatchObject({ command, exitCode: 0 });
      outputs.push([command, stdout]);
    }
  } finally {
    process.chdir(before);
  }

  expect(outputs).toHaveLength(10);
  const lines = Object.fromEntries(
    outputs.map(([command, stdout]) => [command, stdout.split("\n").length - 1]),
  );
  expect(lines).toMatchObject({
    "audit-logs export --from 7d -q action_verb:login -o - | jq .message": 5,
    [`audit-logs status ${defaultJobId}`]: 6,
    "audit-logs demo --fault expired-url": 1000,
    "audit-logs completion bash >> ~/.bashrc": 0,
  });
  expect(readFileSync(join(folder, ".bashrc"), "utf8")).toBe(`${completionScripts.bash}\n`);
  expect(readdirSync(folder)).toEqual(
    expect.arrayContaining(["week.jsonl", "week.jsonl.gz", "logs"]),
  );
  expect(readdirSync(join(folder, "logs"))).toHaveLength(2);
});

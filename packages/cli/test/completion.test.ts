import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test, vi } from "vitest";
import { childEnvironment } from "../../../scripts/command/environment.js";
import { runProgram } from "../../../scripts/command/program.js";
import { completionScripts } from "../src/completion-scripts.ts";
import { faultNames } from "../src/fault-names.ts";
import { openProgram, pty } from "./open-terminal.ts";
import { run } from "./run.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));

test("completes commands, options and values", async () => {
  const { stdout: commands } = await runProgram(process.execPath, [cli, "complete", "--", ""]);
  // The library prints to the console, and the first completions have shown that this is stdout.
  const log = vi.spyOn(console, "log").mockReturnValue();
  onTestFinished(() => log.mockRestore());
  const complete = async (...words: string[]): Promise<string> => {
    log.mockClear();
    expect(await run(["complete", "--", ...words])).toMatchObject({ exitCode: 0 });
    return log.mock.calls.map(([line]) => `${line}\n`).join("");
  };
  const options = await complete("status", "--js");
  const shells = await complete("completion", "");
  const faults = await complete("demo", "--fault", "");
  const spans = await complete("sync", "--every", "1");
  const times = await complete("list", "--from", "y");
  const files = await complete("export", "-o", "fi");
  const filesAfterEquals = await complete("export", "--output=fi");

  expect(commands).toContain("status\tprint the state of an export\n");
  expect(commands).toContain("completion\tprint a script for your shell");
  expect(options).toContain("--json\t");
  expect(shells).toBe("zsh\t\nbash\t\nfish\t\npowershell\t\n:4\n");
  expect(faults).toBe(`${faultNames.map((name) => `${name}\t\n`).join("")}:4\n`);
  expect(spans).toBe("1h\t\n1d\t\n:4\n");
  expect(times).toBe("yesterday\t\n:4\n");
  // The shell completes the names of files.
  expect([files, filesAfterEquals]).toEqual([":0\n", ":0\n"]);
});

test("prints the script of each shell", async () => {
  for (const [shell, script] of Object.entries(completionScripts)) {
    const stdout = `${script}\n`;
    expect(await run(["completion", shell])).toEqual({ exitCode: 0, stdout, stderr: "" });
  }
});

/** What is typed after the command, and what it becomes. */
const completions = [
  ["st", "status"],
  ["list --from y", "list --from yesterday"],
  ["list --from=y", "list --from=yesterday"],
  ["--org 'an org' demo --fault bad-l", "--org 'an org' demo --fault bad-line"],
  ["export -o prec", "export -o precious.jsonl"],
  ["export --output=prec", "export --output=precious.jsonl"],
  ["list > prec", "list > precious.jsonl"],
  ["list > precious.jsonl --li", "list > precious.jsonl --limit"],
  ["list --from $(touch injected) --li", "list --from $(touch injected) --limit"],
] as const;

/** Words that would change a file if they were evaluated. */
const dangerousWords = [
  "> precious.jsonl",
  ">> precious.jsonl",
  "2> precious.jsonl",
  "> precious.jsonl -o -",
  "$(touch injected)",
  "`touch injected`",
  '"$(touch injected)"',
  "--from=$(touch injected)",
  "--from=$(>precious.jsonl)=1",
  "--query=a:b;>precious.jsonl;c=d",
  "<(touch injected)",
  "-q 'a;touch injected;'",
  '-q "it\'s" ;touch injected; audit-logs list',
] as const;

/** How a shell starts that reads a file of commands first. */
const terminals = {
  bash: { args: ["--noprofile", "--rcfile", ".zshrc", "-i"], setup: "" },
  // Without `complete-word`, zsh itself expands the word at the cursor.
  zsh: {
    args: ["-d", "-i"],
    setup: "autoload -U compinit; compinit -D; bindkey '^I' complete-word",
  },
} as const;

test.for(["bash", "zsh"] as const)(
  "completes in %s, and runs nothing of the line",
  async (shell, { skip }) => {
    if (!pty) return skip("there is no pseudo-terminal for this platform");
    if (!isInstalled(shell)) return skip(`${shell} is not installed`);
    const { folder, env } = createFolder();
    const { args, setup } = terminals[shell];
    // The script comes twice, as it does if the user installs it twice.
    const lines = [setup, completionScripts[shell], completionScripts[shell], "PS1='$ '", ""];
    writeFileSync(join(folder, ".zshrc"), lines.join("\n"));
    const before = readdirSync(folder);
    const terminal = openProgram(shell, args, { columns: 120, cwd: folder, env });
    let count = 0;
    /** Types a text, and resolves to the line when the shell has completed it. */
    const type = async (text: string): Promise<string> => {
      count += 1;
      terminal.type(`${text}\t#${count}`);
      await terminal.shows(new RegExp(`#${count}$`));
      return terminal.screen().findLast((line) => line.endsWith(`#${count}`)) ?? "";
    };
    await terminal.shows(/^\$$/);
    // The setup has printed nothing.
    expect(terminal.screen()).toEqual(["$"]);

    for (const [typed, completed] of completions) {
      expect(await type(`audit-logs ${typed}`)).toBe(`$ audit-logs ${completed} #${count}`);
      terminal.type("\u0015");
    }
    for (const words of dangerousWords) {
      for (const end of ["", " --li"]) {
        await type(`audit-logs list ${words}${end}`);
        terminal.type("\u0015");
      }
    }

    expect(readdirSync(folder)).toEqual(before);
    expect(readFileSync(join(folder, "precious.jsonl"), "utf8")).toBe("precious");
  },
);

test("completes in fish, and runs nothing of the line", async ({ skip }) => {
  if (!isInstalled("fish")) return skip("fish is not installed");
  const { folder, env } = createFolder();
  const before = readdirSync(folder);
  /** What fish offers for the last word of a line. */
  const complete = async (line: string): Promise<string[]> => {
    const script = `${completionScripts.fish}\ncomplete -C $argv[1]`;
    const { stdout, stderr } = await runProgram("fish", ["--no-config", "-c", script, line], {
      cwd: folder,
      env,
    });
    expect(stderr).toBe("");
    return stdout
      .trimEnd()
      .split("\n")
      .map((offered) => offered.replace(/\t.*/, ""));
  };

  for (const [typed, completed] of completions) {
    expect(await complete(`audit-logs ${typed}`)).toEqual([completed.split(" ").at(-1)]);
  }
  for (const words of [...dangerousWords, "(touch injected)", "--from=(touch injected)="]) {
    await complete(`audit-logs list ${words}`);
    await complete(`audit-logs list ${words} --li`);
  }

  expect(readdirSync(folder)).toEqual(before);
  expect(readFileSync(join(folder, "precious.jsonl"), "utf8")).toBe("precious");
});

function isInstalled(shell: string): boolean {
  return spawnSync(shell, ["--version"], { env: childEnvironment() }).status === 0;
}

/** A folder with a file, and the environment in which a shell started there finds the command. */
function createFolder(): { folder: string; env: NodeJS.ProcessEnv } {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "precious.jsonl"), "precious");
  const bin = join(folder, "bin");
  mkdirSync(bin);
  const program = join(bin, "audit-logs");
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${cli}" "$@"\n`);
  chmodSync(program, 0o755);
  const path = `${bin}:${childEnvironment()["PATH"]}`;
  return {
    folder,
    env: childEnvironment({ HOME: temporaryFolder(), ZDOTDIR: folder, PATH: path }),
  };
}

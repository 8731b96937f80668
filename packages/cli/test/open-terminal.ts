import { fileURLToPath } from "node:url";
import type * as nodePty from "@lydell/node-pty";
import xterm from "@xterm/headless";
import { onTestFinished } from "vitest";
import { childEnvironment } from "../../../scripts/command/environment.js";

const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));

/** Undefined where no pseudo-terminal is prebuilt for, such as Alpine Linux. */
export const pty: typeof nodePty | undefined = await import("@lydell/node-pty").catch(
  () => undefined,
);

export interface OpenTerminal {
  /** What is on the screen, a string a line. A wrapped line is one. */
  screen(): readonly string[];
  /** Every byte so far, with the control sequences. */
  output(): string;
  /** The column of the cursor, from 0. */
  cursorColumn(): number;
  /** Resolves when a line of the screen matches. */
  shows(line: RegExp): Promise<void>;
  /** Types a text, or presses a key. */
  type(text: string): void;
  resize(columns: number): void;
  /** Resolves to the exit code, when everything is on the screen. */
  readonly exit: Promise<number>;
}

interface TerminalOptions {
  readonly columns?: number;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs the built command in a terminal. */
export function openTerminal(args: readonly string[], options?: TerminalOptions): OpenTerminal {
  return openProgram(process.execPath, [cli, ...args], options);
}

/** Runs a program in a terminal. */
export function openProgram(
  program: string,
  args: readonly string[],
  { columns = 80, cwd, env = {} }: TerminalOptions = {},
): OpenTerminal {
  if (!pty) throw new Error("There is no pseudo-terminal for this platform");
  const rows = 24;
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  const child = pty.spawn(program, [...args], {
    cols: columns,
    rows,
    ...(cwd !== undefined && { cwd }),
    name: "xterm-256color",
    env: childEnvironment({ AUDIT_LOGS_TOKEN: "a-token", ...env }),
  });
  let isRunning = true;
  onTestFinished(() => {
    if (isRunning) child.kill("SIGKILL");
    terminal.dispose();
  });

  const screen = (): readonly string[] => {
    const { active } = terminal.buffer;
    const lines: string[] = [];
    for (let row = 0; row < active.length; row += 1) {
      const line = active.getLine(row);
      const text = line?.translateToString(true) ?? "";
      if (line?.isWrapped) lines.push((lines.pop() ?? "") + text);
      else lines.push(text);
    }
    return lines.join("\n").trimEnd().split("\n");
  };
  let output = "";
  let watchers: (() => boolean)[] = [];
  child.onData((data) => {
    output += data;
    terminal.write(data, () => {
      watchers = watchers.filter((isDone) => !isDone());
    });
  });
  const exit = new Promise<number>((resolve) => {
    child.onExit(({ exitCode }) => {
      isRunning = false;
      terminal.write("", () => resolve(exitCode));
    });
  });
  return {
    screen,
    output: () => output,
    cursorColumn: () => terminal.buffer.active.cursorX,
    shows: (line) =>
      new Promise((resolve) => {
        const isDone = (): boolean => {
          const isShown = screen().some((text) => line.test(text));
          if (isShown) resolve();
          return isShown;
        };
        if (!isDone()) watchers.push(isDone);
      }),
    type: (text) => child.write(text),
    resize(columns_) {
      terminal.resize(columns_, rows);
      child.resize(columns_, rows);
    },
    exit,
  };
}

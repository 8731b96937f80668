import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import pty from "@lydell/node-pty";
import xterm from "@xterm/headless";
import { childEnvironment } from "../../../scripts/command/environment.js";
import { drawFrames, type Frame } from "./draw-frames.ts";

// Plays the demo of the built command in a real terminal, and draws what its screen shows.

const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
const picture = fileURLToPath(new URL("../../../docs/images/demo.svg", import.meta.url));
const columns = 62;
const rows = 10;

const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
const readScreen = (): string[] =>
  Array.from({ length: rows }, (_, row) => {
    const { active } = terminal.buffer;
    return active.getLine(active.baseY + row)?.translateToString(true) ?? "";
  });

const frames: Frame[] = [];
const start = performance.now();
const addFrame = (): void => {
  const lines = readScreen();
  // A difference too short to see is not a frame.
  const time = performance.now() - start;
  const last = frames.at(-1);
  if (last && time - last.time < 80) frames.pop();
  if (lines.join("\n") !== frames.at(-1)?.lines.join("\n")) frames.push({ time, lines });
};

terminal.write("$ npx @audit-logs/cli demo\r\n", addFrame);
const child = pty.spawn(process.execPath, [cli, "demo"], {
  cols: columns,
  rows,
  name: "xterm-256color",
  env: childEnvironment(),
});
child.onData((data) => terminal.write(data, addFrame));
const exitCode = await new Promise<number>((resolve) => {
  child.onExit(({ exitCode: code }) => terminal.write("", () => resolve(code)));
});
if (exitCode !== 0) throw new Error(`The demo ended with exit code ${exitCode}`);

await mkdir(dirname(picture), { recursive: true });
await writeFile(picture, drawFrames(frames, { columns, rows }));
console.log(`${picture}: ${frames.length} frames`);

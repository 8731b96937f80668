import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { defaultJobId } from "@audit-logs/mock-server";
import { expect, onTestFinished, test } from "vitest";
import { createBarTerminal } from "../src/bar-terminal.ts";
import { openTerminal, pty } from "./open-terminal.ts";
import { startPausedServer } from "./paused-server.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const bar = /[█░]/;
const interrupt = "\u0003";
const file = Buffer.from('{"id":"1"}\n'.repeat(30_000));

/**
 * A server of one export, which responds to each poll when the test says so. `failure` rejects if that fails:
 * the command would wait for a response.
 */
async function startSteps(
  beforeResponse: (progress: number) => Promise<void>,
): Promise<{ url: string; failure: Promise<never> }> {
  let progress = 0;
  let fail: (error: unknown) => void;
  const failure = new Promise<never>((_, reject) => (fail = reject));
  const server = createServer(async (_request, response) => {
    const now = progress;
    progress += 25;
    try {
      await beforeResponse(now);
    } catch (error) {
      return fail(error);
    }
    const status = now === 100 ? "completed" : "running";
    const download_url = now === 100 ? "https://storage.example/file" : null;
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify({ id: defaultJobId, status, progress: now, download_url }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, failure };
}

const wait = (url: string): string[] => [
  "wait",
  defaultJobId,
  "--base-url",
  url,
  "--interval",
  "1ms",
];

test.skipIf(!pty)("moves a bar on a terminal, which is gone in the end", async () => {
  const server = await startSteps(async (progress) => {
    // Each poll has a response when the bar has moved to the one before.
    if (progress > 0)
      await terminal.shows(new RegExp(`^[█░]{20} ${progress - 25} %, running, \\d+ s$`));
  });
  const terminal = openTerminal(wait(server.url));

  expect(await Promise.race([terminal.exit, server.failure])).toBe(0);
  expect(terminal.output()).toContain("█████░░░░░░░░░░░░░░░ 25 %");
  expect(terminal.output()).toContain("███████████████░░░░░ 75 %");
  expect(terminal.screen()).toEqual([
    `Next: audit-logs download ${defaultJobId} --base-url ${server.url}`,
  ]);
  // No mode of the terminal is changed, so none can be left changed.
  // oxlint-disable-next-line no-control-regex
  expect(terminal.output()).not.toMatch(/\u001b\[\?\d+[hl]/);
});

test.skipIf(!pty)(
  "leaves a clean screen on Ctrl-C, and the next run resumes to the same file",
  async () => {
    const server = await startPausedServer(defaultJobId, file);
    const path = join(temporaryFolder(), "export.jsonl");
    const args = ["download", defaultJobId, "--base-url", server.url, "-o", path];

    const terminal = openTerminal(args);
    await terminal.shows(
      /^█+░+ 50 %, downloading, \d+ s, 165\.0 kB of 330\.0 kB(, .*\/s, \d+ s left)?$/,
    );
    terminal.type(interrupt);

    expect(await terminal.exit).toBe(130);
    expect(terminal.screen()).toEqual([
      "audit-logs: interrupted",
      `Next: audit-logs download ${defaultJobId} --wait -o ${path} --base-url ${server.url}`,
    ]);
    expect(terminal.cursorColumn()).toBe(0);
    // oxlint-disable-next-line no-control-regex
    expect(terminal.output()).not.toMatch(/\u001b\[\?\d+[hl]/);
    expect(existsSync(path)).toBe(false);

    const resumed = openTerminal(args);
    expect(await resumed.exit).toBe(0);
    expect(server.ranges).toEqual(["bytes=165000-"]);
    expect(readFileSync(path).equals(file)).toBe(true);
    expect(resumed.screen()).toEqual([`Saved ${path}: 330.0 kB, length matches`]);
  },
);

test.skipIf(!pty)(
  "keeps the bar in one row of a narrow terminal, and of one that is resized",
  async () => {
    const server = await startSteps(async (progress) => {
      if (progress === 0) return;
      await terminal.shows(new RegExp(`^[█░]+ ${progress - 25} %, running`));
      expect(terminal.screen().filter((line) => bar.test(line))).toHaveLength(1);
      const columns = { 50: 22, 75: 100 }[progress];
      if (columns === undefined) return;
      // Right after a second has passed: a redraw that meets the resize would use the old width.
      const [, seconds] = /, (\d+) s$/.exec(terminal.screen().join("")) ?? [];
      if (seconds) await terminal.shows(new RegExp(`, (?!${seconds} )\\d+ s$`));
      terminal.resize(columns);
    });
    const terminal = openTerminal(wait(server.url), { columns: 30 });

    expect(await Promise.race([terminal.exit, server.failure])).toBe(0);
    expect(terminal.screen().filter((line) => bar.test(line))).toEqual([]);
    expect(terminal.screen().join("")).toMatch(/^Next: audit-logs download/);
  },
);

test("goes back up over a line that a narrower terminal has wrapped", () => {
  const written: string[] = [];
  const stream = Object.assign(new PassThrough(), { columns: 30 });
  stream.on("data", (chunk: Buffer) => written.push(chunk.toString()));
  const line = createBarTerminal(stream);

  line.cursorTo();
  line.write("x".repeat(40));
  stream.columns = 10;
  line.cursorTo();

  // Two rows up, to the first column, and all below is cleared.
  expect(written).toEqual(["\u001b[1G", "x".repeat(27), "\u001b[2A", "\u001b[1G", "\u001b[0J"]);
});

test.skipIf(!pty).each([64, 50])("breaks no word of the help at %i columns", async (columns) => {
  const terminal = openTerminal(["sync", "--help"], { columns });

  expect(await terminal.exit).toBe(0);
  for (const line of terminal.screen()) expect(line.length).toBeLessThanOrEqual(columns);
});

test.skipIf(!pty)("colours on a terminal, unless NO_COLOR is set", async () => {
  const args = ["status", "no/id"];
  const [plain, coloured] = [openTerminal(args, { env: { NO_COLOR: "1" } }), openTerminal(args)];

  expect(await Promise.all([plain.exit, coloured.exit])).toEqual([2, 2]);
  expect(plain.screen()).toEqual(coloured.screen());
  expect(plain.output()).toMatch(/^audit-logs: job id/);
  expect(coloured.output()).toContain("\u001b[31maudit-logs:\u001b[39m job id");
});

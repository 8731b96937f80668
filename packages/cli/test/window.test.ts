import { renameSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { defaultJobId, startMockServer } from "@audit-logs/mock-server";
import { expect, test } from "vitest";
import { formatWindow, parseWindows } from "../src/sync/window.ts";
import { run } from "./run.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const window = {
  from: new Date("2026-11-01T00:00:00Z"),
  to: new Date("2026-11-02T00:00:00.500Z"),
};
const name = "2026-11-01T00:00:00Z--2026-11-02T00:00:00.500Z.jsonl";
const nameOnWindows = "20261101T000000Z--20261102T000000.500Z.jsonl";

test("names a file by its times, on Windows without colons", () => {
  expect(formatWindow(window, "linux")).toBe(name);
  expect(formatWindow(window, "darwin")).toBe(name);
  expect(formatWindow(window, "win32")).toBe(nameOnWindows);
});

test("reads both forms on every platform, and nothing else", () => {
  const others = [
    "20261101T000000Z--2026-11-02T00:00:00.500Z.jsonl",
    "20261101T000000Z--20261102T000000.000Z.jsonl",
    "20261301T000000Z--20261302T000000Z.jsonl",
    "2026-11-01--2026-11-02.jsonl",
    `${name}.part`,
    "1--2--3.jsonl",
    ".sync.lock",
  ];

  expect(parseWindows([...others, nameOnWindows, name])).toEqual([
    { ...window, name: nameOnWindows },
    { ...window, name },
  ]);
});

test("continues in a folder that comes from Windows, and drops what its files have", async () => {
  const events = [{ id: "1", occurred_at: "2026-11-26T12:00:00Z" }];
  await using server = await startMockServer({ jobs: { [defaultJobId]: { events } } });
  const folder = temporaryFolder();
  const args = ["sync", "--dir", folder, "--base-url", server.url, "--interval", "1ms"];
  await run([...args, "--from", "2026-11-26", "--lag", "13h"]);
  const [first = ""] = await readdir(folder);
  const [saved] = parseWindows([first]);
  if (!saved) throw new Error(`${first} is not a window`);
  const { from, to } = saved;
  renameSync(join(folder, first), join(folder, formatWindow({ from, to }, "win32")));

  const { stdout } = await run([...args, "--overlap", "365d", "--json"]);

  // The mock server has the same event in every window.
  expect(JSON.parse(stdout)).toMatchObject({
    from: "2026-11-27T00:00:00Z",
    events: 0,
    repeated: 1,
  });
});

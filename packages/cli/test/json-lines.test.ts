import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readLines } from "../src/json-lines.ts";
import { temporaryFolder } from "./temporary-folder.ts";

async function linesOf(text: string): Promise<readonly string[]> {
  const path = join(temporaryFolder(), "lines.jsonl");
  writeFileSync(path, text);
  const lines: string[] = [];
  for await (const line of readLines(path)) lines.push(line);
  return lines;
}

test("reads lines that are longer than the chunks of the file, and those around them", async () => {
  const long = "\u20ac".repeat(2 ** 18);
  expect(await linesOf(`a\n${long}\nb\n\n${long}`)).toEqual(["a", long, "b", long]);
});

test("ends a line with LF or CRLF only, and leaves blank ones out", async () => {
  expect(await linesOf("\na\u2028b\rc\r\n \r\nd\n")).toEqual(["a\u2028b\rc", "d"]);
  expect(await linesOf("")).toEqual([]);
});

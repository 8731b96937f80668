import { readdir, readFile } from "node:fs/promises";
import { faultKinds } from "@audit-logs/mock-server";
import { describe, expect, test } from "vitest";
import * as client from "../src/index.ts";
import { titlesOf } from "./titles.ts";

// FAULTS.md lists the outcome of each fault, and where it is tested.

const folder = new URL("../", import.meta.url);
const numbers = Array.from({ length: 99 }, (_, index) => index + 1);

interface Row {
  readonly number: number;
  readonly fault: string;
  readonly outcome: string;
  readonly files: readonly string[];
  readonly options: readonly string[];
}

const rows = (await readFile(new URL("FAULTS.md", folder), "utf8"))
  .split("\n")
  .filter((line) => /^\| \d/.test(line))
  .map((line): Row => {
    const [, number, fault = "", outcome = "", files = "", options = ""] = line
      .split("|")
      .map((cell) => cell.trim());
    return {
      number: Number(number),
      fault,
      outcome,
      files: wordsIn(files),
      options: wordsIn(options),
    };
  });

/** The numbers at the start of the test titles, by file, in order. */
const tested = new Map<string, number[]>();
for (const file of await readdir(new URL("test", folder), { recursive: true })) {
  if (!/^(?:faults\/.*|node)\.test\.ts$/.test(file)) continue;
  const titles = titlesOf(await readFile(new URL(`test/${file}`, folder), "utf8"));
  tested.set(
    `test/${file}`,
    titles.flatMap((title) => /^\d+(?= )/.exec(title)?.map(Number) ?? []),
  );
}

function wordsIn(cell: string): string[] {
  return [...cell.matchAll(/`(.+?)`/g)].map(([, word = ""]) => word);
}

test("every fault has one row, ordered by number", () => {
  expect(rows.map(({ number }) => number)).toEqual(numbers);
});

test("every numbered test belongs to a row", () => {
  expect(tested.size).toBeGreaterThan(7);
  expect([...tested.values()].flat().filter((number) => !numbers.includes(number))).toEqual([]);
});

describe.each(rows)("$number", ({ number, fault, outcome, files, options }) => {
  test("states the fault and its outcome", () => {
    expect(fault).not.toBe("");
    expect(outcome).not.toBe("");
    const errors = wordsIn(outcome).filter((word) => word.endsWith("Error"));
    expect(errors.filter((error) => !(error in client) && error !== "TypeError")).toEqual([]);
  });

  test("names exactly the files with tests that begin with its number", () => {
    const all = [...tested].flatMap(([file, found]) => (found.includes(number) ? file : []));
    expect(all).not.toEqual([]);
    expect(files.toSorted()).toEqual(all.toSorted());
  });

  test("names exactly the mock server's faults with its number", () => {
    const all = Object.entries(faultKinds).flatMap(([name, kind]) =>
      kind.number === number ? name : [],
    );
    expect(options).toEqual(all);
  });
});

test("finds the titles of tests in every notation", () => {
  const text = `
    test("1 plain", () => undefined);
    test.skipIf(true)("2 on a condition", () => undefined);
    test(\`3 in a template\`, { timeout: 1 }, () => undefined);
    test.each([[1], [2]])("4 of a table: %i", () => undefined);
    test.each<[string, number]>([["5 a row", 1], ["6 another", 2]])("%s, as it says", () => undefined);
    test.each(["7 alone"])("%s", () => undefined);
    describe("8 a group", () => test("9 in it", () => undefined));
    attest("10", () => undefined);
  `;
  expect(titlesOf(text)).toEqual([
    "1 plain",
    "2 on a condition",
    "3 in a template",
    "4 of a table: %i",
    "5 a row, as it says",
    "6 another, as it says",
    "7 alone",
    "9 in it",
  ]);
});

import { styleText } from "node:util";
import { expect, test } from "vitest";
import { withoutCommands, wrap } from "../../command/terminal.js";

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

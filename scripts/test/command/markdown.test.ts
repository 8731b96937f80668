import { expect, test } from "vitest";
import { toInert } from "../../command/markdown.ts";

const joiner = "\u2060";

test.each([
  ["a mention", "ask @somebody", `ask @${joiner}somebody`],
  ["a closing keyword", "fixes #1, closes a/b#2", `fixes #${joiner}1, closes a/b#${joiner}2`],
  ["its other form", "fixes GH-1, gh-2", `fixes G${joiner}H-1, g${joiner}h-2`],
  [
    "its address",
    "fixes https://x.test/a/b/issues/1",
    `fixes https:${joiner}//x.test/a/b/issues/1`,
  ],
  ["HTML", "<img src=x>", "\\<img src=x>"],
  ["a picture and a link", "![a](b) [c](d)", "!\\[a](b) \\[c](d)"],
  ["a line break", "a\n# @b", `a\\u000a#${joiner} @${joiner}b`],
  ["code, which is inert", "`@a <b>` is ``a`@b`` now", "`@a <b>` is ``a`@b`` now"],
  ["code that ends too early", "`a`@b` `c`", `\`a\`@${joiner}b\` \`c\``],
  ["a backtick alone", "a ` @b", `a \` @${joiner}b`],
  ["text without markup", "a_b * 1: 2, `x`", "a_b * 1: 2, `x`"],
])("disarms %s", (_what, line, expected) => {
  expect(toInert(line)).toBe(expected);
});

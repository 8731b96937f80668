import { expect, test } from "vitest";
import { neutralizeMarkdown } from "../../command/neutralize-markdown.js";
import { toInert } from "../../command/markdown.ts";

const joiner = "\u2060";

test.each([
  ["a mention", "ask @somebody", `ask @${joiner}somebody`],
  ["a closing keyword", "fixes #1, closes a/b#2", `fixes #${joiner}1, closes a/b#${joiner}2`],
  ["its other form", "fixes GH-1, gh-2", `fixes G${joiner}H-1, g${joiner}h-2`],
  ["its URL", "fixes https://x.test/a/b/issues/1", `fixes https:${joiner}//x.test/a/b/issues/1`],
  [
    "character references",
    "&#64;somebody fixes &num;1, R&D; a & b",
    `&${joiner}#${joiner}64;somebody fixes &${joiner}num;1, R&${joiner}D; a & b`,
  ],
  ["a URL without a scheme", "www.x.test", `w${joiner}ww.x.test`],
  ["HTML", "<img src=x>", `<${joiner}img src=x>`],
  ["a picture and a link", "![a](b) [c](d)", `![a]${joiner}(b) [c]${joiner}(d)`],
  ["links by reference", "[a][b] [c]: d", `[a]${joiner}[b] [c]${joiner}: d`],
  ["a line break", "a\n# @b", `a\\u000a# @${joiner}b`],
  ["code, which is inert", "`@a <b>` is ``a`@b`` now", "`@a <b>` is ``a`@b`` now"],
  ["code that ends too early", "`a`@b` `c`", `\`a\`@${joiner}b\` \`c\``],
  ["an escaped backtick", "`a` \\`@b <c>`", `\`a\` \\\`@${joiner}b <${joiner}c>\``],
  ["code after an escaped backslash", "\\\\`@a` @b `c`", `\\\\\`@a\` @${joiner}b \`c\``],
  ["code after an escaped backtick", "\\``@a` @b `c`", `\\\`\`@a\` @${joiner}b \`c\``],
  ["a run of backticks alone", "``@a` @b`", `\`\`@${joiner}a\` @b\``],
  ["a backtick alone", "a ` @b", `a \` @${joiner}b`],
  ["text without markup", "a_b * 1: 2, `x`", "a_b * 1: 2, `x`"],
])("neutralizes %s", (_what, line, expected) => {
  expect(toInert(line)).toBe(expected);
});

test("neutralizes a text with its code, and leaves its headings and lists", () => {
  const text = "## @a/b@1.0.0\n\n- **New**: `c`\n\n    @d <b>\n\n`\n\nfixes #1\n\n`";
  expect(neutralizeMarkdown(text)).toBe(
    `## @${joiner}a/b@${joiner}1.0.0\n\n- **New**: \`c\`\n\n    @${joiner}d <${joiner}b>\n\n\`\n\nfixes #${joiner}1\n\n\``,
  );
});

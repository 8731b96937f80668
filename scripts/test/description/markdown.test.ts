import { expect, test } from "vitest";
import { checkMarkdown } from "../../description/markdown.ts";
import { description, things } from "../../fixtures/project.ts";
import { refusal } from "../project.ts";

const message =
  "The text has too many tags without an end, or too much space in a link, to be searched. Shorten or remove it with an overlay action.";

test("stops at a description that would keep lint busy", () =>
  expect(
    refusal({ [description]: things.replace("Things", `T\n  description: ${"<a ".repeat(2e4)}`) }),
  ).resolves.toBe(`${description} #/info/description: ${message}`));

test.each([
  ["tags without an end", "<a ".repeat(2e4)],
  ["space in a link", `<a href=${" ".repeat(2e4)}`],
])("finds %s, also in an extension", (_what, text) => {
  const root = { info: { description: "<b>T</b>" }, "x-a": { b: { description: text } } };
  expect(checkMarkdown(description, root)).toMatchObject([{ place: "#/x-a/b/description" }]);
});

test("finds many descriptions that are slow together", () => {
  const tags = Array.from({ length: 100 }, () => ({ description: "<a ".repeat(2e3) }));
  expect(checkMarkdown(description, { tags: tags.slice(0, 10) })).toEqual([]);
  expect(checkMarkdown(description, { tags })).toHaveLength(1);
});

test("ignores long texts with ordinary tags and links", () => {
  const text = `<a href="https://things.example">Things</a> where a <b and more. `.repeat(1e4);
  const deep = { description: { description: 1 }, summary: "<a ".repeat(2e4) };
  expect(checkMarkdown(description, { info: { description: text }, deep })).toEqual([]);
});

import { expect, test } from "vitest";
import { resolveLink } from "../../docs/markdown-page.ts";
import { renderMarkdown } from "../../docs/render-markdown.ts";

const render = (text: string): string =>
  renderMarkdown(text, (href) => resolveLink("packages/client/README.md", href)).body.toString();

test.each([
  ["a page of the site", "[a](FAULTS.md)", '<a href="faults.html">a</a>'],
  ["a place on one", "[a](../../docs/versioning.md#x)", '<a href="versioning.html#x">a</a>'],
  ["a place on the same page", "[a](#x)", '<a href="#x">a</a>'],
  ["a URL elsewhere", "[a](https://example.com/)", '<a href="https://example.com/">a</a>'],
])("links to %s", (_what, text, expected) => {
  expect(render(text)).toBe(`<p>${expected}</p>\n`);
});

test.each([
  ["a file that is no page", "[`a`](../../CONTRIBUTING.md)", "<code>a</code>"],
  ["a script", "[a](javascript:alert(1))", "a"],
  ["an unencrypted URL", "[a](http://example.com/)", "a"],
])("makes a link to %s its text", (_what, text, expected) => {
  expect(render(text)).toBe(`<p>${expected}</p>\n`);
});

test.each([
  ["a block", "<script>alert(1)</script>\n"],
  ["a tag", "a <img src=x onerror=alert(1)> b"],
  ["code", "`<b>`"],
  ["a code block", "```\n<b>\n```"],
  ["a picture", "![<b>](https://example.com/a.png)"],
  ["a title", '# <img src="x">'],
  ["a link", '[a](https://example.com/"><b>)'],
])("shows HTML as text in %s", (_what, text) => {
  expect(render(text)).not.toMatch(/<(?:script|img|b)\b/u);
});

test("gives headings the fragments that GitHub gives them, each once", () => {
  const { body, headings } = renderMarkdown(
    "## The `a.b` file\n\n## Twice!\n\n## Twice!\n",
    () => "",
  );
  expect(headings).toEqual([
    { id: "the-ab-file", text: "The a.b file" },
    { id: "twice", text: "Twice!" },
    { id: "twice-1", text: "Twice!" },
  ]);
  for (const { id } of headings) expect(body.toString()).toContain(`<h2 id="${id}">`);
});

import { expect, test } from "vitest";
import { html } from "../../command/html.ts";

test("escapes values, in elements and in attributes", () => {
  expect(html`<a title="${`"'`}">${"</a><script>&"}</a>`.toString()).toBe(
    '<a title="&quot;&#39;">&lt;/a&gt;&lt;script&gt;&amp;</a>',
  );
});

test("takes HTML as it is, also in lists", () => {
  const items = ["<", 2].map((item) => html`<i>${item}</i>`);
  expect(html`<b>${items}</b>`.toString()).toBe("<b><i>&lt;</i><i>2</i></b>");
});

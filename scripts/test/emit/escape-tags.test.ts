import ts from "typescript";
import { expect, test } from "vitest";
import { emitOperations } from "../../emit/operations.ts";
import { emitSchema } from "../../emit/schema.ts";

/** The tags of all comments of a module, as an editor shows them. */
function tagsOf(module: string): string[] {
  const tags = (node: ts.Node): string[] => [
    ...ts.getJSDocTags(node).map(({ tagName }) => tagName.text),
    ...node.getChildren().flatMap(tags),
  ];
  const source = ts.createSourceFile("module.ts", module, ts.ScriptTarget.Latest, true);
  return [...new Set(tags(source))].toSorted();
}

const texts = [
  "@deprecated It is not.",
  "Replaces the @deprecated one.",
  "One.\n  @deprecated",
  "- @deprecated item",
  "* @deprecated item",
  "> @deprecated",
  "Foo */ @deprecated",
  "Call `a @deprecated b`.",
  ..."\u000b\u0085\u00a0\u200b\u2028".split("").map((space) => `A${space}@deprecated`),
];

test.each(texts)("no text of a description becomes a tag: %j", (text) => {
  const get = {
    operationId: "f",
    summary: text,
    description: text,
    parameters: [{ in: "query", name: "a", description: text, schema: { type: "string" } }],
    responses: { 200: { description: text } },
  };
  const description = {
    openapi: "3.1.0",
    info: { title: "T", version: "1" },
    paths: { "/p": { get } },
    components: {
      schemas: {
        A: {
          type: "object",
          title: text,
          description: text,
          properties: {
            a: { type: "string", default: text, examples: [text] },
            b: { type: "object", example: { a: text } },
            // Objects with nothing but data.
            c: { default: text },
            d: { example: text },
          },
        },
      },
    },
  };
  expect(tagsOf(emitOperations("a", description).text)).toEqual([]);
  expect(tagsOf(emitSchema(description))).toEqual(["default", "description", "example"]);
});

test("links and addresses stay as they are", () => {
  const text = "See {@link https://things.example} or mail a@things.example @ any time.";
  const get = { operationId: "f", description: text, responses: {} };
  expect(emitOperations("a", { paths: { "/p": { get } } }).text).toContain(text);
});

test("a tag of another tool within braces is escaped, because TypeDoc stops at it", () => {
  const get = { operationId: "f", description: "{@inheritDoc x}", responses: {} };
  expect(emitOperations("a", { paths: { "/p": { get } } }).text).toContain(
    String.raw`{\@inheritDoc x}`,
  );
});

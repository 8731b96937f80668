import { expect, test } from "vitest";
import { emitOperations } from "../../emit/operations.ts";

function parametersOf(shared: object[], own: object[]): string {
  const get = { operationId: "list", parameters: own };
  const description = { paths: { "/things": { parameters: shared, get } } };
  const [, parameters = ""] =
    /"parameters":(\{.*\}),"authentication"/u.exec(
      emitOperations(JSON.parse(JSON.stringify(description))),
    ) ?? [];
  return parameters;
}

test("an operation's parameter replaces the path's of the same name and place", () => {
  const parameters = parametersOf(
    [{ in: "query", name: "limit", required: false }],
    [{ in: "query", name: "limit", required: true }],
  );
  expect(JSON.parse(parameters)).toEqual({ limit: { in: "query", name: "limit", required: true } });
});

test("no parameter hides another, whatever the client calls them", () => {
  const parameters = parametersOf(
    [{ in: "path", name: "id", required: true }],
    [
      { in: "query", name: "id" },
      { in: "header", name: "X-A", "x-client-name": "same" },
      { in: "header", name: "X-B", "x-client-name": "same" },
    ],
  );
  expect(JSON.parse(parameters)).toEqual({
    id: { in: "path", name: "id", required: true },
    "query.id": { in: "query", name: "id", required: false },
    same: { in: "header", name: "X-A", required: false },
    "header.X-B": { in: "header", name: "X-B", required: false },
  });
});

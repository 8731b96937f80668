import { expect, test } from "vitest";
import { parse } from "../../description/read.ts";
import { judge } from "../../judge/judge.ts";
import type { Place } from "../../judge/place.ts";
import type { Rule } from "../../judge/rules.ts";
import type { Reason } from "../../judge/verdict.ts";
import { describeChange } from "../../release/describe-change.ts";
import { withoutDuplicates } from "../../release/without-duplicates.ts";

const description = `
openapi: 3.1.0
info: { title: Things, version: "1" }
servers: [{ url: "https://example.com" }]
paths:
  /things:
    get:
      operationId: listThings
      responses:
        "200":
          description: Ok
          content:
            application/json:
              schema:
                type: object
                properties: { number: { type: integer }, note: { type: string } }
    put:
      operationId: putThing
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                text: { type: string, maxLength: 10 }
                size: { type: number }
                choice: { oneOf: [{ type: string, maxLength: 3 }, { type: string, minLength: 5 }] }
                free: { type: object, not: { required: [a] } }
      responses: { "204": { description: Done } }
    delete:
      operationId: deleteThing
      parameters: [{ in: query, name: force, schema: { type: boolean } }]
      responses: { "204": { description: Done } }
    post:
      operationId: addThing
      responses: { "204": { description: Done } }
`;

test("a changeset has each change once, whatever else has the same bump", async () => {
  const changed = description
    .replace("number: { type: integer }", 'number: { type: [number, "null"] }, more: {}')
    .replace(", note: { type: string }", "")
    .replace("maxLength: 10", "maxLength: 20")
    .replace("size: { type: number }", "size: { type: integer }")
    .replace("maxLength: 3", "maxLength: 9")
    .replace(", not: { required: [a] }", "")
    .replace(/ {4}delete:[^]*(?= {4}post:)/u, "")
    .replace(
      "addThing\n",
      "$&      parameters: [{ in: header, name: x-key, required: true, schema: {} }]\n",
    );
  const [base = {}, revision = {}] = [description, changed].map((text) => parse("a.yaml", text));
  const ids = { GET: "listThings", PUT: "putThing", DELETE: "deleteThing", POST: "addThing" };
  const names = new Map(
    Object.entries(ids).map(([method, id]) => [`${method} /things`, { method: id, id }]),
  );
  expect(describeChange(await judge(base, revision), names)).toBe(
    `The API has changed.

**BREAKING**

- \`listThings\`, response 200, \`number\`: type of \`number\` widened from 'integer' to 'number | null'. Check where your code depends on it.
- \`putThing\`, body, \`choice.oneOf.0\`: \`maxLength\` was modified. A value may now match two alternatives of a \`oneOf\`, which refuses it. Check that what you send matches only one of them.
- \`putThing\`, body, \`size\`: type of \`size\` narrowed from 'number' to 'integer'. Check where your code depends on it.
- \`listThings\`, response 200, \`number\`: it may now be null. Handle null.
- \`listThings\`, response 200, \`note\`: it was removed. Stop using it.
- \`addThing\`, \`x-key\`: it was added and is required. Pass it in every call.
- \`deleteThing\`: it was removed. Call its replacement.

**Added**

- \`listThings\`, response 200, \`more\`: it was added.

**Changed**

- \`putThing\`, body, \`free.not\`: \`not\` was removed.
- \`putThing\`, body, \`text\`: \`maxLength\` was modified.`,
  );
});

test("a changeset has the changes of an operation that has moved", async () => {
  const [removed = ""] = / {4}delete:[^]*(?= {4}post:)/u.exec(description) ?? [];
  const moved = removed.replace("name: force,", "name: force, required: true,");
  const changed = `${description.replace(removed, "")}  /archive/old/entries:\n${moved}`;
  const [base = {}, revision = {}] = [description, changed].map((text) => parse("a.yaml", text));
  const id = { method: "deleteThing", id: "deleteThing" };
  const names = new Map([
    ["DELETE /things", id],
    ["DELETE /archive/old/entries", id],
  ]);
  expect(describeChange(await judge(base, revision), names)).toBe(
    `The API has changed.

**BREAKING**

- \`deleteThing\`: it moved from \`DELETE /things\` to \`DELETE /archive/old/entries\`. The client's methods already use the new path; change it wherever your code has it.
- \`deleteThing\`, \`force\`: it is now required. Pass it in every call.`,
  );
});

const at = (...keyPath: string[]): Place => ({
  in: "operation",
  method: "put",
  path: "/things",
  keyPath,
});
const body = ["requestBody", "content", "application/json"];
const makeReason = (
  witness: Reason["witness"],
  bump: Reason["bump"],
  rule: Rule,
  place: Place,
): Reason => ({ witness, bump, rule, place, message: "" });

test.each<[boolean, Rule, Place, Rule, Place]>([
  [true, "property-removed", at(...body, "note"), "input-removed", at(...body, "note")],
  [
    true,
    "property-removed",
    at(...body, "kind", "oneOf", "1", "a"),
    "input-removed",
    at(...body, "kind", "a"),
  ],
  [
    true,
    "schema-type-changed",
    at(...body, "map", "additionalProperties"),
    "input-narrowed",
    at(...body, "map", "[string]"),
  ],
  [true, "required-properties-added", at(...body), "input-required", at(...body, "note")],
  [true, "parameter-removed", at("parameters", "query", "a"), "operation-removed", at()],
  [
    true,
    "default-changed",
    at("parameters", "query", "a"),
    "default-changed",
    at("parameters", "a"),
  ],
  [
    true,
    "security-requirement-changed",
    at("security", "0"),
    "authentication",
    at("authentication"),
  ],
  [
    true,
    "security-scheme-changed",
    { in: "component", section: "securitySchemes", name: "key", keyPath: [] },
    "authentication",
    at("authentication"),
  ],
  [false, "property-removed", at(...body, "note"), "input-removed", at(...body, "text")],
  [
    true,
    "operation-id-changed",
    at(),
    "type-removed",
    { in: "description", keyPath: ["operations", "a"] },
  ],
  [false, "property-removed", at(...body), "input-required", at("parameters", "query", "a")],
  [
    false,
    "property-removed",
    at(...body, "note"),
    "input-removed",
    { ...at(...body, "note"), path: "/others" } as Place,
  ],
  [false, "default-changed", at(...body, "a"), "default-changed", at("parameters", "a")],
  [
    false,
    "schema-combinator-changed",
    at(...body, "kind", "anyOf", "0"),
    "input-required",
    at("requestBody"),
  ],
  [
    false,
    "schema-combinator-changed",
    at(...body, "kind", "anyOf", "0"),
    "input-required",
    at(...body, "kind"),
  ],
  [false, "alternatives-overlap", at(...body, "kind"), "input-narrowed", at(...body, "kind")],
])("%s: %s at %j is shown by %s at %j", (isShown, rule, place, shownRule, shownPlace) => {
  const shown = makeReason("types", "major", shownRule, shownPlace);
  const reason = makeReason("diff", "major", rule, place);
  expect(withoutDuplicates([reason, shown])).toEqual(isShown ? [shown] : [reason, shown]);
  expect(withoutDuplicates([reason, { ...shown, bump: "minor" }])).toHaveLength(2);
});

test("a change of what the types call new is no change, except of an operation that has moved", () => {
  const field = makeReason("types", "minor", "result-added", at(...body, "more"));
  const type = makeReason("diff", "major", "schema-type-changed", at(...body, "more"));
  expect(withoutDuplicates([type, field])).toEqual([field]);
  const operation = makeReason("types", "minor", "operation-added", at());
  expect(withoutDuplicates([type, operation])).toEqual([type, operation]);
});

import { describe, expect, test } from "vitest";
import {
  description,
  refusal,
  makeProject,
  readRepository,
  run,
  schemas,
  small,
} from "../project.ts";

const rules = "scripts/description/house-rules.js";

async function housed(yaml: string) {
  const { [rules]: plugin = "", "package.json": manifest = "" } = await readRepository();
  return {
    "package.json": manifest,
    [rules]: plugin,
    "redocly.yaml": `${small["redocly.yaml"]}plugins: [${rules}]\nextends: [house/all]\n`.replace(
      "extends: []\n",
      "",
    ),
    [description]: yaml,
  };
}

function api(root: string, operation: string): string {
  return `openapi: 3.1.0
info: { title: T, version: "1" }
${root}
paths:
  /p:
    get:
      operationId: getP
      ${operation}
      responses: { "200": { description: D } }
components:
  securitySchemes: { token: { type: http, scheme: bearer } }
`;
}

describe("an operation", () => {
  test.each<[what: string, root: string, operation: string]>([
    ["without authentication", "", ""],
    ["that inherits `security: []` from the root", "security: []", ""],
    ["that does away with the root's authentication", "security: [{ token: [] }]", "security: []"],
    ["whose only alternative is none", "", "security: [{}]"],
  ])("%s is refused", async (_what, root, operation) =>
    expect(refusal(await housed(api(root, operation)))).resolves.toBe(
      `${description} #/paths/~1p/get: The operation \`getP\` asks for no authentication (house/operation-authentication). Correct it with an overlay action.`,
    ),
  );

  test.each<[what: string, root: string, operation: string]>([
    ["that inherits it", "security: [{ token: [] }]", ""],
    ["that asks by itself", "security: []", "security: [{ token: [] }]"],
    ["for which it is optional", "", "security: [{}, { token: [] }]"],
  ])("with authentication %s is fine", async (_what, root, operation) => {
    const project = await makeProject(await housed(api(root, operation)));
    await expect(run(project)).resolves.toBeDefined();
  });
});

/** A description of one schema with this prose, and these values of `x-extensible-enum`. */
function states(prose: string, known: string, more = ""): string {
  return schemas(
    `    State: { type: string, description: ${JSON.stringify(prose)}, x-extensible-enum: [${known}]${more} }`,
  );
}

describe("the values that prose names in backticks", () => {
  const at = `${description} #/components/schemas/State`;
  const end = "(house/prose-names-known-values). Correct it with an overlay action.";

  test.each<[what: string, yaml: string, message: string]>([
    [
      "are all listed",
      states("Either `a`, `b` or `c`.", "a, b"),
      `${at}/description: The description names the value \`c\`, which x-extensible-enum does not list ${end}`,
    ],
    [
      "are all that are listed",
      states("Either `a` or so.", "a, b"),
      `${at}/x-extensible-enum: x-extensible-enum lists the value \`b\`, which the description does not name ${end}`,
    ],
    [
      "hold the final ones",
      states("Either `a` or `b`.", "a, b", ", x-final-states: { c: failed }"),
      `${at}/x-final-states: x-final-states has the state \`c\`, which neither x-extensible-enum nor enum lists (house/extensions). Correct it with an overlay action.`,
    ],
  ])("%s", async (_what, yaml, message) =>
    expect(refusal(await housed(yaml))).resolves.toBe(message),
  );

  test("may be named in any order, and more than once", async () => {
    const yaml = states(
      "Either `b` or `a`; not `b` for long.",
      "a, b",
      ", x-final-states: { a: succeeded }",
    );
    await expect(run(await makeProject(await housed(yaml)))).resolves.toBeDefined();
  });
});

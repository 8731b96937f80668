import { expect, test } from "vitest";
import { readJson } from "../../command/read-json.js";
import { makeProject } from "../project.ts";

test.each([
  ["a comma too many", '{ "name": "a", }', /^package\.json: It is not JSON: .+\. Correct it\.$/u],
  ["null", "null", /^package\.json: It is not a JSON object\. Correct it\.$/u],
  ["a list", "[]", /^package\.json: It is not a JSON object\. Correct it\.$/u],
])("names a file that has %s", async (_what, text, message) => {
  const root = await makeProject({ "package.json": text });
  await expect(readJson(root, "package.json")).rejects.toThrow(message);
});

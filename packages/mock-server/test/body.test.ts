import { expect, test } from "vitest";
import { startMockServer } from "../src/index.ts";
import { describeOperation } from "./exports-description.ts";

const schema = {
  type: "object",
  required: ["name", "id"],
  properties: {
    id: { type: "integer", readOnly: true },
    name: { type: "string", minLength: 2 },
    parent: { $ref: "#/components/schemas/Thing" },
  },
};
const thing = { $ref: "#/components/schemas/Thing" };
const components = { schemas: { Thing: schema } };

async function send(
  mediaType: string,
  body: string | null,
  contentType?: string,
  required = true,
): Promise<{ status: number; detail: unknown }> {
  const requestBody = { required, content: { [mediaType]: { schema: thing }, "text/csv": {} } };
  const description = describeOperation({ requestBody }, { method: "post", components });
  await using server = await startMockServer({ description });
  const headers: Record<string, string> = contentType ? { "Content-Type": contentType } : {};
  const response = await fetch(`${server.url}/thing`, { method: "POST", headers, body });
  const text = await response.text();
  return { status: response.status, detail: text === "" ? undefined : JSON.parse(text).detail };
}

const good = '{"name":"ab","parent":{"name":"cd"}}';

test.each([
  ["application/json", "application/json; charset=utf-8"],
  ["application/json; charset=utf-8", "application/JSON"],
  ["application/merge-patch+json", "application/merge-patch+json"],
  ["model/gltf+json", "model/gltf+json"],
  ["application/*", "application/json"],
  ["*/*", "application/json"],
])("accepts a body of %s that is sent as %s", async (declared, sent) => {
  expect(await send(declared, good, sent)).toEqual({ status: 204, detail: undefined });
});

test.each([
  ["a value", '{"name":"a"}', { loc: ["body", "name"], type: "minLength" }],
  ["a nested value", '{"name":"ab","parent":{"name":1}}', { loc: ["body", "parent", "name"] }],
  ["a property that is missing", "{}", { loc: ["body", "name"], type: "missing" }],
  ["what is not JSON", "{", { loc: ["body"], type: "json_invalid" }],
  ["nothing", null, { loc: ["body"], type: "missing" }],
])("refuses %s with 422", async (_, body, fault) => {
  expect(await send("application/json", body, "application/json")).toMatchObject({
    status: 422,
    detail: [fault],
  });
});

test("neither read-only properties nor an optional body have to be sent", async () => {
  expect((await send("application/json", good, "application/json")).status).toBe(204);
  expect((await send("application/json", null, undefined, false)).status).toBe(204);
});

test.each(["text/csv", "application/xml", "text/plain"])(
  "responds with 415 to a body that comes as %s",
  async (type) => {
    expect(await send("application/json", good, type)).toMatchObject({ status: 415 });
  },
);

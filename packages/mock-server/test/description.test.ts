import bundled from "@audit-logs/generated/audit-logs/openapi.json" with { type: "json" };
import { expect, test } from "vitest";
import { defaultJobId, startMockServer } from "../src/index.ts";
import { describeOperation, exportsDescription } from "./exports-description.ts";

const bearer = { Authorization: "Bearer secret" };

test("follows a renamed path, parameter, header, status, server and security scheme", async () => {
  const description = JSON.parse(
    JSON.stringify(exportsDescription())
      .replaceAll("/exports", "/v2/report-jobs")
      .replaceAll("export_id", "report-id")
      .replaceAll("X-Tenant", "X-Organization")
      .replaceAll('"bearer":', '"login":')
      .replaceAll('"200"', '"203"')
      .replace("https://api.example.com", "https://{region}.example.com/root/")
      .replace('"variables":{}', '"variables":{"region":{"default":"eu"}}'),
  );
  await using server = await startMockServer({ description });
  const url = `${server.url}/v2/report-jobs/${defaultJobId}`;

  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/root$/);
  expect(server.statusUrl(defaultJobId)).toBe(url);
  const response = await fetch(url, { headers: bearer });
  expect(response.status).toBe(203);
  expect(await response.json()).toMatchObject({ id: defaultJobId, status: "pending" });
  expect((await fetch(url)).status).toBe(401);

  const refused = await fetch(url.replace(defaultJobId, "7"), {
    headers: { ...bearer, "X-Organization": "abcd" },
  });
  expect(await refused.json()).toMatchObject({
    detail: [
      { loc: ["path", "report-id"], msg: 'must match format "uuid"', type: "uuid_parsing" },
      { loc: ["header", "X-Organization"], type: "maxLength" },
      { loc: ["header", "X-Organization"] },
      { loc: ["header", "X-Organization"] },
    ],
  });
});

test("plays the states of a description, and fills in its fields", async () => {
  const job = {
    type: "object",
    required: ["phase", "worker"],
    properties: {
      phase: {
        type: "string",
        enum: ["queued", "packing", "sending", "sent", "lost"],
        "x-final-states": { lost: "failed", sent: "succeeded" },
      },
      worker: { type: "integer", minimum: 3 },
      taskId: { type: "integer" },
    },
    additionalProperties: false,
  };
  const description = describeOperation(
    {
      parameters: [{ in: "path", name: "taskId", required: true, schema: { type: "integer" } }],
      responses: {
        default: { description: "Job", content: { "application/json": { schema: job } } },
      },
    },
    { path: "/tasks/{taskId}" },
  );
  await using server = await startMockServer({
    description,
    jobs: { 7: {}, 8: { outcome: "failed" } },
  });
  const phases = async (id: string): Promise<unknown[]> => {
    const reported: unknown[] = [];
    for (let request = 0; request < 6; request += 1) {
      const response = await fetch(server.statusUrl(id));
      const fields: object = JSON.parse(await response.text());
      reported.push(Object.values(fields).join(" "));
    }
    return reported;
  };

  expect(await phases("7")).toEqual([
    "queued 3",
    "packing 3",
    "sending 3",
    "sending 3",
    "sending 3",
    "sent 3",
  ]);
  expect((await phases("8")).at(-1)).toBe("lost 3");
});

test("accepts null only where the description allows it", async () => {
  const jobs = { [defaultJobId]: { steps: [{ progress: null }, { progress: null }] } };
  const strict = exportsDescription();
  strict.components.schemas.Export.properties.progress.anyOf.pop();
  await using server = await startMockServer({ description: exportsDescription(), jobs });
  await using strictServer = await startMockServer({ description: strict, jobs });

  const get = { headers: bearer };
  expect((await fetch(server.statusUrl(defaultJobId), get)).status).toBe(200);
  expect((await fetch(strictServer.statusUrl(defaultJobId), get)).status).toBe(500);
});

test("a job's own fields have the types of the description", async () => {
  const description = exportsDescription();
  Object.assign(description.components.schemas.Export.properties, {
    created_at: { type: "integer", minimum: 1 },
    progress: { type: "string", enum: ["some", "much"] },
  });
  await using server = await startMockServer({ description });

  const response = await fetch(server.statusUrl(defaultJobId), { headers: bearer });
  expect([response.status, await response.json()]).toEqual([
    200,
    expect.not.objectContaining({ created_at: expect.any(String) }),
  ]);
});

test("finds a job by an id in another style", async () => {
  const description = exportsDescription();
  Object.assign(description.paths["/exports/{export_id}"].get.parameters[0] ?? {}, {
    style: "label",
  });
  await using server = await startMockServer({ description });

  const url = `${server.url}/exports/.${defaultJobId}`;
  expect((await fetch(url, { headers: bearer })).status).toBe(200);
});

test("reads OpenAPI 3.0's nullable and exclusive bounds", async () => {
  const schema = {
    type: "object",
    required: ["name", "age"],
    properties: {
      name: { type: "string", nullable: true },
      age: { type: "integer", minimum: 0, exclusiveMinimum: true },
    },
  };
  const requestBody = { content: { "application/json": { schema } } };
  const description = describeOperation({ requestBody }, { method: "post", openapi: "3.0.3" });
  await using server = await startMockServer({ description });
  const statusOf = async (body: unknown): Promise<number> => {
    const headers = { "Content-Type": "application/json" };
    const init = { method: "POST", headers, body: JSON.stringify(body) };
    return (await fetch(`${server.url}/thing`, init)).status;
  };

  expect(await statusOf({ name: null, age: 1 })).toBe(204);
  expect(await statusOf({ name: 7, age: 1 })).toBe(422);
  expect(await statusOf({ name: null, age: 0 })).toBe(422);
});

test("nullable means nothing in OpenAPI 3.1", async () => {
  const schema = { type: "object", properties: { name: { type: "string", nullable: true } } };
  const requestBody = { content: { "application/json": { schema } } };
  await using server = await startMockServer({
    description: describeOperation({ requestBody }, { method: "post" }),
  });
  const headers = { "Content-Type": "application/json" };

  const response = await fetch(`${server.url}/thing`, {
    method: "POST",
    headers,
    body: '{"name":null}',
  });

  expect(response.status).toBe(422);
});

test.each<[string, object, string]>([
  ["a body", { requestBody: { content: { "text/csv": {} } } }, "its body is text/csv"],
  [
    "a parameter's place",
    { parameters: [{ in: "cookie", name: "a", schema: {} }] },
    "its parameter a is in cookie",
  ],
  [
    "a parameter's style",
    { parameters: [{ in: "query", name: "a", style: "simple", schema: {} }] },
    "its parameter a has the style simple",
  ],
  [
    "a parameter's media type",
    { parameters: [{ in: "query", name: "a", content: { "application/xml": {} } }] },
    "its parameter a is application/xml",
  ],
  [
    "a body elsewhere",
    { requestBody: { $ref: "bodies.json#/a" } },
    "its body bodies.json#/a is not in the description",
  ],
  ["a security scheme", { security: [{ basic: [] }] }, "its security scheme basic (http, basic)"],
  ["a scheme that is missing", { security: [{ x: [] }] }, "its security scheme x is not defined"],
  [
    "a response",
    {
      responses: {
        "200": {
          description: "XML",
          content: { "application/xml": { schema: { type: "object" } } },
        },
      },
    },
    "its response is application/xml",
  ],
  [
    "no success",
    { responses: { "400": { description: "Bad" } } },
    "it declares no successful response",
  ],
  [
    "a reference to nothing",
    {
      responses: {
        "200": {
          description: "Thing",
          content: { "application/json": { schema: { $ref: "#/components/schemas/None" } } },
        },
      },
    },
    "#/components/schemas/None",
  ],
])(
  "responds with 501 to %s that it does not support, and plays the rest",
  async (_, operation, reason) => {
    const components = { securitySchemes: { basic: { type: "http", scheme: "basic" } } };
    const paths = {
      "/other": { get: { responses: { "204": { description: "Done" } } } },
      "/thing": { get: { responses: { "204": { description: "Done" } }, ...operation } },
    };
    await using server = await startMockServer({
      description: { ...describeOperation({}, { components }), paths },
    });

    const response = await fetch(`${server.url}/thing`);

    expect(response.status).toBe(501);
    const detail = `^GET /thing is not supported by this server: .*${reason.replace(/[()]/g, "\\$&")}`;
    expect(await response.json()).toEqual({ detail: expect.stringMatching(detail) });
    expect((await fetch(`${server.url}/other`)).status).toBe(204);
  },
);

test("responds with 501 to every method of a path item elsewhere", async () => {
  const description = { ...describeOperation({}), paths: { "/thing": { $ref: "paths.json" } } };
  await using server = await startMockServer({ description });
  for (const method of ["GET", "DELETE"]) {
    const response = await fetch(`${server.url}/thing`, { method });
    expect(response.status).toBe(501);
    expect(await response.text()).toContain("its path item paths.json is not in the description");
  }
});

test.each([
  [{ ...exportsDescription(), openapi: "2.0" }, "not an OpenAPI 3.0 or 3.1 document"],
  [{ ...exportsDescription(), openapi: 3 }, "not an OpenAPI 3.0 or 3.1 document"],
  [[], "not an OpenAPI 3.0 or 3.1 document"],
  [{ openapi: "3.1.0" }, "has no paths"],
])("refuses a value that is not a description: %#", async (description, message) => {
  await expect(startMockServer({ description })).rejects.toThrow(TypeError);
  await expect(startMockServer({ description })).rejects.toThrow(message);
});

test("statusUrl throws if the description has no jobs", async () => {
  await using server = await startMockServer({ description: describeOperation({}) });

  expect(() => server.statusUrl(defaultJobId)).toThrow("has no job");
});

test("plays every operation of the audit-logs description by default", async () => {
  await using server = await startMockServer();
  const statuses: [string, number][] = [];

  for (const [path, item] of Object.entries<Record<string, object>>(bundled.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      const url = server.url + path.replace(/\{[^}]+\}/g, defaultJobId);
      const body = "requestBody" in operation ? "{}" : null;
      const headers = { ...bearer, "Content-Type": "application/json" };
      const response = await fetch(url, { method: method.toUpperCase(), headers, body });
      statuses.push([`${method} ${path}`, response.status]);
    }
  }

  // A job's id is not the id of anything else, and some operations may require more than an id.
  const failed = statuses.filter(([, status]) => status >= 300 && ![404, 422].includes(status));
  expect(failed).toEqual([]);
  expect((await fetch(server.statusUrl(defaultJobId), { headers: bearer })).status).toBe(200);
});

import description from "@audit-logs/generated/audit-logs/openapi.json" with { type: "json" };
import { expect, test } from "vitest";
import { statusOperationId } from "../src/job.ts";
import { createApi } from "../src/api.ts";
import {
  defaultJobId,
  startServer,
  type MockServer,
  type MockServerOptions,
} from "../src/server.ts";

const bearer = { Authorization: "Bearer secret" };

async function startWith(document: unknown, options?: MockServerOptions): Promise<MockServer> {
  return startServer(await createApi(document), options);
}

/** A description of the status operation with everything renamed, to be changed by the tests. */
function renamed() {
  const operationId: string = statusOperationId;
  const renamedScheme: object = { type: "http", scheme: "bearer" };
  return {
    openapi: "3.1.0",
    info: { title: "Renamed", version: "2" },
    servers: [
      { url: "https://{region}.example.com/root/", variables: { region: { default: "a" } } },
    ],
    security: [{ renamedScheme: [] }],
    paths: {
      "/api/v2/audit-logs/exports/{export-id}": {
        post: {
          operationId,
          parameters: [
            {
              in: "path",
              name: "export-id",
              required: true,
              schema: { type: "string", format: "uuid" },
            },
            {
              in: "header",
              name: "X-Tenant",
              required: true,
              schema: { type: "string", maxLength: 3 },
            },
          ],
          responses: {
            "202": {
              description: "State",
              content: { "application/json": { schema: { $ref: "#/components/schemas/State" } } },
            },
          },
        },
      },
    },
    components: {
      schemas: {
        State: {
          type: "object",
          required: ["progress"],
          properties: { progress: { anyOf: [{ type: "integer" }, { type: "null" }] } },
        },
      },
      securitySchemes: { renamedScheme },
    },
  };
}

test("follows a renamed path, parameter, header, method, status and security scheme", async () => {
  await using server = await startWith(renamed());
  const url = `${server.url}/api/v2/audit-logs/exports/${defaultJobId}`;
  const headers = { ...bearer, "X-Tenant": "abc" };

  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/root$/);
  expect(server.statusUrl(defaultJobId)).toBe(url);
  const response = await fetch(url, { method: "POST", headers });
  expect(response.status).toBe(202);
  expect(await response.json()).toMatchObject({ id: defaultJobId, status: "pending" });
  expect((await fetch(url, { method: "POST" })).status).toBe(401);
  expect((await fetch(url, { headers })).headers.get("Allow")).toBe("POST");
});

test("names a path parameter and a header as the description does", async () => {
  await using server = await startWith(renamed());

  const response = await fetch(server.statusUrl("7"), {
    method: "POST",
    headers: { ...bearer, "X-Tenant": "abcd" },
  });

  expect(await response.json()).toEqual({
    detail: [
      { loc: ["path", "export-id"], msg: 'must match format "uuid"', type: "uuid_parsing" },
      {
        loc: ["header", "x-tenant"],
        msg: "must NOT have more than 3 characters",
        type: "maxLength",
      },
    ],
  });
});

test("names a required header that is missing", async () => {
  await using server = await startWith(renamed());

  const response = await fetch(server.statusUrl(defaultJobId), { method: "POST", headers: bearer });

  expect(response.status).toBe(422);
  expect(await response.json()).toMatchObject({
    detail: [{ loc: ["header", "x-tenant"], type: "missing" }],
  });
});

test("takes null where the description allows it, and only there", async () => {
  const jobs = { [defaultJobId]: { steps: [{ progress: null }, { progress: null }] } };
  const headers = { ...bearer, "X-Tenant": "abc" };
  const strict = renamed();
  strict.components.schemas.State.properties.progress.anyOf.pop();
  await using server = await startWith(renamed(), { jobs });
  await using strictServer = await startWith(strict, { jobs });

  const post = { method: "POST", headers };
  expect((await fetch(server.statusUrl(defaultJobId), post)).status).toBe(202);
  expect((await fetch(strictServer.statusUrl(defaultJobId), post)).status).toBe(500);
});

test("answers 501 for an operation it cannot play", async () => {
  const { paths } = description;
  const other = { operationId: "listExportJobs", responses: { "200": { description: "Jobs" } } };
  await using server = await startWith({
    ...description,
    paths: { ...paths, "/jobs": { get: other } },
  });

  const response = await fetch(`${server.url}/jobs`, { headers: bearer });

  expect(response.status).toBe(501);
  expect(await response.json()).toEqual({ detail: expect.stringContaining("listExportJobs") });
});

test("refuses a description it cannot obey, and says why", async () => {
  const without = renamed();
  without.paths["/api/v2/audit-logs/exports/{export-id}"].post.operationId = "other";
  const apiKey = renamed();
  apiKey.components.securitySchemes.renamedScheme = { type: "apiKey", in: "header", name: "X-Key" };

  for (const version of [{ swagger: "2.0" }, { openapi: "3.0.3" }]) {
    await expect(startWith({ ...renamed(), openapi: 3, ...version })).rejects.toThrow(
      "not an OpenAPI 3.1 document",
    );
  }
  await expect(startWith(without)).rejects.toThrow(`no operation ${statusOperationId}`);
  await expect(startWith(apiKey)).rejects.toThrow("Security scheme renamedScheme");
  await expect(startWith({ ...renamed(), info: {} })).rejects.toThrow("not valid OpenAPI");
});

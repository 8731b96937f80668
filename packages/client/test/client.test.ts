import { inspect } from "node:util";
import type { Operations } from "@audit-logs/runtime";
import { startMockServer, type MockServerOptions } from "@audit-logs/mock-server";
import { expect, expectTypeOf, onTestFinished, test, vi } from "vitest";
import * as operations from "@audit-logs/generated/audit-logs/operations";
import manifest from "../package.json" with { type: "json" };
import {
  ApiError,
  createAuditLogsClient,
  InvalidResponseError,
  type AuditLogsClientOptions,
  type CallOptions,
  type ExportJob,
  type Failure,
  type ReadOptions,
  type WaitOptions,
  type WatchOptions,
} from "../src/index.ts";
import type { SaveOptions } from "../src/node.ts";
import { listen } from "./listen.ts";

const jobId = "3f6c1f2e-5d0a-4b7e-9c43-2a8d4e6f7b10";
const token = "a-secret-token";
async function mock(options: MockServerOptions = {}) {
  const server = await startMockServer({ token, jobs: { [jobId]: {} }, ...options });
  onTestFinished(server.close);
  return server;
}

function clientOf(baseUrl: string, options: Partial<AuditLogsClientOptions> = {}) {
  return createAuditLogsClient({ token, baseUrl, ...options });
}

test("polls a job until it is completed", async () => {
  const server = await mock();
  const auditLogs = clientOf(server.url);
  const statuses: string[] = [];
  let job: ExportJob;
  do {
    job = await auditLogs.getExportJobStatus({ jobId });
    statuses.push(job.status);
  } while (job.status !== "completed");

  expect(statuses).toEqual(["pending", "running", "running", "running", "completed"]);
  expect(job).toMatchObject({ id: jobId, progress: 100, total_records: 5 });
  expect(job.download_url).toContain(server.url);
});

test("an export job has the vendor's fields, and its status is an open union", () => {
  expectTypeOf<ExportJob>()
    .toHaveProperty("download_url")
    .toEqualTypeOf<string | null | undefined>();
  expectTypeOf<ExportJob>().toHaveProperty("progress").toEqualTypeOf<number | null | undefined>();
  expectTypeOf<ExportJob["status"]>().toEqualTypeOf<
    "pending" | "running" | "completed" | "failed" | (string & {})
  >();
  expectTypeOf<string>().toExtend<ExportJob["status"]>();
});

test("sends the token, the organization and the version as the description says", async () => {
  const server = await mock();
  await clientOf(server.url, { orgName: "example org" }).getExportJobStatus({ jobId });
  await clientOf(server.url, { apiVersion: "v2" }).getExportJobStatus({ jobId });

  const { orgName, apiVersion } = operations.getExportJobStatus.parameters;
  const [first, second] = server.requests;
  expect(first?.headers).toMatchObject({
    authorization: `Bearer ${token}`,
    [orgName.name.toLowerCase()]: "example org",
    [apiVersion.name.toLowerCase()]: "default" in apiVersion ? apiVersion.default : undefined,
  });
  expect(second?.headers).not.toHaveProperty(orgName.name.toLowerCase());
  expect(second?.headers).toMatchObject({ [apiVersion.name.toLowerCase()]: "v2" });
});

test("calls a token function once, and again when the token is refused", async () => {
  const server = await mock({ token: "second" });
  const tokens = ["first", "second"];
  const auditLogs = clientOf(server.url, { token: async () => tokens.shift() ?? "" });
  await auditLogs.getExportJobStatus({ jobId });
  await auditLogs.getExportJobStatus({ jobId });
  expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
    "Bearer first",
    "Bearer second",
    "Bearer second",
  ]);
});

test("reaches the rest of the description through api, with the same credentials", async () => {
  const server = await mock();
  const { data } = await clientOf(server.url).api.request(
    operations.getExportJobStatus.method,
    operations.getExportJobStatus.path,
    { params: { path: { job_id: jobId } } },
  );
  expect(data).toMatchObject({ id: jobId });
});

test("looks up globalThis.fetch when it sends, unless it has the fetch option", async () => {
  const server = await mock();
  const auditLogs = clientOf(server.url);
  const original = globalThis.fetch;
  let calls = 0;
  globalThis.fetch = (input, init) => {
    calls += 1;
    return original(input, init);
  };
  try {
    await auditLogs.getExportJobStatus({ jobId });
    await clientOf(server.url, { fetch: original }).getExportJobStatus({ jobId });
  } finally {
    globalThis.fetch = original;
  }
  expect(calls).toBe(1);
});

test.each([
  { name: "a wrong token", options: { token: "wrong" }, id: jobId, status: 401 },
  { name: "an unknown job", options: {}, id: "00000000-0000-4000-8000-000000000000", status: 404 },
  { name: "an id that is no UUID", options: {}, id: "abc", status: 422 },
])("turns the response to $name into an ApiError with status, body and headers", async (row) => {
  const server = await mock();
  const error: unknown = await clientOf(server.url, row.options)
    .getExportJobStatus({ jobId: row.id })
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: row.status, body: { detail: expect.anything() } });
  expect(error).toHaveProperty(
    "message",
    expect.stringContaining(`${row.id}: the server responded with ${row.status}`),
  );
  expect((error as ApiError).headers.get("content-type")).toContain("json");
});

test.each(["", ".", "..", "...", "a/b", "%2e%2e", "a?b", "a#b", "a b", "ä", "a\r\nb"])(
  "refuses the job id %j, which is not one path segment, without a request",
  async (id) => {
    const server = await mock();
    await expect(clientOf(server.url).getExportJobStatus({ jobId: id })).rejects.toThrow(TypeError);
    expect(server.requests).toEqual([]);
  },
);

test.each(["http://example.com", "ftp://example.com", "http://127.0.0.1.example.com", "not a url"])(
  "refuses the base URL %s",
  (baseUrl) => {
    expect(() => clientOf(baseUrl)).toThrow(TypeError);
  },
);

test("refuses a base URL with a password, and does not quote it", () => {
  expect(() => clientOf("https://user:secret@example.com")).toThrow(
    /^baseUrl must not contain a user/,
  );
  expect(() => clientOf("http://user:secret@example.com")).toThrow(
    /^baseUrl must not contain a user/,
  );
});

test("refuses values that cannot be sent in a header, and does not quote them", async () => {
  const server = await mock();
  expect(() => clientOf(server.url, { orgName: "a\r\nX-Evil: 1" })).toThrow(/^orgName/);
  expect(() => clientOf(server.url, { apiVersion: "" })).toThrow(/^apiVersion/);
  for (const bad of ["secret\r\nX-Evil: 1", "secret\u20ac", "", " ", " secret", "secret "]) {
    expect(() => clientOf(server.url, { token: bad })).toThrow(
      /^a token must consist of visible ASCII characters$/,
    );
    const error: unknown = await clientOf(server.url, { token: () => bad })
      .getExportJobStatus({ jobId })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: "AuditLogsError", cause: { name: "TypeError" } });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("secret");
  }
  expect(server.requests).toEqual([]);
});

test.each([
  ["HTML instead of JSON", "<!doctype html><title>Sign in</title>", "not JSON"],
  ["truncated JSON", '{"id": "3f6c', "not JSON"],
  ["nothing", "", "not JSON"],
  ["null", "null", "no job"],
  ["a job without a status", JSON.stringify({ id: jobId }), "no status"],
  ["another job", JSON.stringify({ id: "other", status: "running" }), "another job"],
])("refuses a success with %s, and names the fault", async (_, body, fault) => {
  const server = await listen((_request, response) => response.end(body));
  onTestFinished(server.close);
  const pending = clientOf(server.url).getExportJobStatus({ jobId });
  await expect(pending).rejects.toThrow(InvalidResponseError);
  await expect(pending).rejects.toThrow(fault);
});

test("never sends the token to another server by following a redirect", async () => {
  const elsewhere = await listen((_request, response) => response.end("{}"));
  const server = await listen((_request, response) =>
    response.writeHead(307, { location: elsewhere.url }).end(),
  );
  onTestFinished(server.close);
  onTestFinished(elsewhere.close);
  await expect(clientOf(server.url).getExportJobStatus({ jobId })).rejects.toThrow(/307.*baseUrl/);
  expect(elsewhere.requests).toEqual([]);
});

test("rejects with the reason of an aborted signal", async () => {
  const server = await listen(() => undefined);
  onTestFinished(server.close);
  const reason = new Error("changed my mind");
  const before = clientOf(server.url).getExportJobStatus(
    { jobId },
    {
      signal: AbortSignal.abort(reason),
    },
  );
  await expect(before).rejects.toBe(reason);

  const controller = new AbortController();
  const during = clientOf(server.url).getExportJobStatus({ jobId }, { signal: controller.signal });
  await server.request();
  controller.abort(reason);
  await expect(during).rejects.toBe(reason);
});

async function apiErrorOf(status: number, body: string): Promise<ApiError> {
  const server = await listen((_request, response) => response.writeHead(status).end(body));
  onTestFinished(server.close);
  try {
    await clientOf(server.url).getExportJobStatus({ jobId });
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  return expect.fail("It resolved");
}

test("an ApiError narrows by a status of the description, if the body is an object", async () => {
  const detail = [{ loc: ["path", "job_id"], msg: "not a UUID", type: "uuid_parsing" }];
  type Status = keyof Failure & number;
  const status: Status = JSON.parse("422");
  const error = await apiErrorOf(status, JSON.stringify({ detail }));
  if (!error.is(status)) expect.fail("It is not narrowed");
  expectTypeOf(error.status).toEqualTypeOf<Status>();
  expectTypeOf(error.body).toEqualTypeOf<Failure[Status]>();
  expect(error.body).toEqual({ detail });
  // @ts-expect-error No description has such a status.
  expect(error.is(799)).toBe(false);
  expect((await apiErrorOf(status, "<h1>No</h1>")).is(status)).toBe(false);
  expect((await apiErrorOf(400, JSON.stringify({ detail }))).is(status)).toBe(false);
});

test("unknown options do not type-check", () => {
  expectTypeOf<ReadOptions>().not.toHaveProperty("resume");
  expectTypeOf<SaveOptions>().not.toHaveProperty("resume");
  expectTypeOf<CallOptions>().not.toHaveProperty("interval");
  expectTypeOf<WatchOptions>().not.toHaveProperty("onProgress");
  // @ts-expect-error The option is baseUrl.
  expect(() => createAuditLogsClient({ token, baseURL: "https://example.com" })).toThrow(
    /^unknown option baseURL; the options are token, orgName, apiVersion, baseUrl, /,
  );
  expectTypeOf<Required<WaitOptions>["onProgress"]>().parameter(0).toEqualTypeOf<ExportJob>();
});

test("sends a user agent, but not from a browser", async () => {
  const server = await mock();
  await clientOf(server.url).getExportJobStatus({ jobId });
  const { name, version } = manifest;
  expect(server.requests[0]?.headers).toMatchObject({ "user-agent": `${name}/${version}` });

  vi.resetModules();
  vi.stubGlobal("document", {});
  const inBrowser = await import("../src/index.ts");
  const client = inBrowser.createAuditLogsClient({ token, baseUrl: server.url });
  vi.unstubAllGlobals();
  await client.getExportJobStatus({ jobId });
  expect(server.requests[1]?.headers["user-agent"]).not.toContain(name);
});

test("middleware gets real requests and responses, which it can copy, read and replace", async () => {
  const server = await mock();
  const auditLogs = clientOf(server.url);
  const received: unknown[] = [];
  auditLogs.api.use({
    onRequest({ request }) {
      received.push(request instanceof Request, request.clone().method);
    },
    async onResponse({ response }) {
      received.push(response instanceof Response, await response.clone().json());
      return new Response(response.body, response);
    },
  });
  const job = await auditLogs.getExportJobStatus({ jobId });
  expect(job.status).toBe("pending");
  expect(received).toEqual([true, "GET", true, job]);
});

test("a filter that would be sent as something else is refused by name", async () => {
  const server = await mock();
  const auditLogs = clientOf(server.url);
  const since = new Date(0) as unknown as string;
  await expect(auditLogs.getAuditLogs({ limit: 1, from_date: since })).rejects.toThrow(
    "from_date must be of type string, but is [object Date]",
  );
  const { method, path } = operations.getAuditLogs;
  const params = { query: { limit: 1, from_date: since } };
  await expect(auditLogs.api.request(method, path, { params })).rejects.toThrow(
    "from_date must be of type string, but is [object Date]",
  );
  for (const input of [null, 5, "x", ["x"], new Map([["q", "x"]])]) {
    await expect(auditLogs.getAuditLogs(input as never)).rejects.toThrow(
      /^GET \/api\/audit-logs takes an object of q, search_operator, .*, not /,
    );
  }
  expect(server.requests).toEqual([]);
});

test("options of a wrong kind are refused by name", () => {
  // @ts-expect-error -- as in JavaScript.
  expect(() => createAuditLogsClient()).toThrow(
    /^the options must be an object with token, orgName/,
  );
  for (const orgName of [{ a: 1 }, ["acme"], new Date(0)]) {
    expect(() => createAuditLogsClient({ token, orgName: orgName as never })).toThrow(
      /^orgName must be of type string, but is \[object /,
    );
  }
});

test.each(["", "..", "a/b", undefined])(
  "api refuses the path parameter %j before it sends anything",
  async (id) => {
    const server = await mock();
    const { method, path } = operations.getExportJobStatus;
    const params = { path: { job_id: id as string } };
    await expect(clientOf(server.url).api.request(method, path, { params })).rejects.toThrow(
      /^jobId .*cannot be sent in a path/,
    );
    expect(server.requests).toEqual([]);
  },
);

test("hard-codes no path, header, default, state or server of the description", async () => {
  const { readdir, readFile } = await import("node:fs/promises");
  const folder = new URL("../src/", import.meta.url);
  const described: Operations = operations;
  const words = Object.values(described).flatMap((operation) => {
    if ("unsupported" in operation) return [operation.path];
    const { path, servers, parameters, job } = operation;
    const ofParameters = Object.entries(parameters).flatMap(([name, parameter]) => [
      ...(parameter.name === name ? [] : [parameter.name]),
      ...(parameter.clientOption && "default" in parameter ? [String(parameter.default)] : []),
    ]);
    return [path, ...servers, ...ofParameters, ...(job?.states ?? [])];
  });
  // Except fields of a body, which keep their names on the wire, and single letters.
  const quoted = [...new Set(words)].filter((word) => word.length > 1).map((word) => `"${word}"`);
  expect(quoted).toContain('"completed"');
  for (const file of await readdir(folder, { recursive: true })) {
    if (!file.endsWith(".ts") || file === "relies-on.ts") continue;
    const source = await readFile(new URL(file, folder), "utf8");
    expect([file, ...quoted.filter((word) => source.includes(word))]).toEqual([file]);
  }
});

test("the server is the description's, unless baseUrl names another", async () => {
  const urls: string[] = [];
  const { api } = createAuditLogsClient({
    token,
    fetch: async (input) => {
      urls.push(String(input));
      return Response.json({});
    },
  });
  const { method, path } = operations.getExportJobStatus;
  const [server]: readonly string[] = operations.getExportJobStatus.servers;
  await api.request(method, path, { params: { path: { job_id: jobId } } });
  expect(urls).toEqual([server + path.replace("{job_id}", jobId)]);
});

test("a body that middleware adds to a request is sent exactly once", async () => {
  const bodies: string[] = [];
  const server = await listen(async (request, response) => {
    bodies.push(`${request.method} ${(await request.toArray()).join("")}`);
    response.writeHead(503).end();
  });
  onTestFinished(server.close);
  const auditLogs = clientOf(server.url);
  auditLogs.api.use({
    onRequest: ({ request }) => new Request(request, { method: "POST", body: "some text" }),
  });
  await expect(auditLogs.getExportJobStatus({ jobId })).rejects.toMatchObject({ status: 503 });
  expect(bodies).toEqual(["POST some text"]);
});

test("recognizes an opaque redirect in a browser, with and without middleware", async () => {
  const hidden = Object.defineProperty(Response.error(), "type", { value: "opaqueredirect" });
  const auditLogs = clientOf("https://example.com", { fetch: async () => hidden });
  const redirect = { status: 0, message: expect.stringContaining("a redirect; is baseUrl right?") };
  await expect(auditLogs.getExportJobStatus({ jobId })).rejects.toMatchObject(redirect);
  auditLogs.api.use({ onRequest: () => undefined });
  await expect(auditLogs.getExportJobStatus({ jobId })).rejects.toMatchObject(redirect);
});

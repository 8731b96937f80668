import dns from "node:dns/promises";
import { syncBuiltinESMExports } from "node:module";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { InvalidResponseError, type AuditLogsClientOptions } from "../../src/index.ts";
import { findHostFault } from "../../src/node.ts";
import { listen } from "../listen.ts";
import { serveResponses } from "./responses.ts";
import { download, file, jobAt, serveExport, whole } from "./export-server.ts";
import { clientOf, errorOf, jobId, open, token } from "./setup.ts";

const lookup = vi.fn<(name: string, options: object) => Promise<{ address: string }[]>>();
// Loopback cannot control what names resolve to, so DNS lookups are mocked.
beforeEach(() => {
  lookup.mockReset();
  vi.spyOn(dns, "lookup").mockImplementation(lookup as unknown as typeof dns.lookup);
  syncBuiltinESMExports();
});
afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

const baseUrl = "https://api.example.com";
type Headers = Record<string, string>;

/** A client on a simulated internet, whose responses a test defines by URL. */
function internet(
  responders: Record<string, () => Response>,
  options: Partial<AuditLogsClientOptions> = {},
) {
  const requests: { url: string; headers: Headers; credentials: unknown }[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const headers = Object.fromEntries(new Headers(init?.headers));
    requests.push({ url: String(input), headers, credentials: init?.credentials });
    const responder = responders[String(input)];
    if (responder === undefined) throw new TypeError("fetch failed");
    return responder();
  };
  const auditLogs = clientOf(baseUrl, { fetch, orgName: "example", ...options });
  return { auditLogs, requests, onProgress: () => undefined };
}

const found = (): Response => new Response(new Uint8Array(file));
const redirect = (location: string) => (): Response =>
  new Response(null, { status: 302, headers: { location } });
const foreign = "https://files.example.net/export?signature=secret";

const forbidden = [
  "file:///etc/passwd",
  "data:application/jsonl,{}",
  "blob:https://api.example.com/1",
  "ftp://files.example.net/export",
  "http://files.example.net/export",
  "http://api.example.com/export",
  "https://user:secret@files.example.net/export",
  "https://169.254.169.254/latest/meta-data",
  "https://metadata.google.internal/",
  "https://100.100.100.200/latest/meta-data",
  "https://192.0.0.192/latest/meta-data",
  "https://[fd00:ec2::254]/latest/meta-data",
  "https://localhost/export",
  "https://printer.local/export",
  "https://intranet/export",
  "https://127.0.0.1/export",
  "https://10.0.0.1/export",
  "https://172.16.0.1/export",
  "https://192.168.0.1/export",
  "https://0/export",
  "https://2130706433/export",
  "https://0x7f000001/export",
  "https://0177.0.0.1/export",
  "https://127.1/export",
  "https://%EF%BC%91%EF%BC%92%EF%BC%97.0.0.1/export",
  "https://[::1]/export",
  "https://[::]/export",
  "https://[::ffff:127.0.0.1]/export",
  "https://[::127.0.0.1]/export",
  "https://[64:ff9b::10.0.0.1]/export",
  "https://[2002:7f00:1::]/export",
  "https://[fe80::1]/export",
  "https://",
];

test.each(forbidden)("77 does not follow the download URL %s", async (url) => {
  const server = internet({});
  const { error } = await download(server, jobAt(url));
  expect(error).toBeInstanceOf(InvalidResponseError);
  expect(String(error)).toContain("the URL of the file ");
  expect(String(error)).not.toContain("secret");
  expect(server.requests).toEqual([]);
});

test.each(forbidden)("77 does not follow a redirect to %s", async (url) => {
  const server = internet({ [foreign]: redirect(url) });
  const { error } = await download(server, jobAt(foreign));
  expect(error).toBeInstanceOf(InvalidResponseError);
  expect(String(error)).not.toContain("secret");
  expect(server.requests).toHaveLength(1);
});

test("77 never requests an address on loopback, except on the API's own origin", async () => {
  const other = open(await listen((_request, response) => response.end(file)));
  const { auditLogs } = await serveExport([whole()]);
  for (const url of [other.url, other.url.replace("127.0.0.1", "localhost")]) {
    const error = await errorOf(auditLogs.openDownload(jobAt(url)));
    expect(error).toBeInstanceOf(InvalidResponseError);
  }
  expect(other.requests).toEqual([]);
});

test("77 requests a public address without credentials, and follows a redirect to another", async () => {
  const second = "https://cdn.example.org/export";
  const server = internet({ [foreign]: redirect(second), [second]: found });
  const { content } = await download(server, jobAt(foreign));
  expect(content).toEqual(file);
  expect(server.requests.map(({ url }) => url)).toEqual([foreign, second]);
  for (const { headers, credentials } of server.requests) {
    expect(headers).toEqual({ "accept-encoding": "identity" });
    expect(credentials).toBe("omit");
  }
});

test("77 never sends the credentials to another origin, even through redirects", async () => {
  const ownUrl = `${baseUrl}/export/1/download`;
  const server = internet({ [ownUrl]: redirect(foreign), [foreign]: found });
  const { content } = await download(server, jobAt("/export/1/download"));
  expect(content).toEqual(file);
  const [first, second] = server.requests;
  expect(first?.headers).toMatchObject({
    authorization: `Bearer ${token}`,
    "x-org-name": "example",
    "x-api-version": expect.anything(),
  });
  expect(second).toMatchObject({ url: foreign, headers: { "accept-encoding": "identity" } });
  expect(Object.keys(second?.headers ?? {})).toEqual(["accept-encoding"]);
});

test.each(["/gateway", "/gateway/"])(
  "a relative URL of the file is relative to a baseUrl that ends in %s",
  async (path) => {
    const server = await serveResponses((response) => response.end(file));
    const auditLogs = clientOf(`${server.url}${path}`);
    const { content } = await download(
      { auditLogs, onProgress: () => undefined },
      jobAt("files/1"),
    );
    expect(content).toEqual(file);
    expect(server.requests.map(({ url }) => url)).toEqual(["/gateway/files/1"]);
  },
);

test("77 follows a redirect on the API's origin, with the credentials", async () => {
  const server = await serveResponses(
    (response) => response.writeHead(307, { location: "/moved" }).end("Moved"),
    (response) => response.end(file),
  );
  const auditLogs = clientOf(server.url, { orgName: "example" });
  const { content } = await download({ auditLogs, onProgress: () => undefined }, jobAt("/old"));
  expect(content).toEqual(file);
  expect(server.requests.map(({ url }) => url)).toEqual(["/old", "/moved"]);
  for (const { headers } of server.requests) {
    expect(headers).toMatchObject({ authorization: `Bearer ${token}`, "x-org-name": "example" });
  }
});

test("77 a location may hold characters in UTF-8", async () => {
  const server = await serveResponses(
    (response) =>
      response.writeHead(302, { location: Buffer.from("/é/日").toString("latin1") }).end(),
    (response) => response.end(file),
  );
  await download({ auditLogs: clientOf(server.url), onProgress: () => undefined }, jobAt("/old"));
  expect(decodeURI(server.requests[1]?.url ?? "")).toBe("/é/日");
});

test("77 follows a redirect whose body never ends", async () => {
  const second = "https://cdn.example.org/export";
  const endless = (): Response =>
    new Response(new ReadableStream(), { status: 302, headers: { location: second } });
  const server = internet({ [foreign]: endless, [second]: found }, { attemptTimeout: 1000 });
  const { content } = await download(server, jobAt(foreign), { maxRetries: 0 });
  expect(content).toEqual(file);
});

test("a URL that is no text is not requested", async () => {
  const server = internet({});
  const { error } = await download(server, jobAt(5 as never));
  expect(String(error)).toContain("the URL of the file is not valid");
  expect(server.requests).toEqual([]);
});

test("77 follows at most five redirects", async () => {
  const server = await serveResponses((response) =>
    response.writeHead(302, { location: "/" }).end(),
  );
  const { error } = await download(
    { auditLogs: clientOf(server.url), onProgress: () => undefined },
    jobAt("/"),
  );
  expect(String(error)).toContain("redirects more than 5 times");
  expect(server.requests).toHaveLength(6);
});

test.each([200, 409])("77 follows no location of a response with status %i", async (status) => {
  const url = `${baseUrl}/a`;
  const headers = { location: `${baseUrl}/b` };
  const server = internet({ [url]: () => new Response("{}", { status, headers }) });
  await download(server, jobAt(url), { maxRetries: 0 });
  expect(server.requests).toHaveLength(1);
});

test("77 never requests a host that resolves to a private address, with the lookup of Node.js", async () => {
  const server = internet({ [foreign]: found });
  lookup.mockResolvedValue([{ address: "93.184.215.14" }, { address: "10.0.0.1" }]);
  const { error } = await download(server, jobAt(foreign), { findHostFault });
  expect(error).toBeInstanceOf(InvalidResponseError);
  expect(String(error)).toContain("files.example.net resolves to 10.0.0.1");
  expect(lookup).toHaveBeenCalledWith("files.example.net", { all: true });
  expect(server.requests).toEqual([]);
});

test("77 follows no redirect to a host that resolves to a private address", async () => {
  const second = "https://rebound.example.org/";
  const server = internet({ [foreign]: redirect(second), [second]: found });
  lookup.mockImplementation(async (name: string) => [
    { address: name === "rebound.example.org" ? "fe80::1%eth0" : "2606:4700::1111" },
  ]);
  const { error } = await download(server, jobAt(foreign), { findHostFault });
  expect(error).toBeInstanceOf(InvalidResponseError);
  expect(server.requests).toHaveLength(1);
});

test("77 requests a host that resolves to public addresses, and does not look up the API's own", async () => {
  const ownUrl = `${baseUrl}/a`;
  const server = internet({ [ownUrl]: redirect(foreign), [foreign]: found });
  lookup.mockResolvedValue([{ address: "93.184.215.14" }]);
  const { content } = await download(server, jobAt(ownUrl), { findHostFault });
  expect(content).toEqual(file);
  expect(lookup).toHaveBeenCalledOnce();
});

test("99 sends the request if a name cannot be looked up locally, as behind some proxies", async () => {
  const server = internet({ [foreign]: found });
  lookup.mockRejectedValue(new Error("getaddrinfo EAI_AGAIN files.example.net"));
  const { content } = await download(server, jobAt(foreign), { findHostFault });
  expect(content).toEqual(file);
  expect(server.requests).toHaveLength(1);
});

test("86 a findHostFault that throws ends the download with its error, and nothing is requested", async () => {
  const server = internet({ [foreign]: found });
  const reason = new Error("not on our list");
  for (const look of [
    async () => Promise.reject(reason),
    () => {
      throw reason;
    },
  ]) {
    const opening = server.auditLogs.openDownload(jobAt(foreign), { findHostFault: look });
    await expect(opening).rejects.toBe(reason);
  }
  expect(server.requests).toEqual([]);
});

test("a redirect that a web page cannot follow is named", async () => {
  const hidden = Object.defineProperty(Response.error(), "type", { value: "opaqueredirect" });
  const server = internet({ [foreign]: () => hidden });
  const opening = server.auditLogs.openDownload(jobAt(foreign));
  await expect(opening).rejects.toThrow(/it is a redirect, which a web page cannot follow$/);
});

test("77 a lookup that hangs ends with the signal", async () => {
  const server = internet({ [foreign]: found });
  const controller = new AbortController();
  const reason = new Error("changed my mind");
  const opening = server.auditLogs.openDownload(jobAt(foreign), {
    signal: controller.signal,
    findHostFault: () => {
      controller.abort(reason);
      return new Promise(() => undefined);
    },
  });
  await expect(opening).rejects.toBe(reason);
});

test("77 a lookup that hangs ends with the attempt", async () => {
  const server = internet({ [foreign]: found }, { attemptTimeout: 1 });
  const { error } = await download(server, jobAt(foreign), {
    findHostFault: () => new Promise(() => undefined),
    maxRetries: 0,
  });
  expect(error).toMatchObject({ name: "TimeoutError", bound: "attempt" });
  expect(server.requests).toEqual([]);
});

test("77 the lookup of Node.js removes the brackets of an IPv6 address", async () => {
  lookup.mockResolvedValue([{ address: "2606:4700::1111" }]);
  expect(await findHostFault(new URL("https://[2606:4700::1111]/"))).toBe(undefined);
  expect(lookup).toHaveBeenCalledWith("2606:4700::1111", { all: true });
});

test("77 applies the same rules to the download URL of a job that it requests itself", async () => {
  const server = await serveResponses((response) =>
    response.end(JSON.stringify(jobAt("https://169.254.169.254/"))),
  );
  const error = await errorOf(clientOf(server.url).readExport(jobId).next());
  expect(error).toBeInstanceOf(InvalidResponseError);
});

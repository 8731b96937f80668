import { runInNewContext } from "node:vm";
import { describe, expect, test, vi } from "vitest";
import { ApiError } from "../src/errors/api-error.ts";
import { ClientError } from "../src/errors/client-error.ts";
import { ConnectionError, wrapConnectionError } from "../src/errors/connection-error.ts";
import { InvalidResponseError } from "../src/errors/invalid-response-error.ts";
import { TimeoutError } from "../src/errors/timeout-error.ts";
import { isObject } from "../src/values.ts";

const errorOf = (
  { status = 400, statusText = "", headers = {} }: ResponseInit = {},
  body?: unknown,
  pause = 0,
): ApiError =>
  new ApiError(
    { label: "GET /jobs", method: "GET", path: "/jobs" },
    new Response(null, { status, statusText, headers: { ...headers, "retry-after": `${pause}` } }),
    body,
  );

const redact = (text: string): string => text.replaceAll("a-secret", "…");

describe("ApiError", () => {
  test.each<[string, string, () => ApiError]>([
    ["the status alone", "400", () => errorOf()],
    [
      "no text, of a custom fetch",
      "503",
      () =>
        new ApiError({ label: "GET /jobs" }, { status: 503, headers: new Headers() } as Response),
    ],
    ["its text", "404 Not Found", () => errorOf({ status: 404, statusText: "Not Found" })],
    [
      "the lowest redirect status",
      "300, a redirect; is baseUrl right?",
      () => errorOf({ status: 300, headers: { location: "/" } }),
    ],
    [
      "the highest redirect status",
      "399, a redirect; is baseUrl right?",
      () => errorOf({ status: 399, headers: { location: "/" } }),
    ],
    [
      "a redirect that leads nowhere",
      "302, a redirect without a location",
      () => errorOf({ status: 302 }),
    ],
    [
      "an unsolicited 304",
      "304, although the client caches nothing; is there a cache in between?",
      () => errorOf({ status: 304 }),
    ],
    ["no redirect below", "299", () => errorOf({ status: 299 })],
    ["a pause", "429, and asked to wait for 5 s", () => errorOf({ status: 429 }, "", 5)],
    ["a detail", "400: no", () => errorOf({}, { detail: "no" })],
    ["a detail of objects", '400: [{"msg":"no"}]', () => errorOf({}, { detail: [{ msg: "no" }] })],
    ["no detail", "400", () => errorOf({}, { detail: null, other: "no" })],
    ["no body", "400", () => errorOf({}, null)],
    ["a message", "400: no", () => errorOf({}, { message: "no" })],
    ["a description", "400: no", () => errorOf({}, { error: "e", error_description: "no" })],
    ["a flag", "400: no", () => errorOf({}, { error: true, detail: {}, errors: [], msg: "no" })],
    ["a list", '400: ["no"]', () => errorOf({}, ["no"])],
    ["a method", '400: {"toString":1}', () => errorOf({}, { detail: { toString: 1 } })],
    [
      "a depth",
      "400",
      () => errorOf({}, { detail: JSON.parse("[".repeat(1e5) + "]".repeat(1e5)) }),
    ],
    ["a comparison", "400: a < 1 and > 0", () => errorOf({}, { detail: "a < 1 and > 0" })],
    ["a page", "400: no", () => errorOf({}, "no <br>\n<style>p{}</style>")],
    ["a page in JSON", "400: no", () => errorOf({}, { message: "<HTML><p>no</p></HTML>" })],
    ["a tag", "400: <script> is wrong", () => errorOf({}, { detail: "<script> is wrong" })],
    ["a blank detail", "400: no", () => errorOf({}, { detail: " \n", message: "no" })],
    ["a code", "400: no", () => errorOf({}, { error: "no" })],
    ["a problem", "400: no", () => errorOf({}, { type: "about:blank", title: "no" })],
    ["XML", "400: Denied not you", () => errorOf({}, "<E><Code>Denied</Code>\n<M>not you</M></E>")],
    ["plain text", "400: no way", () => errorOf({}, " no\r\nway ")],
    [
      "all of it",
      "302, a redirect; is baseUrl right?, and asked to wait for 1 s: x",
      () => errorOf({ status: 302, headers: { location: "/" } }, { detail: "x" }, 1),
    ],
  ])("says %s", (_, said, make) => {
    expect(make().message).toBe(`GET /jobs: the server responded with ${said}`);
  });

  test("recognizes a redirect that a browser hides", () => {
    const hidden = Response.error();
    expect(new ApiError({ label: "GET /jobs" }, hidden).message).toBe(
      "GET /jobs: the server responded with 0, a redirect; is baseUrl right?",
    );
  });

  test("takes no longer for a page of unclosed elements than for its length", () => {
    const { reason } = errorOf({}, "<style".repeat(2 ** 17));
    expect(reason).toBe("");
  });

  test("truncates a long detail", () => {
    const { message } = errorOf({}, { detail: "x".repeat(1000) });
    expect(message).toHaveLength("GET /jobs: the server responded with 400: ".length + 301);
  });

  test("holds no secret in its headers", () => {
    const headers = new Headers([
      ["x-quoted", "it was a-secret"],
      ["set-cookie", "a=a-secret"],
      ["set-cookie", "b=1"],
    ]);
    const response = new Response("", { status: 400, headers });
    const error = new ApiError({ label: "GET /jobs", redact }, response);
    expect(error.headers.get("x-quoted")).toBe("it was ...");
    expect(error.headers.getSetCookie()).toEqual(["a=...", "b=1"]);
  });

  test("holds the server's response, but prints no body", () => {
    const headers = { "x-request-id": "42" };
    const error = errorOf({ status: 409, headers }, { secret: 1 }, 7);
    expect(error).toMatchObject({
      name: "ApiError",
      status: 409,
      retryAfter: 7000,
      requestId: "42",
    });
    expect(error.body).toEqual({ secret: 1 });
    expect(error.headers.get("x-request-id")).toBe("42");
    expect(errorOf().requestId).toBeNull();
    expect(JSON.stringify(error)).not.toContain("secret");
  });

  test("narrows to the described body of a status, only if the body is an object", () => {
    expect(errorOf({ status: 422 }, { detail: [] }).is(422)).toBe(true);
    expect(errorOf({ status: 422 }, "<h1>").is(422)).toBe(false);
    expect(errorOf({ status: 400 }, {}).is(422)).toBe(false);
  });
});

const causeOf = (cause: unknown) =>
  new ConnectionError({ label: "call" }, "it failed", cause).cause;

describe("ConnectionError", () => {
  test("keeps only the name, message and code of the innermost cause", () => {
    const inner = Object.assign(new RangeError("reset"), { code: "ECONNRESET", data: "secret" });
    const outer = new TypeError("fetch failed", { cause: new Error("socket", { cause: inner }) });
    const cause = causeOf(outer);
    expect(cause).toBeInstanceOf(Error);
    expect(cause).toMatchObject({ name: "RangeError", message: "reset", code: "ECONNRESET" });
    expect(cause).not.toHaveProperty("data");
    expect(cause).not.toHaveProperty("cause");
  });

  test("looks four errors deep, and no deeper", () => {
    let error = new Error("5");
    for (const message of ["4", "3", "2", "1"]) error = new Error(message, { cause: error });
    expect(causeOf(error)).toMatchObject({ message: "4" });
  });

  test("recognizes the errors of another realm", () => {
    // As in Jest, whose modules run in a VM but get the platform's errors.
    const foreign: unknown = runInNewContext(
      "new TypeError('fetch failed', { cause: Object.assign(new Error('no'), { code: 'ENOTFOUND' }) })",
    );
    expect(foreign).not.toBeInstanceOf(Error);
    expect(causeOf(foreign)).toMatchObject({ name: "Error", message: "no", code: "ENOTFOUND" });
  });

  test("keeps the stack of its cause, without secrets", () => {
    const cause = Object.assign(new Error("away"), { stack: "Error: a-secret\n    at f" });
    const error = new ConnectionError({ label: "call", redact }, "it failed", cause);
    expect(error.cause).toHaveProperty("stack", "Error: …\n    at f");
  });

  test("gives a cause without a name or a stack those of an Error", () => {
    expect(causeOf({ message: "no", stack: 1 })).toMatchObject({
      name: "Error",
      stack: expect.stringMatching(/^Error: no\n/),
    });
  });

  test("holds no secret in the name and the code of its cause", () => {
    const cause = Object.assign(new Error("away"), { name: "a-secret", code: { a: "a-secret" } });
    expect(new ConnectionError({ label: "call", redact }, "it failed", cause).cause).toMatchObject({
      name: "…",
      code: undefined,
    });
  });

  test.each([undefined, { message: "away" }, 1])("ignores the message %j", (message) => {
    expect(causeOf(Object.assign(new Error("away"), { message }))).toBeUndefined();
  });

  test("ignores a cause that is not an error", () => {
    expect(causeOf(1)).toBeUndefined();
    expect(causeOf("not with Bearer a-token")).toMatchObject({ message: "not with …" });
    expect(causeOf(new Error("away", { cause: "secret" }))).toMatchObject({ message: "away" });
  });

  test.each([
    ["GET https://a.example/b?key=1&sig=2 failed", "GET https://a.example/b… failed"],
    ["Invalid header: Bearer a-token here", "Invalid header: … here"],
    ["bearer a-token, ?a=b and Bearer c", "… … and …"],
    ["Really? Yes", "Really? Yes"],
  ])("redacts secrets in the message %j", (message, left) => {
    expect(causeOf(new Error(message))).toMatchObject({ message: left });
  });

  test("is thrown by wrapConnectionError for a failure, and only then", async () => {
    const call = { label: "GET /jobs" };
    expect(await wrapConnectionError(call, "it failed", async () => 1)).toBe(1);
    const failing = wrapConnectionError(call, "it failed", () => Promise.reject(new Error("away")));
    await expect(failing).rejects.toBeInstanceOf(ConnectionError);
    await expect(failing).rejects.toMatchObject({
      message: "GET /jobs: it failed (away)",
      cause: { message: "away" },
    });
  });
});

test.each([
  ["attempt", "GET /jobs: no complete response within 0.005 s (attemptTimeout)"],
  ["idle", "GET /jobs: no data for 0.005 s (idleTimeout)"],
  ["token", "GET /jobs: the token function returned no token within 0.005 s (attemptTimeout)"],
  ["total", "GET /jobs: not finished within 0.005 s (timeout)"],
] as const)("a TimeoutError says which bound ran out: %s", (bound, message) => {
  const error = new TimeoutError({ label: "GET /jobs" }, bound, 5);
  expect(error).toMatchObject({ name: "TimeoutError", bound, timeout: 5, message });
  expect(new TimeoutError({ label: "GET /jobs" }, bound, 5, ": later").message).toBe(
    `${message}: later`,
  );
});

test("the other errors say what happened to which request, and hold its facts", () => {
  expect(new InvalidResponseError({ label: "GET /jobs" }, "no status")).toMatchObject({
    name: "InvalidResponseError",
    message: "GET /jobs: the response does not match the description: no status",
  });
  const job = { status: "running" };
  const base = new ClientError({ label: "call" }, "oh");
  expect(base).toMatchObject({ name: "ClientError", message: "call: oh", lastJob: undefined });
  base.lastJob = job;
  expect(base.lastJob).toBe(job);
});

test("connection errors, truncated responses, busy servers and most timeouts are transient", () => {
  const subject = { label: "call" };
  expect(new ConnectionError(subject, "oh").isTransient).toBe(true);
  expect(new InvalidResponseError(subject, "oh", true).isTransient).toBe(true);
  expect(new InvalidResponseError(subject, "oh").isTransient).toBe(false);
  for (const bound of ["attempt", "idle", "token"] as const) {
    expect(new TimeoutError(subject, bound, 1).isTransient).toBe(true);
  }
  expect(new TimeoutError(subject, "total", 1).isTransient).toBe(false);
  expect(new ClientError(subject, "oh").isTransient).toBe(false);
  expect([503, 429, 501, 404].map((status) => errorOf({ status }).isTransient)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test.each([
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "oh", /the server's certificate is not trusted/],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "oh", /the server's certificate is not trusted/],
  // Of Bun, whatever the reason.
  ["UNKNOWN_CERTIFICATE_VERIFICATION_ERROR", "oh", /the server's certificate is not trusted/],
  ["CERT_HAS_EXPIRED", "oh", /needs another certificate, unless the clock or baseUrl is wrong$/],
  ["CERT_NOT_YET_VALID", "oh", /needs another certificate/],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "oh", /needs another certificate/],
  ["UNABLE_TO_GET_ISSUER_CERT", "oh", /the server's certificate is not trusted/],
  ["SELF_SIGNED_CERT_IN_CHAIN", "oh", /the server's certificate is not trusted/],
  ["HOSTNAME_MISMATCH", "oh", /needs another certificate/],
  // What Deno says instead of a code.
  ["", "(Connect): invalid peer certificate: UnknownIssuer", /certificate is not trusted/],
  ["", "(Connect): invalid peer certificate: Expired", /needs another certificate/],
  ["", "received corrupt message of type InvalidContentType", /does not speak TLS/],
  ["", "(Connect): received fatal alert: ProtocolVersion", /another version of TLS/],
  ["", "received fatal alert: CertificateRequired", /may require a client certificate$/],
  ["", "(Connect): received fatal alert: HandshakeFailure", /may require a client certificate$/],
  ["", "received fatal alert: UnknownCA", /may require a client certificate$/],
  ["", "received fatal alert: NoApplicationProtocol", /may require a client certificate$/],
  ["ERR_SSL_WRONG_VERSION_NUMBER", "oh", /does not speak TLS/],
  ["ERR_SSL_PACKET_LENGTH_TOO_LONG", "oh", /does not speak TLS/],
  ["ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", "oh", /another version of TLS/],
  ["ERR_SSL_UNSUPPORTED_PROTOCOL", "oh", /another version of TLS/],
  ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "oh", /may require a client certificate$/],
  ["ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE", "oh", /may require a client certificate$/],
  ["ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE", "oh", /may require a client certificate$/],
  ["ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE", "oh", /may require a client certificate$/],
  ["ERR_SSL_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE", "oh", /may require a client certificate$/],
  ["ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED", "oh", /may require a client certificate$/],
  ["ERR_SSL_TLSV1_ALERT_UNKNOWN_CA", "oh", /may require a client certificate$/],
  ["ERR_SSL_TLSV1_ALERT_ACCESS_DENIED", "oh", /may require a client certificate$/],
  ["ERR_SSL_TLSV1_ALERT_INSUFFICIENT_SECURITY", "oh", /may require a client certificate$/],
  ["ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL", "oh", /may require a client certificate$/],
  ["ERR_SSL_TLSV1_UNRECOGNIZED_NAME", "oh", /may require a client certificate$/],
  ["INVALID_PURPOSE", "unsuitable certificate purpose", /needs another certificate/],
  ["INVALID_CA", "invalid CA certificate", /needs another certificate/],
  ["PATH_LENGTH_EXCEEDED", "path length constraint exceeded", /needs another certificate/],
  ["CRL_HAS_EXPIRED", "CRL has expired", /needs another certificate/],
  ["UNSPECIFIED", "CA signature digest algorithm too weak", /needs another certificate/],
  ["UND_ERR_ABORTED", "Proxy response (403) !== 200 when HTTP Tunneling", /allow this host\?$/],
  ["UND_ERR_ABORTED", "Proxy response (302) !== 200 when HTTP Tunneling", /allow this host\?$/],
  ["UND_ERR_INVALID_ARG", "invalid transfer-encoding header", /: the request cannot be sent$/],
  ["UND_ERR_INVALID_ARG", "invalid onRequestStart method", /a dispatcher of the same undici$/],
  ["Z_DATA_ERROR", "incorrect header check", /not encoded as its Content-Encoding says$/],
  ["", "bad port", /fetch refuses this port$/],
  [
    "UND_ERR_ABORTED",
    "Proxy response (407) !== 200 when HTTP Tunneling",
    /the proxy responded with 407/,
  ],
])("a connection error with %s is permanent, and says how to fix it", (code, text, remedy) => {
  const error = new ConnectionError(
    { label: "call" },
    "it failed",
    Object.assign(new Error(text), { code }),
  );
  expect(error.isTransient).toBe(false);
  expect(error.message).toMatch(remedy);
});

test.each([
  ["ECONNRESET", "oh"],
  ["UND_ERR_SOCKET", "other side closed"],
  ["ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR", "SSL alert number 80"],
  ["ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC", "SSL alert number 20"],
  ["", "error 4070 of a device"],
  ["ECONNREFUSED", "connect ECONNREFUSED 127.0.0.1:407"],
  ["ENOTFOUND", "getaddrinfo ENOTFOUND pr-407.example.com"],
  ["", "a bad port of the hub"],
  ["Z_DATA_ERROR", "invalid distance too far back"],
  // Brotli's errors do not distinguish a damaged body from one that is not brotli.
  ["ERR__ERROR_FORMAT_PADDING_1", "Decompression failed"],
  ["ECONNRESET", ""],
  ["UND_ERR_ABORTED", "Proxy response (502) !== 200 when HTTP Tunneling"],
  ["UND_ERR_ABORTED", "Proxy response (429) !== 200 when HTTP Tunneling"],
])("a connection error with %s (%s) is transient", (code, text) => {
  const cause = Object.assign(new Error(text), { code });
  const error = new ConnectionError({ label: "call" }, "it failed", cause);
  expect(error.isTransient).toBe(true);
  expect(error.message).toBe(`call: it failed (${text || code})`);
});

test("OpenSSL's messages are places in its source, so the code is the reason", () => {
  const text = "00B2:error:0A000126:SSL routines::unexpected eof while reading:rec_layer_s3.c:687:";
  const cause = Object.assign(new Error(text), { code: "ERR_SSL_UNEXPECTED_EOF_WHILE_READING" });
  expect(new ConnectionError({ label: "call" }, "it failed", cause).message).toBe(
    "call: it failed (ERR_SSL_UNEXPECTED_EOF_WHILE_READING)",
  );
});

test("the message around a cause says nothing about its remedy", () => {
  const cause = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
  const outer = new Error("GET https://api.example.com/CERT failed", { cause });
  const error = new ConnectionError({ label: "call" }, "it failed", outer);
  expect(error.message).toBe("call: it failed (read ECONNRESET)");
  expect(error.isTransient).toBe(true);
});

test("a failed fetch of Node's whose cause has neither code nor message is explained as a proxy's 407", () => {
  const error = new TypeError("fetch failed", { cause: new Error("") });
  const { message } = new ConnectionError({ label: "call" }, "it failed", error);
  expect(message).toMatch(/the proxy responded with 407/);
});

test("an error of another fetch that has neither code nor message is not explained", () => {
  const { message } = new ConnectionError({ label: "call" }, "it failed", new Error(""));
  expect(message).toBe("call: it failed");
});

test.each([
  [{ errors: [{ detail: "quota" }] }, '[{"detail":"quota"}]'],
  [{ detail: "", message: null, msg: "quota" }, "quota"],
  [{ errors: [], Message: "quota" }, "quota"],
  [{ private: "quota" }, ""],
])("the reason is the first text that explains: %j", (body, reason) => {
  expect(errorOf({}, body).reason).toBe(reason);
});

test("the reason in an HTML page is what a browser shows", () => {
  const page =
    "<title>No</title><style>p > a { color: red }</style><script>x('<p>')</script><p>access";
  expect(errorOf({}, page).reason).toBe("No access");
});

test("a reason in XML keeps its words apart", () => {
  expect(errorOf({}, "<p>no</p><p>access</p>").reason).toBe("no access");
});

test("an error is recognized by a symbol that all copies of a client share", () => {
  expect(ClientError.is({ [Symbol.for("ClientError")]: undefined })).toBe(true);
});

test("a text is cut between two characters", () => {
  const { message } = new ClientError({ label: "call" }, `${"x".repeat(999)}😀!`);
  expect(message).toBe(`call: ${"x".repeat(999)}…`);
});

test("a text that fits is not cut, and a character before the cut is kept", () => {
  const fits = "x".repeat(1000);
  expect(new ClientError({ label: "call" }, fits).message).toBe(`call: ${fits}`);
  const { message } = new ClientError({ label: "call" }, `😀${fits}`);
  expect(message).toBe(`call: 😀${"x".repeat(998)}…`);
});

test("a long status text leaves room for the reason", () => {
  const response = new Response("", { status: 400, statusText: "a".repeat(2000) });
  expect(new ApiError({ label: "call" }, response, "the reason").message).toMatch(
    /a…: the reason$/,
  );
});

test("an error as JSON has the fields for a log line", () => {
  expect(JSON.parse(JSON.stringify(errorOf({ headers: { "x-request-id": "42" } })))).toEqual({
    name: "ApiError",
    message: "GET /jobs: the server responded with 400",
    method: "GET",
    path: "/jobs",
    status: 400,
    requestId: "42",
  });
  expect(JSON.stringify(new ClientError({ label: "call" }, "oh"))).toBe(
    '{"name":"ClientError","message":"call: oh"}',
  );
});

test("null is not an object", () => {
  expect([{}, [], null, "a", undefined].map(isObject)).toEqual([true, true, false, false, false]);
});

test("ClientError.is recognizes errors of another copy of this code, and no other errors", async () => {
  vi.resetModules();
  const copy = await import("../src/errors/client-error.ts");
  const error = new copy.ClientError({ label: "call" }, "oh");
  expect(error).not.toBeInstanceOf(ClientError);
  expect(ClientError.is(error)).toBe(true);
  expect([new Error("oh"), null, "oh", undefined].some((value) => ClientError.is(value))).toBe(
    false,
  );
  expect(Object.keys(error)).not.toContain("brand");
});

test("a message is one line that moves nothing on a terminal, of a limited length", () => {
  const text = `a\r\n\t b\u001b[2Jc\u202ed\u0000e${"x".repeat(2000)}`;
  const { message } = new ClientError({ label: "GET /jobs" }, text);
  expect(message).toMatch(/^GET \/jobs: a {2}b \[2Jc d ex+…$/u);
  expect(message).toHaveLength("GET /jobs: ".length + 1001);
});

test("no part of a secret is shown that the end of a long text cuts", () => {
  const token = "0123456789".repeat(150);
  const hide = (text: string): string => text.replaceAll(token, "…");
  for (const text of [token.repeat(60), `${"\n".repeat(2 ** 16 + 500)}${token}`]) {
    const { message } = new ClientError({ label: "GET /jobs", redact: hide }, text);
    expect(message).not.toMatch(/\d/u);
  }
});

test("secrets are redacted in messages, reasons, request ids and paths", () => {
  const subject = { label: "GET /a-secret", path: "/a-secret", redact, redactTokens: redact };
  const headers = { "x-request-id": "for a-secret" };
  const error = new ApiError(subject, new Response(null, { status: 400, headers }), "no a-secret");
  expect(error).toMatchObject({ reason: "no …", requestId: "for …" });
  expect(error.message).toBe("GET /…: the server responded with 400: no …");
  expect(error.toJSON()).toMatchObject({ path: "/…" });
});

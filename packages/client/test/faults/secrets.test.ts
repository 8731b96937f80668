import { inspect } from "node:util";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as operations from "@audit-logs/generated/audit-logs/operations";
import {
  type ApiError,
  AuditLogsError,
  ConnectionError,
  createAuditLogsClient,
  ExportFailedError,
  type AuditLogsClient,
  type AuditLogsClientOptions,
  type ExportJob,
} from "../../src/index.ts";
import { serveResponses, html, json, type Responder } from "./responses.ts";
import { listenRaw } from "./raw-server.ts";
import {
  clientOf,
  completedJob,
  errorOf,
  jobId,
  label,
  open,
  reasonOf,
  runningJob,
  takeTimers,
  token,
  totalTimeout,
} from "./setup.ts";

/** Every visible text of an error. */
function visibleText(error: unknown): string {
  const texts = [
    inspect(error, { depth: 20, showHidden: true }),
    inspect(error, { depth: 20, getters: true }),
    JSON.stringify(error),
    String(error),
  ];
  if (error instanceof Error) {
    const own = Object.getOwnPropertyNames(error).map((name) => [name, Reflect.get(error, name)]);
    texts.push(String(error.stack), JSON.stringify(own));
    if (error.cause !== undefined) texts.push(visibleText(error.cause));
  }
  return texts.join("\n");
}

const written: string[] = [];
beforeEach(() => {
  written.length = 0;
  for (const name of ["log", "info", "warn", "error", "debug", "trace", "dir"] as const) {
    vi.spyOn(console, name).mockImplementation((...values: unknown[]) => {
      written.push(inspect(values, { depth: 20 }));
    });
  }
  vi.spyOn(process, "emitWarning").mockImplementation((warning) => {
    written.push(inspect(warning, { depth: 20 }));
  });
});
afterEach(() => {
  if (written.length > 0) throw new Error(`Something was written: ${written.join("; ")}`);
});

/** Echoes the request, as debugging pages do. */
const echo =
  (status: number, type: string): Responder =>
  (response, { headers, url }) =>
    response
      .writeHead(status, {
        "content-type": type,
        "x-request": headers.authorization,
        "set-cookie": `session=${headers.authorization}`,
        location: `https://login.example.com/?token=${headers.authorization}`,
      })
      .end(JSON.stringify({ detail: { headers, url } }));

/** A server that sends some bytes, and then echoes the request. */
async function echoServer(before = ""): Promise<string> {
  const server = open(
    await listenRaw((socket, request) =>
      socket.end(`${before}${server.requests[request]}\r\n\r\n`),
    ),
  );
  return server.url;
}

const running = json(runningJob);
const ask = (url: string, options: Partial<AuditLogsClientOptions> = {}): Promise<unknown> =>
  reasonOf(clientOf(url, options).getExportJobStatus({ jobId }, { timeout: totalTimeout }));
const urlOfServer = async (...responders: Responder[]): Promise<string> =>
  (await serveResponses(...responders)).url;

test.each<[string, () => Promise<unknown>]>([
  [
    "a connection that is reset",
    async () => ask(await urlOfServer((response) => response.destroy())),
  ],
  ["an echo instead of HTTP", async () => ask(await echoServer())],
  [
    "an echo instead of a chunk",
    async () => ask(await echoServer("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")),
  ],
  ["an echo with a success status", async () => ask(await echoServer("HTTP/1.1 200 OK\r\n\r\n"))],
  [
    "the token with a success status",
    async () => ask(await urlOfServer((response) => response.end(`Bearer ${token}`))),
  ],
  ["an echo as a header", async () => ask(await echoServer("HTTP/1.1 200 OK\r\nbad header "))],
  [
    "an error with an echo in JSON",
    async () => ask(await urlOfServer(echo(400, "application/json"))),
  ],
  ["an error with an echo in HTML", async () => ask(await urlOfServer(echo(500, "text/html")))],
  ["a refused token", async () => ask(await urlOfServer(echo(401, "application/json")))],
  [
    "a refused token from a function",
    async () => ask(await urlOfServer(echo(401, "application/json")), { token: () => token }),
  ],
  ["a redirect", async () => ask(await urlOfServer(echo(302, "text/html")))],
  [
    "an error while waiting",
    async () =>
      reasonOf(
        clientOf(await urlOfServer(running, html(404))).waitForExportJob(jobId, { interval: 1 }),
      ),
  ],
  ["another job", async () => ask(await urlOfServer(json({ ...runningJob, id: "other" })))],
  [
    "a failed job",
    async () =>
      reasonOf(
        clientOf(await urlOfServer(json({ ...runningJob, status: "failed" }))).waitForExportJob(
          jobId,
        ),
      ),
  ],
  [
    "an attempt that takes too long",
    async () => {
      const timers = takeTimers();
      return ask(await urlOfServer(() => timers.runOut()));
    },
  ],
  [
    "a call that takes too long",
    async () => {
      const timers = takeTimers();
      return reasonOf(
        clientOf(await urlOfServer(() => timers.runOut())).getExportJobStatus(
          { jobId },
          {
            timeout: 20_000,
          },
        ),
      );
    },
  ],
  [
    "an abort",
    async () => {
      const controller = new AbortController();
      const client = clientOf(await urlOfServer(() => controller.abort()));
      return reasonOf(client.getExportJobStatus({ jobId }, { signal: controller.signal }));
    },
  ],
  [
    "a token function that fails when its token has expired",
    async () => {
      const tokens = [token];
      return ask(await urlOfServer(echo(401, "application/json")), {
        token: () => tokens.pop() ?? Promise.reject(new Error("no more")),
      });
    },
  ],
  [
    "a token that cannot be sent",
    async () => ask(await urlOfServer(running), { token: () => `${token}\r\nX-Evil: 1` }),
  ],
  [
    "an organization that cannot be sent",
    async () => {
      try {
        return clientOf("https://example.com", { orgName: `${token}\n` });
      } catch (error) {
        return error;
      }
    },
  ],
  [
    "a fetch whose errors hold the request",
    () =>
      ask("https://example.com", {
        fetch: async (input, init) => {
          const headers = Object.fromEntries(new Headers(init?.headers));
          throw Object.assign(
            new Error(`No way to ${String(input)} with ${JSON.stringify(headers)}`),
            {
              config: { input, init, headers },
              code: "ERR_AWAY",
            },
          );
        },
      }),
  ],
  [
    "a fetch whose errors have a cause that holds the request",
    () =>
      ask("https://example.com", {
        fetch: async (input, init) => {
          const cause = Object.assign(new Error("away"), {
            request: new Request(input, init),
            init,
          });
          throw new TypeError("fetch failed", { cause });
        },
      }),
  ],
  [
    "a download that is refused",
    async () => {
      const url = await urlOfServer(echo(403, "application/xml"));
      const job = { ...completedJob, download_url: `${url}/file` };
      return reasonOf(clientOf(url).openDownload(job));
    },
  ],
])("72 never shows the token in an error: %s", async (_, provoke) => {
  const error = await provoke();
  expect(error).toBeInstanceOf(Error);
  expect(visibleText(error)).not.toContain(token);
  if (error instanceof AuditLogsError && !(error instanceof ExportFailedError)) {
    expect(error.message).toContain(jobId);
  }
});

test("72 the remaining cause says what happened", async () => {
  const error = await errorOf(
    clientOf("https://example.com", {
      fetch: async () => {
        const away = Object.assign(new Error("getaddrinfo ENOTFOUND https://example.com/?a=b"), {
          code: "ENOTFOUND",
        });
        const cause = new TypeError(`fetch failed: https://example.com/?a=b`, { cause: away });
        away.cause = cause;
        throw cause;
      },
    }).getExportJobStatus({ jobId }),
  );
  expect(error).toBeInstanceOf(ConnectionError);
  const reason = "getaddrinfo ENOTFOUND https://example.com/…";
  expect(error.message).toBe(`${label}: the connection failed (${reason})`);
  expect(error.cause).toMatchObject({
    name: "Error",
    code: "ENOTFOUND",
    message: "getaddrinfo ENOTFOUND https://example.com/…",
  });
});

test("72 no event shows the token, even if a redirect contains it", async () => {
  const server = await serveResponses(
    (response) => response.writeHead(302, { location: `/${token}/file?a=b` }).end(),
    html(503),
    (response) => response.end("{}\n"),
  );
  const events: unknown[] = [];
  const client = clientOf(server.url, { onEvent: (event) => events.push({ ...event }) });
  takeTimers();
  const job = { ...completedJob, download_url: `${server.url}/file`, total_records: 1 };
  for await (const _ of client.readExport(job));
  expect(server.requests[1]?.url).toBe(`/${token}/file?a=b`);
  expect(events).toContainEqual(expect.objectContaining({ url: `${server.url}/…/file` }));
  expect(visibleText(events)).not.toContain(token);
});

test("72 the client itself does not show the token", () => {
  const auditLogs = clientOf("https://example.com");
  expect(visibleText(auditLogs)).not.toContain(token);
});

test("72 middleware runs once per call, even if it is retried, and never sees the token", async () => {
  const server = await serveResponses(html(503), json({}, 401), json(runningJob));
  const auditLogs = clientOf(server.url, { token: () => token });
  const observed: string[] = [];
  auditLogs.api.use({
    onRequest: ({ request }) => void observed.push(`request ${visibleText([...request.headers])}`),
    onResponse: ({ request, response }) =>
      void observed.push(`response ${response.status} ${visibleText([...request.headers])}`),
    onError: () => void observed.push("error"),
  });
  expect(await auditLogs.getExportJobStatus({ jobId })).toEqual(runningJob);
  expect(observed).toEqual([
    expect.stringMatching(/^request /),
    expect.stringMatching(/^response 200/),
  ]);
  expect(observed.join()).not.toMatch(/authorization|a-secret-token/i);
  expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(
    Array(3).fill(`Bearer ${token}`),
  );
});

test("72 a call keeps its limits and its token if middleware replaces the request", async () => {
  const controller = new AbortController();
  const reason = new Error("changed my mind");
  const server = await serveResponses(json(runningJob), () => controller.abort(reason));
  const auditLogs = clientOf(server.url);
  auditLogs.api.use({
    onRequest: ({ request }) => new Request(request, { headers: { "x-trace": "1" } }),
  });
  const { signal } = controller;
  expect(await auditLogs.getExportJobStatus({ jobId }, { signal })).toEqual(runningJob);
  expect(server.requests[0]?.headers).toMatchObject({
    "x-trace": "1",
    authorization: `Bearer ${token}`,
  });
  expect(await reasonOf(auditLogs.getExportJobStatus({ jobId }, { signal }))).toBe(reason);
});

test("72 never sends the token if middleware changes the server", async () => {
  const elsewhere = await serveResponses(running);
  const auditLogs = clientOf("https://example.com", { orgName: "acme" });
  auditLogs.api.use({ onRequest: ({ request }) => new Request(elsewhere.url, request) });
  expect(await auditLogs.getExportJobStatus({ jobId })).toEqual(runningJob);
  const { orgName, apiVersion } = operations.getExportJobStatus.parameters;
  for (const name of ["authorization", orgName.name, apiVersion.name]) {
    expect(elsewhere.requests[0]?.headers).not.toHaveProperty(name.toLowerCase());
  }
});

// A presigned URL: its query grants access to the file.
const query = "?X-Amz-Credential=a-key-id&X-Amz-Signature=a-presigned-signature";
const hidden = /a-key-id|a-presigned-signature/;
const store = "https://files.example.com/export.jsonl";
/** The response of S3 to an invalid signature. */
const storeError: Responder = (response, { url }) =>
  response
    .writeHead(403, { "content-type": "application/xml", "x-amz-id": String(url) })
    .end(`<Error><StringToSign>${url}</StringToSign></Error>`);

/** A client whose object store is a server on loopback with these responses. */
async function clientWithStore(api: Responder, ...files: Responder[]): Promise<AuditLogsClient> {
  const [server, fileServer] = [await serveResponses(api), await serveResponses(...files)];
  return clientOf(server.url, {
    fetch: (input, init) =>
      fetch(String(input).replace("https://files.example.com", fileServer.url), init),
  });
}

const presignedJob = { ...completedJob, download_url: store + query };
const read = async (client: AuditLogsClient, job: ExportJob | string = presignedJob) => {
  for await (const _ of client.readExport(job, { maxRetries: 3 }));
};

test.each<[string, () => Promise<unknown>]>([
  ["a refused file", async () => read(await clientWithStore(json(presignedJob), storeError))],
  [
    "a refused file, by the job's id",
    async () => read(await clientWithStore(json(presignedJob), storeError), jobId),
  ],
  [
    "a store that resets",
    async () => read(await clientWithStore(json(presignedJob), (response) => response.destroy())),
  ],
  [
    "a store that breaks off",
    async () =>
      read(
        await clientWithStore(json(presignedJob), (response) => {
          response.writeHead(200, { "content-length": 99 });
          response.write('{"a":1}\n', () => response.destroy());
        }),
      ),
  ],
  [
    "a line that is not JSON",
    async () =>
      read(
        await clientWithStore(json(presignedJob), (response, { url }) => response.end(`${url}\n`)),
      ),
  ],
  [
    "a redirect without a location",
    async () =>
      read(
        await clientWithStore(json(presignedJob), (response) =>
          response.writeHead(302, { location: `http://10.0.0.1/${query}` }).end(),
        ),
      ),
  ],
  [
    "a redirect loop",
    async () =>
      read(
        await clientWithStore(json(presignedJob), (response) =>
          response.writeHead(302, { location: store + query }).end(),
        ),
      ),
  ],
  [
    "an address that is not a URL",
    async () =>
      read(await clientWithStore(running), { ...presignedJob, download_url: `https://${query}` }),
  ],
  [
    "an address that is not public",
    async () =>
      read(await clientWithStore(running), {
        ...presignedJob,
        download_url: `http://10.0.0.1/${query}`,
      }),
  ],
  [
    "a fetch whose errors quote the URL",
    async () =>
      read(
        clientOf("https://example.com", {
          fetch: async (input) => {
            throw Object.assign(new Error(`request to ${String(input)} failed`), { path: input });
          },
        }),
      ),
  ],
  [
    "a job that failed and has a URL",
    async () => {
      const job = { ...presignedJob, status: "failed" };
      await (await clientWithStore(json(job), running)).waitForExportJob(jobId);
    },
  ],
  [
    "a failed job that quotes its relative URL",
    async () => {
      const job = { ...presignedJob, download_url: `/file${query}`, status: "failed" };
      const failed = json({ ...job, error_message: `cannot serve ${query}` });
      await (await clientWithStore(failed, running)).waitForExportJob(jobId);
    },
  ],
  [
    "a wait that ends with a URL in the last state",
    async () => {
      const timers = takeTimers({ holdsPauses: true });
      const client = await clientWithStore(json({ ...presignedJob, status: "checking" }), running);
      const onProgress = (): unknown => setImmediate(timers.runOut);
      await client.waitForExportJob(jobId, { interval: 30_000, timeout: 20_000, onProgress });
    },
  ],
])("73 never shows the query of a presigned URL in an error: %s", async (_, provoke) => {
  const error = await errorOf(provoke());
  expect(visibleText(error)).not.toMatch(hidden);
  expect(error.message).toContain(jobId);
});

test("73 the last state of an error keeps its URL", async () => {
  const job = { ...presignedJob, status: "failed" };
  const error = await errorOf((await clientWithStore(json(job), running)).waitForExportJob(jobId));
  expect(error).toBeInstanceOf(ExportFailedError);
  expect(error.lastJob).toEqual(job);
  expect((error as ExportFailedError).job).toEqual(job);
});

test.each([
  "",
  ".",
  "..",
  "...",
  "%2e%2e",
  "%2E.",
  "a/b",
  "a\\b",
  "a?b",
  "a#b",
  "a b",
  "ä",
  "a\r\nb",
  "/",
  "..;",
])("74 the job id %j is refused before anything is sent", async (id) => {
  const server = await serveResponses(running);
  const client = clientOf(server.url);
  for (const call of [
    client.getExportJobStatus({ jobId: id }),
    client.waitForExportJob(id),
    client.watchExportJob(id).next(),
    client.readExport(id).next(),
    client.openDownload(id),
  ]) {
    const error = await reasonOf(call);
    expect(error).toBeInstanceOf(TypeError);
    const quoted = JSON.stringify(id.replace(/\?.*/, "?…"));
    expect(error).toHaveProperty("message", expect.stringContaining(quoted));
  }
  expect(server.requests).toEqual([]);
});

test("73 an address that takes the place of a job id is not quoted with its query", async () => {
  const server = await serveResponses(running);
  const client = clientOf(server.url);
  for (const address of ["https://a.example/b?sig=a-signature", "b/?sig=a-signature"]) {
    const job = { id: address, status: "completed" };
    for (const call of [
      client.getExportJobStatus({ jobId: address }),
      client.waitForExportJob(address),
      client.readExport(job).next(),
      client.waitForExportJob({ ...job, download_url: address } as never),
      client.getAuditLog({ auditLogId: address }),
    ]) {
      const error = await reasonOf(call);
      expect(error).toBeInstanceOf(TypeError);
      expect(inspect(error)).not.toContain("a-signature");
    }
  }
  expect(server.requests).toEqual([]);
});

test("73 the address that a call is redirected to is in no error", async () => {
  const address = "https://a.example/b?sig=a-signature";
  const server = await serveResponses((response) =>
    response.writeHead(302, { location: address }).end(`Found. Redirecting to ${address}`),
  );
  const error = await reasonOf(clientOf(server.url).downloadExport({ jobId }));
  expect(error).toMatchObject({ name: "ApiError", status: 302 });
  const { headers } = error as ApiError;
  const texts = [inspect(error), JSON.stringify(error), ...headers.values()].join(" ");
  expect(texts).not.toContain("a-signature");
});

test("73 the address of what a call has created is no secret", async () => {
  const server = await serveResponses(
    json({ id: jobId }, 200, { location: "/jobs/1?tenant=acme-corp" }),
    json({ detail: "acme-corp is suspended" }, 403),
  );
  const auditLogs = clientOf(server.url);
  await auditLogs.startExport();
  expect(await reasonOf(auditLogs.getAuditLogs({ limit: 1 }))).toMatchObject({
    reason: "acme-corp is suspended",
  });
});

test("73 the query of a call is no secret", async () => {
  const server = await serveResponses(json({ detail: "actor_verb:login is unknown" }, 422));
  const error = await reasonOf(
    clientOf(server.url).getAuditLogs({ limit: 1, q: ["actor_verb:login"] }),
  );
  expect(error).toMatchObject({ reason: "actor_verb:login is unknown" });
});

test("72 a token that the end of the status text cuts in two is in no error", async () => {
  const long = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJ";
  const server = await serveResponses((response) => {
    response.writeHead(400, `${"x".repeat(70)} ${long}`).end();
  });
  const error = await reasonOf(clientOf(server.url, { token: long }).getExportJobStatus({ jobId }));
  expect(inspect(error)).not.toContain("0123456789");
});

test.each(["\r", "\n", "\r\nX-Evil: 1", "\0", "\u0100"])(
  "75 %j in a token or an organization is refused, and the value is not quoted",
  async (evil) => {
    const server = await serveResponses(running);
    const bad = `a-secret${evil}`;
    expect(() => clientOf(server.url, { orgName: bad })).toThrow(/^orgName cannot be sent/);
    expect(() => clientOf(server.url, { apiVersion: bad })).toThrow(/^apiVersion cannot be sent/);
    const fault = "a token must consist of visible ASCII characters";
    expect(() => clientOf(server.url, { token: bad })).toThrow(new TypeError(fault));
    for (const tokenFunction of [() => bad, async () => bad]) {
      const error = await errorOf(
        clientOf(server.url, { token: tokenFunction }).getExportJobStatus({ jobId }),
      );
      expect(error.message).toBe(`${label}: the token function failed: ${fault}`);
      expect(String(error.cause)).toBe(`TypeError: ${fault}`);
      expect(visibleText(error)).not.toContain("a-secret");
    }
    expect(server.requests).toEqual([]);
  },
);

test("75 a token function is called again after it returned an invalid token", async () => {
  const server = await serveResponses(running);
  const tokens = ["bad\n", "good"];
  const client = clientOf(server.url, { token: () => tokens.shift() ?? "" });
  await expect(client.getExportJobStatus({ jobId })).rejects.toThrow(AuditLogsError);
  expect(await client.getExportJobStatus({ jobId })).toEqual(runningJob);
});

test.each([
  "http://example.com",
  "http://10.0.0.1",
  "http://0.0.0.0",
  "http://127.0.0.1.example.com",
  "http://localhost.example.com",
  "http://[::2]",
  "ws://127.0.0.1",
  "file:///etc",
  "//127.0.0.1",
])("76 the base URL %s is refused", (baseUrl) => {
  expect(() => createAuditLogsClient({ token, baseUrl })).toThrow(TypeError);
});

test.each([
  "http://localhost:1",
  "http://127.0.0.1",
  "http://127.9.9.9",
  "http://[::1]:1",
  "https://example.com",
])("76 the base URL %s is accepted", (baseUrl) => {
  expect(() => createAuditLogsClient({ token, baseUrl })).not.toThrow();
});

test("76 never sends the token to a base URL of a single request", async () => {
  const [server, elsewhere] = [await serveResponses(running), await serveResponses(running)];
  const { method, path } = operations.getExportJobStatus;
  await clientOf(server.url).api.request(method, path, {
    params: { path: { job_id: jobId } },
    baseUrl: elsewhere.url,
  });
  expect(elsewhere.requests[0]?.headers).not.toHaveProperty("authorization");
});

const key = 's3cr+t/"\\key-of-the-server';
const spellings: readonly [string, (secret: string) => string][] = [
  ["as it is", (secret) => secret],
  ["percent-encoded", encodeURIComponent],
  ["in JSON", (secret) => JSON.stringify(secret).slice(1, -1)],
  ["in HTML", (secret) => secret.replace(/[^\w-]/g, (c) => `&#${c.charCodeAt(0)};`)],
  ["in base64", (secret) => Buffer.from(`Bearer ${secret}`).toString("base64")],
  ["in base64url", (secret) => Buffer.from(`x:${secret}`).toString("base64url")],
];
/** Encodings in which a server may quote a text, and calls that would show it. */
const places: readonly [string, (quoted: string) => Responder, "ask" | "wait" | "read"][] = [
  ["a detail", (quoted) => json({ detail: `no ${quoted}` }, 400), "ask"],
  ["a detail of objects", (quoted) => json({ detail: [{ msg: quoted }] }, 422), "ask"],
  [
    "an HTML page",
    (quoted) => (response) => response.writeHead(500).end(`<p>${quoted}</p>`),
    "ask",
  ],
  [
    "a reason phrase",
    (quoted) => (response) => response.writeHead(400, quoted.replace(/[^\x20-\x7e]/g, "")).end(),
    "ask",
  ],
  [
    "a header",
    (quoted) => (response) =>
      response
        .writeHead(400, { "x-request-id": encodeURI(quoted), "x-echo": encodeURI(quoted) })
        .end(),
    "ask",
  ],
  ["another job's id", (quoted) => json({ ...runningJob, id: quoted }), "ask"],
  [
    "an error message",
    (quoted) => json({ ...runningJob, status: "failed", error_message: quoted }),
    "wait",
  ],
  ["a state", (quoted) => json({ ...runningJob, status: quoted, progress: 1 }), "read"],
];
const combinations = places.flatMap(([place, responder, call]) =>
  spellings.map(([spelling, spell]) => ({ place, spelling, responder, spell, call })),
);

test.each(combinations)(
  "96 a token that the server quotes in $place, $spelling, appears in no error",
  async ({ responder, spell, call }) => {
    // The previous token, too.
    for (const secret of [key, "an-older-token-than-that"]) {
      const tokens = [secret, key];
      const server = await serveResponses(json({}, 401), responder(spell(secret)));
      const auditLogs = clientOf(server.url, {
        token: () => tokens.shift() ?? key,
        maxRetries: 0,
      });
      const error = await errorOf(
        call === "ask"
          ? auditLogs.getExportJobStatus({ jobId })
          : call === "wait"
            ? auditLogs.waitForExportJob(jobId)
            : auditLogs.readExport(jobId).next(),
      );
      const text = visibleText(error);
      expect(text).not.toContain(spell(secret));
      expect(text).not.toContain(JSON.stringify(spell(secret)).slice(1, -1));
      expect(text).not.toContain(secret);
    }
  },
);

test("96 a signature that the server quotes appears in no error", async () => {
  const signature = "a/very+secret=signature";
  for (const [, spell] of spellings) {
    const server = await serveResponses((response) =>
      response.writeHead(403).end(`<Error>bad signature ${spell(signature)}</Error>`),
    );
    const download_url = `${server.url}/file?sig=${encodeURIComponent(signature)}`;
    const call = clientOf(server.url).openDownload({ ...completedJob, download_url });
    // The client requests the job again, but the response holds no job.
    expect(visibleText(await errorOf(call))).not.toContain(spell(signature));
  }
});

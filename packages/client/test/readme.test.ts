import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defaultJobId, startMockServer, type MockServer } from "@audit-logs/mock-server";
import { context, SpanKind, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { Ajv2020 } from "ajv/dist/2020.js";
import { pino } from "pino";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import description from "@audit-logs/generated/audit-logs/openapi.json" with { type: "json" };
import * as client from "../src/index.ts";
import * as node from "../src/node.ts";
import { takeTimers } from "./faults/setup.ts";
import { ts } from "./typescript.ts";

// Type-checks every example of the README as a separate file, and runs it against the mock server.

const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
const examples = [...readme.matchAll(/^#+ (.+)$|^```ts\n([^]*?)^```$/gmu)].reduce<
  { title: string; code: string }[]
>((found, [, title, code]) => {
  const heading = title ?? found.at(-1)?.title ?? "";
  return [...found, { title: heading, code: code ?? "" }];
}, []);
const rows = examples
  .filter(({ code }) => code !== "")
  .map(({ title, code }) => [title, code] as const);

const preamble = `
import type { AuditLogsClient } from "../src/index.ts";
declare const auditLogs: AuditLogsClient;
declare const jobId: string;
declare const path: string;
declare function readToken(): Promise<string>;
`;

// The examples use the sources. The published entries are tested with the package.
const entries = new Map([
  ["@audit-logs/client", "../src/index.ts"],
  ["@audit-logs/client/node", "../src/node.ts"],
  ["@audit-logs/client/schema", "../src/schema.ts"],
  ["@audit-logs/client/schema.json", "@audit-logs/generated/audit-logs/openapi.json"],
]);

test("there are examples", () => {
  expect(rows.length).toBeGreaterThan(5);
});

test("the README lists the statuses that are retried", () => {
  const errors = Array.from(
    { length: 400 },
    (_, index) => new client.ApiError({ label: "" }, new Response(null, { status: 200 + index })),
  );
  const statuses = errors.filter(({ isTransient }) => isTransient).map(({ status }) => status);
  expect(readme).toContain(`: after ${statuses.join(", ")}, failed`);
});

test("the README names the first and the longest pause between polls", async () => {
  const { pauses } = takeTimers();
  const steps = Array.from({ length: 10 }, () => ({ status: "running" }));
  await using server = await startMockServer({
    jobs: { [defaultJobId]: { steps: [...steps, { status: "completed" }] } },
  });
  const auditLogs = client.createAuditLogsClient({ token: "token", baseUrl: server.url });
  await auditLogs.waitForExportJob(defaultJobId);
  const [first = 0] = pauses;
  const longest = Math.max(...pauses);
  expect(readme).toContain(`starts at ${first / 1000} s and grows to ${longest / 1000} s.`);
});

test("every example type-checks", async () => {
  const folder = fileURLToPath(new URL("../node_modules/.cache/examples", import.meta.url));
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [index, [, code]] of rows.entries()) {
    const declarations = code.includes("const auditLogs =")
      ? preamble.replace(/^declare const auditLogs.*$/mu, "")
      : preamble;
    const text = `${declarations}${code}\nexport {};`.replaceAll(
      /@audit-logs\/client[^"]*/gu,
      (name) => entries.get(name) ?? name,
    );
    await writeFile(join(folder, `${index}.ts`), text.replaceAll('"../src/', '"../../../src/'));
  }
  const compilerOptions = { noUnusedLocals: false, noUnusedParameters: false };
  const config = { extends: "../../../test/tsconfig.json", compilerOptions, include: ["."] };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
  const tsc = new URL("../../../node_modules/typescript-native/bin/tsc", import.meta.url);
  const args = [fileURLToPath(tsc), "-p", folder, "--checkers", "1"];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "", stderr: "" });
});

/** Stands for the tracing and logging of a program. */
const tools = { pino: () => pino({ enabled: false }), SpanKind, trace };

/** Runs an example against a mock server. Returns the client, if the example creates one. */
async function runExample(
  code: string,
  server: MockServer,
  more: object = {},
): Promise<client.AuditLogsClient | undefined> {
  const { outputText } = ts.transpileModule(code.replace(/^import .*$/gmu, ""), {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  const isClient = code.includes("const auditLogs =");
  const folder = await mkdtemp(join(tmpdir(), "readme-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const create = (options: client.AuditLogsClientOptions): client.AuditLogsClient =>
    client.createAuditLogsClient({ ...options, baseUrl: server.url });
  const scope: Record<string, unknown> = {
    ...client,
    ...node,
    ...tools,
    Ajv2020,
    description,
    path: join(folder, "export.jsonl"),
    createAuditLogsClient: create,
    ...(!isClient && { auditLogs: create({ token: "token" }) }),
    jobId: defaultJobId,
    readToken: () => Promise.resolve("token"),
    ...more,
  };
  const body = `${outputText}${isClient ? "\nreturn auditLogs;" : ""}`;
  const AsyncFunction = (async () => undefined).constructor;
  return Reflect.construct(AsyncFunction, [...Object.keys(scope), body])(...Object.values(scope));
}

test.each(rows)("the example of “%s” runs", async (title, code) => {
  vi.spyOn(console, "log").mockImplementation(() => undefined);
  takeTimers();
  await using server = await startMockServer({
    jobs: { [defaultJobId]: { steps: [{ status: "completed" }] } },
  });
  await runExample(code, server);
  expect(server.requests.length > 0).toBe(
    !["Log", "With pino", "With OpenTelemetry"].includes(title),
  );
});

const codeOf = (title: string): string => rows.find(([heading]) => heading === title)?.[1] ?? "";
const startServer = (): Promise<MockServer> =>
  startMockServer({ faults: [{ fault: "bad-gateway" }] });

describe("when a call is retried,", () => {
  test("pino logs every request and response, and the reason for the retry", async () => {
    await using server = await startServer();
    const logged: object[] = [];
    const write = (line: string): void => void logged.push(JSON.parse(line));
    const example = await runExample(codeOf("With pino"), server, {
      pino: () => pino({}, { write }),
    });
    await example?.getExportJobStatus({ jobId: defaultJobId });
    const [info, warn] = [30, 40];
    expect(logged).toMatchObject([
      { level: info, type: "token" },
      { level: info, type: "request", method: "GET" },
      { level: info, type: "response", status: 502 },
      { level: warn, type: "retry", attempt: 1, error: { name: "ApiError", status: 502 } },
      { level: info, type: "request" },
      { level: info, type: "response", status: 200 },
    ]);
  });

  test("OpenTelemetry has a span for each request, within the caller's span, and the failure", async () => {
    await using server = await startServer();
    const exporter = new InMemorySpanExporter();
    const provider = new BasicTracerProvider({
      spanProcessors: [new SimpleSpanProcessor(exporter)],
    });
    context.setGlobalContextManager(new AsyncLocalStorageContextManager());
    trace.setGlobalTracerProvider(provider);
    onTestFinished(() => {
      trace.disable();
      context.disable();
    });
    const example = await runExample(codeOf("With OpenTelemetry"), server);
    await trace.getTracer("test").startActiveSpan("archive", async (span) => {
      await example?.getExportJobStatus({ jobId: defaultJobId });
      span.end();
    });
    const [first, second, archive] = exporter.getFinishedSpans();
    expect(first).toMatchObject({
      kind: SpanKind.CLIENT,
      attributes: { "http.response.status_code": 502 },
    });
    expect(second).toMatchObject({
      attributes: {
        "http.response.status_code": 200,
        "url.full": expect.stringContaining(server.url),
      },
    });
    expect([first, second].map((span) => span?.parentSpanContext?.spanId)).toEqual([
      archive?.spanContext().spanId,
      archive?.spanContext().spanId,
    ]);
    expect(archive?.events).toMatchObject([
      { name: "exception", attributes: { "exception.type": "ApiError" } },
    ]);
  });
});

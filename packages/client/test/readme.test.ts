import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defaultJobId, startMockServer } from "@audit-logs/mock-server";
import { Ajv2020 } from "ajv/dist/2020.js";
import ts from "typescript";
import { expect, test, vi } from "vitest";
import description from "@audit-logs/generated/audit-logs/openapi.json" with { type: "json" };
import * as client from "../src/index.ts";
import * as node from "../src/node.ts";
import { takeTimers } from "./faults/setup.ts";

// Every example of the README: type-checked as a file of its own, and run against the mock server.

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

// The entries of the package as it is published are proved with the package.
const entries = new Map([
  ["@audit-logs/client", "../src/index.ts"],
  ["@audit-logs/client/node", "../src/node.ts"],
  ["@audit-logs/client/schema", "../src/schema.ts"],
  ["@audit-logs/client/schema.json", "@audit-logs/generated/audit-logs/openapi.json"],
]);

test("there are examples", () => {
  expect(rows.length).toBeGreaterThan(5);
});

test("every example type-checks", async () => {
  const folder = fileURLToPath(new URL("../node_modules/.cache/examples", import.meta.url));
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [index, [, code]] of rows.entries()) {
    const own = code.includes("const auditLogs =")
      ? preamble.replace(/^declare const auditLogs.*$/mu, "")
      : preamble;
    const text = `${own}${code}\nexport {};`.replaceAll(
      /@audit-logs\/client[^"]*/gu,
      (name) => entries.get(name) ?? name,
    );
    await writeFile(join(folder, `${index}.ts`), text.replaceAll('"../src/', '"../../../src/'));
  }
  const compilerOptions = { noUnusedLocals: false, noUnusedParameters: false };
  const config = { extends: "../../../test/tsconfig.json", compilerOptions, include: ["."] };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
  const tsc = new URL("../../../node_modules/typescript-native/bin/tsc", import.meta.url);
  const args = [fileURLToPath(tsc), "-p", folder];
  const { stdout } = spawnSync(process.execPath, args, { encoding: "utf8" });
  expect(stdout).toBe("");
});

test.each(rows)("the example of “%s” runs", async (title, code) => {
  vi.spyOn(console, "log").mockImplementation(() => undefined);
  takeTimers();
  await using server = await startMockServer({
    jobs: { [defaultJobId]: { steps: [{ status: "completed" }] } },
  });
  const options = { token: "token", baseUrl: server.url };
  const { outputText } = ts.transpileModule(code.replace(/^import .*$/gmu, ""), {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  const scope: Record<string, unknown> = {
    ...client,
    ...node,
    Ajv2020,
    description,
    path: join(await mkdtemp(join(tmpdir(), "audit-logs-")), "export.jsonl"),
    createAuditLogsClient: (own: client.AuditLogsClientOptions) =>
      client.createAuditLogsClient({ ...own, baseUrl: server.url }),
    ...(!code.includes("const auditLogs =") && {
      auditLogs: client.createAuditLogsClient(options),
    }),
    jobId: defaultJobId,
    readToken: () => Promise.resolve("token"),
  };
  await Reflect.construct(AsyncFunction, [...Object.keys(scope), outputText])(
    ...Object.values(scope),
  );
  expect(server.requests.length > 0).toBe(title !== "Log");
});

const AsyncFunction = (async () => undefined).constructor;

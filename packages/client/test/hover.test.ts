import { fileURLToPath } from "node:url";
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import type { CompilerOptions } from "typescript";
import { faultsOf, hoverOver } from "./hover.ts";
import { ts } from "./typescript.ts";

// What an editor shows for the built package.

const code = `
import { createAuditLogsClient } from "../dist/index.js";
const auditLogs = createAuditLogsClient({ token: "token" });
await auditLogs.getExportJobStatus({ jobId: "1" });
await auditLogs.getAuditLogs({ limit: 1, search_operator: "or" });
await auditLogs.startExport();
await auditLogs.uploadThing();
`;

const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const options: CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  // Without the types of the DOM, which take most of the time, and of which nothing is shown.
  lib: ["lib.es2023.d.ts"],
  strict: true,
  exactOptionalPropertyTypes: true,
  allowImportingTsExtensions: true,
  noEmit: true,
  types: [],
};

test("code that exposes parts of the client has declarations", () => {
  const wrapper = `
    import * as client from "../dist/index.js";
    import { createAuditLogsClient, type AuditLogsError, type ClientEvent } from "../dist/index.js";
    export const { ApiError, AuditLogsError: BaseError, ConnectionError } = client;
    export const { InvalidResponseError, TimeoutError } = client;
    export const create = (token: Parameters<typeof createAuditLogsClient>[0]["token"]) =>
      createAuditLogsClient({ token, onEvent: (event) => event });
    export class Wrapper {
      private readonly auditLogs = create("token");
      get api() { return this.auditLogs.api; }
      get read() { return this.auditLogs.readExport("1"); }
      get wait() { return this.auditLogs.waitForExportJob("1"); }
      get open() { return this.auditLogs.openDownload("1"); }
    }
    type Options = Parameters<typeof createAuditLogsClient>[0];
    export const onEvent = (event: Parameters<NonNullable<Options["onEvent"]>>[0]) => event;
    export const retried = (event: Parameters<NonNullable<Options["onEvent"]>>[0]) =>
      event.type === "retry" ? event : undefined;
    export const errorOf = (event: ClientEvent): AuditLogsError | undefined =>
      event.type === "retry" ? event.error : undefined;
    export const inferredErrorOf = (event: ClientEvent) =>
      event.type === "retry" ? event.error : undefined;
    export const { watchExportJob } = create("token");
  `;
  expect(faultsOf(pathOf("wrapper.ts"), wrapper, options)).toEqual([]);
});

test("editors show the documentation of an operation for its method", () => {
  const hover = hoverOver(pathOf("editor.ts"), code, options);
  expect(hover("getExportJobStatus").documentation).toMatch(
    /^Get Export Job Status\n\nRetrieve the current status/,
  );
  expect(hover("getAuditLogs").documentation).toMatch(/^List audit logs/);
  expect(hover("startExport").documentation).toMatch(/^Starts an export/);
  expect(hover("getAuditLogs").type).toContain("limit?: number");
  expect(hover("limit").documentation).not.toBe("");
  expect(hover("search_operator").documentation).not.toBe("");
  expect(hover("jobId").documentation).not.toBe("");
  expect(hover("getExportJobStatus").type).toContain("jobId: string");
  expect(hover("uploadThing").type).toBe("any");
});

test("the built files import nothing, and include the licence of the inlined code", async () => {
  const dist = new URL("../dist/", import.meta.url);
  expect(await readFile(new URL("LICENSE-openapi-fetch", dist), "utf8")).toContain("MIT License");
  for (const file of ["index.js", "node.js", "index.d.ts", "node.d.ts"]) {
    const { importedFiles } = ts.preProcessFile(await readFile(new URL(file, dist), "utf8"));
    const foreign = importedFiles.filter(({ fileName }) => !/^(?:\.|node:)/.test(fileName));
    expect(foreign).toEqual([]);
  }
});

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createAuditLogsClient } from "@audit-logs/client";
import { startMockServer } from "@audit-logs/mock-server";
import { parseYaml } from "@redocly/openapi-core";
import { expect, test } from "vitest";
import { saveDay } from "../cron-to-folder/save-day.ts";
import { temporaryFolder } from "./temporary-folder.ts";

interface Settings {
  readonly "filebeat.inputs": readonly [
    {
      readonly type: string;
      readonly paths: readonly string[];
      readonly parsers: readonly [
        { readonly ndjson: { readonly target: string; readonly document_id: string } },
      ];
    },
  ];
  readonly processors: readonly [
    { readonly timestamp: { readonly field: string; readonly layouts: readonly string[] } },
  ];
}

const file = new URL("../elastic-filebeat/filebeat.yml", import.meta.url);
const settings = parseYaml(await readFile(file, "utf8")) as Settings;
const [input, ...otherInputs] = settings["filebeat.inputs"];

/** Replaces references to the environment as Filebeat does: `${NAME:default}`. */
function expand(text: string, environment: Readonly<Record<string, string>>): string {
  return text.replaceAll(
    /\$\{(\w+)(?::([^}]*))?\}/gu,
    (_, name: string, fallback = "") => environment[name] ?? fallback,
  );
}

/** Turns a pattern of Filebeat's into a regular expression. */
function toRegExp(pattern: string): RegExp {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[^\w]/gu, "\\$&"));
  return new RegExp(`^${parts.join("[^/]*")}$`);
}

test("reads one folder", () => {
  expect(otherInputs).toEqual([]);
  expect(input.type).toBe("filestream");
  expect(input.paths.map((path) => expand(path, {}))).toEqual(["/var/lib/audit-logs/*.jsonl"]);
});

test("reads the days that are complete, and by their events' ids and times", async () => {
  await using server = await startMockServer({ faults: [{ fault: "cut-in-line", after: 1 }] });
  const auditLogs = createAuditLogsClient({ token: "a-token", baseUrl: server.url });
  const folder = await temporaryFolder();
  await saveDay(auditLogs, "2026-01-13", join(folder, "2026-01-13.jsonl"));
  const second = saveDay(auditLogs, "2026-01-14", join(folder, "2026-01-14.jsonl"));
  await expect(second).rejects.toThrow("truncated");

  const names = await readdir(folder);
  expect(names.filter((name) => name.startsWith("2026-01-14")).length).toBeGreaterThan(1);
  const pattern = toRegExp(expand(input.paths[0] ?? "", { AUDIT_LOGS_FOLDER: "/folder" }));
  expect(names.filter((name) => pattern.test(`/folder/${name}`))).toEqual(["2026-01-13.jsonl"]);

  const lines = await readFile(join(folder, "2026-01-13.jsonl"), "utf8");
  const [{ ndjson }] = input.parsers;
  const events = lines
    .trimEnd()
    .split("\n")
    .map((line): Record<string, unknown> => JSON.parse(line));
  const [{ timestamp }] = settings.processors;
  const [target, field = "", ...deeper] = timestamp.field.split(".");
  expect([target, deeper]).toEqual([ndjson.target, []]);
  const ids = new Set(events.map((event) => event[ndjson.document_id]));
  expect(ids.size).toBe(events.length);
  for (const event of events) {
    expect(event[ndjson.document_id]).toEqual(expect.any(String));
    expect(Date.parse(String(event[field]))).not.toBeNaN();
  }
});

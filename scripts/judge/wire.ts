import { mkdtempSync, writeFileSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lastLines, runProgram } from "../command/program.js";
import { isObject, type Json, type JsonObject } from "../description/tree.ts";

/** One change as `redocly diff` reports it. */
export interface WireChange {
  /** A JSON Pointer in either description. */
  readonly path: string;
  readonly typeName: string;
  readonly kind: string;
  readonly impact: string;
  /** The keyword that was modified. */
  readonly property: string | undefined;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
  readonly verdicts: readonly { readonly rule: string; readonly message: string }[];
}

export const command =
  "diff base.json revision.json --format json --fail-on none --output report.json";
export const cli: string = createRequire(import.meta.url).resolve("@redocly/cli/package.json");

/**
 * Asks `redocly diff`, a process of its own because the CLI exports nothing. It runs in an empty
 * folder, where no redocly.yaml can turn its rules off, and calls nobody.
 */
export async function askWire(base: JsonObject, revision: JsonObject): Promise<WireChange[]> {
  // Synchronous, so that the process is under way when this returns its promise.
  const folder = mkdtempSync(join(tmpdir(), "judge-"));
  try {
    writePair(folder, base, revision);
    // A file, because the process ends before a large report has gone through a pipe.
    const args = [join(cli, "../bin/cli.js"), ...command.split(" ")];
    const ended = await runProgram(process.execPath, args, { cwd: folder });
    if (ended.exitCode !== 0) throw new Error(`redocly diff failed: ${lastLines(ended)}`);
    return await readReport(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Writes two descriptions as `redocly diff` is told to find them. */
export function writePair(folder: string, base: JsonObject, revision: JsonObject): void {
  writeFileSync(join(folder, "base.json"), JSON.stringify(base));
  writeFileSync(join(folder, "revision.json"), JSON.stringify(revision));
}

/** Reads what `redocly diff` has found in a folder. */
export async function readReport(folder: string): Promise<WireChange[]> {
  const report: unknown = JSON.parse(await readFile(join(folder, "report.json"), "utf8"));
  const changes = isObject(report) ? report["changes"] : undefined;
  if (!Array.isArray(changes)) throw new Error("Its report has no list of changes");
  return changes.map(toChange);
}

function toChange(change: Json): WireChange {
  if (!isObject(change)) throw new Error("Its report holds a change that is no object");
  const { path, typeName, kind, impact, property, base, revision, verdicts } = change;
  return {
    path: String(path),
    typeName: String(typeName),
    kind: String(kind),
    impact: String(impact),
    property: typeof property === "string" ? property : undefined,
    before: isObject(base) ? base["value"] : undefined,
    after: isObject(revision) ? revision["value"] : undefined,
    verdicts: (Array.isArray(verdicts) ? verdicts : [])
      .filter(isObject)
      .map(({ ruleId, message }) => ({ rule: String(ruleId), message: String(message) })),
  };
}

import { mkdtempSync, writeFileSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lastLines, runProgram } from "../command/program.js";
import { isObject, listOf, parsePointer, type Json, type JsonObject } from "../description/tree.ts";
import { mark, markAlternatives } from "./alternatives.ts";
import { toDiffable } from "./diffable.ts";
import type { Pair } from "./parts.ts";
import { isDiffRule, type DiffRule } from "./rules.ts";

/** A change that `redocly diff` reports. */
export interface DescriptionChange {
  /** The path of the change in either description. */
  readonly keys: readonly string[];
  /** The type of the changed node, in Redocly's terms: `Schema`, `Parameter`. */
  readonly typeName: string;
  readonly kind: string;
  /** The keyword that was modified. */
  readonly property: string | undefined;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
  /** The rules by which the change is breaking. */
  readonly verdicts: readonly { readonly rule: DiffRule; readonly message: string }[];
}

export const command =
  "diff base.json revision.json --format json --fail-on none --output report.json";
export const cli: string = createRequire(import.meta.url).resolve("@redocly/cli/package.json");

/**
 * Compares two descriptions with `redocly diff`, in a separate process because the CLI has no API. It runs
 * in an empty folder, where no redocly.yaml can turn its rules off, and makes no network requests.
 */
export function diffDescriptions(pair: Pair<JsonObject>): Promise<DescriptionChange[]> {
  // A file, because the process exits before a large report has passed through a pipe.
  return runDiff((folder) => writePair(folder, pair), command, readReport);
}

/** Compares two descriptions with `redocly diff`, and returns its page for people, which is HTML. */
export function makeDiffPage(pair: Pair<JsonObject>): Promise<string> {
  const args = "diff base.json revision.json --format html --fail-on none --output report.html";
  const write = (folder: string): void => writeFiles(folder, toDiffable(pair));
  return runDiff(write, args, (folder) => readFile(join(folder, "report.html"), "utf8"));
}

async function runDiff<T>(
  write: (folder: string) => void,
  args: string,
  readResult: (folder: string) => Promise<T>,
): Promise<T> {
  // Synchronous, so that the process has started when this function returns its promise.
  const folder = mkdtempSync(join(tmpdir(), "judge-"));
  try {
    write(folder);
    const program = [join(cli, "../bin/cli.js"), ...args.split(" ")];
    const result = await runProgram(process.execPath, program, { cwd: folder });
    if (result.exitCode !== 0) throw new Error(`redocly diff failed: ${lastLines(result)}`);
    return await readResult(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Writes two descriptions to the files that the command reads. */
export function writePair(folder: string, pair: Pair<JsonObject>): void {
  const [before, after] = toDiffable(pair);
  writeFiles(folder, [markAlternatives(before), markAlternatives(after)]);
}

function writeFiles(folder: string, [before, after]: Pair<Json>): void {
  writeFileSync(join(folder, "base.json"), JSON.stringify(before));
  writeFileSync(join(folder, "revision.json"), JSON.stringify(after));
}

/** Reads the report of `redocly diff` in a folder. */
export async function readReport(folder: string): Promise<DescriptionChange[]> {
  const report: unknown = JSON.parse(await readFile(join(folder, "report.json"), "utf8"));
  const changes = isObject(report) ? report["changes"] : undefined;
  if (!Array.isArray(changes)) throw new Error("Its report has no list of changes");
  return changes.map(toChange).filter(({ property }) => property?.startsWith(mark) !== true);
}

function toChange(change: Json): DescriptionChange {
  if (!isObject(change)) throw new Error("Its report contains a change that is not an object");
  const { path, typeName, kind, property, base, revision, verdicts } = change;
  return {
    keys: parsePointer(String(path).slice(1)),
    typeName: String(typeName),
    kind: String(kind),
    property: typeof property === "string" ? property : undefined,
    before: isObject(base) ? base["value"] : undefined,
    after: isObject(revision) ? revision["value"] : undefined,
    verdicts: listOf(verdicts)
      .filter(isObject)
      .map(({ ruleId, message }) => ({ rule: toRule(ruleId), message: String(message) })),
  };
}

/** Unknown rules come with a new version of the CLI and must be classified first. */
function toRule(name: Json | undefined): DiffRule {
  if (isDiffRule(name)) return name;
  throw new Error(`It contains a rule without a weight: ${JSON.stringify(name)}`);
}

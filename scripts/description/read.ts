import { readFile } from "node:fs/promises";
import { parseYaml } from "@redocly/openapi-core";
import { CommandError } from "../command/problem.js";
import { keepDigits, markRounded } from "./numbers.ts";
import { isObject, toPointer, type JsonObject } from "./tree.ts";

/** The size limit of a page or description, in bytes. */
export const maxBytes: number = 64 * 1024 * 1024;

/** @throws CommandError for a folder, for which Node's error has no path */
export async function readBytes(path: string, file: string = path): Promise<Buffer> {
  return readFile(path).catch((error: unknown) => {
    if (!isObject(error) || error["code"] !== "EISDIR") throw error;
    const fault = "It is a folder, not a file";
    throw new CommandError({ file, fault, remedy: "Give the path of a file" }, 2);
  });
}

/**
 * Decodes strict UTF-8 of at most 64 MiB and drops a byte order mark. `file` is the URL of a fetched file.
 */
export function decode(file: string, bytes: Uint8Array): string {
  if (bytes.byteLength > maxBytes) {
    throw new CommandError({
      file,
      fault: `It has ${bytes.byteLength} bytes, and the limit is ${maxBytes}`,
      remedy: "Split it into several files, or use a description of one API only",
    });
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const isFetched = /^https?:/u.test(file);
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
      throw new CommandError({
        file,
        fault: "It is compressed with gzip",
        remedy: `${isFetched ? "Download it, u" : "U"}npack it with gunzip, and pull the result`,
      });
    }
    const lenient = new TextEncoder().encode(
      new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes),
    );
    const offset = lenient.findIndex((byte, index) => byte !== bytes[index]);
    const line = bytes.subarray(0, offset).filter((byte) => byte === 0x0a).length + 1;
    throw new CommandError({
      file,
      place: `${line}`,
      fault: `It is not valid UTF-8: the byte at offset ${offset} is not allowed there`,
      remedy: isFetched ? "Download it, save it as UTF-8, and pull the file" : "Save it as UTF-8",
    });
  }
}

/**
 * Parses YAML or JSON into plain JSON data. Problems are reported with their place.
 *
 * The parser refuses duplicate keys, unknown tags and nesting beyond 100 levels. This function also refuses
 * what the parser accepts but later stages cannot handle. The text of a page begins at its line
 * `firstLine`.
 */
export function parse(file: string, text: string, firstLine = 1): JsonObject {
  const value = parseData(file, text, firstLine);
  if (!isObject(value)) {
    throw new CommandError({
      file,
      place: `${firstLine}`,
      fault: "It is not a mapping",
      remedy: "Give an OpenAPI 3 description, or an overlay, in YAML or JSON",
    });
  }
  return value;
}

/** Parses YAML or JSON that may be any value, not only a mapping. */
export function parseData(file: string, text: string, firstLine = 1): unknown {
  refuseHtml(file, text);
  refuseYaml11(file, text, firstLine);
  const value = parseDocument(file, text, firstLine);
  if (value === undefined) return value;
  checkData(file, value, text.length);
  refuseNumericKeys(file, value, text, firstLine);
  const marked = markRounded(text);
  return marked === text ? value : keepDigits(value, parseDocument(file, marked, firstLine));
}

/** Refuses HTML with a clear message. */
export function refuseHtml(file: string, text: string): void {
  if (/^\s*(?:<(?:\?xml|!--)[^>]*>\s*)*<(?:!doctype|html|head|body)\b/iu.test(text)) {
    throw new CommandError({
      file,
      fault: "It is an HTML page, not a description",
      remedy:
        "Pull the Markdown version of the page (often its URL with .md), or the description itself",
    });
  }
}

/** Refuses a directive for another version than 1.2, by which the parser reads every file. */
function refuseYaml11(file: string, text: string, firstLine: number): void {
  const index = text.search(/^%YAML[ \t]+1\.[01](?!\d)/mu);
  if (index === -1) return;
  throw new CommandError({
    file,
    place: `${firstLine + text.slice(0, index).split("\n").length - 1}`,
    fault: 'It is YAML 1.1, where "yes" is a boolean and 010 is 8',
    remedy: "Convert it to YAML 1.2 or JSON, or ask its author to",
  });
}

function parseDocument(file: string, text: string, firstLine: number): unknown {
  try {
    return parseJson(text) ?? parseYaml(text, { filename: file });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { reason, mark } = error as YamlError;
    const place =
      mark === undefined ? {} : { place: `${firstLine + mark.line}:${mark.column + 1}` };
    throw new CommandError({
      file,
      ...place,
      fault: `It cannot be parsed: ${reason ?? error.message}`,
      remedy: "Fix it there, or ask its author to",
    });
  }
}

/**
 * Parses JSON in a tenth of the time that the YAML parser takes for it; undefined for everything that only
 * that parser can read or refuse: YAML, duplicate keys, and nesting beyond its limit.
 */
function parseJson(text: string): unknown {
  if (!/^\s*\{/u.test(text)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  let [keys, depth, deepest, isInString] = [0, 0, 0, false];
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charCodeAt(index);
    if (character === backslash) index += 1;
    else if (character === quote) isInString = !isInString;
    else if (isInString) continue;
    else if (character === colon) keys += 1;
    else if (character === openBrace || character === openBracket) {
      deepest = Math.max(deepest, ++depth);
    } else if (character === closeBrace || character === closeBracket) depth -= 1;
  }
  // Of duplicate keys, the value has only the last.
  return deepest < maxDepth && keys === countKeys(value) ? value : undefined;
}

const maxDepth = 100;
const [backslash, quote, colon, openBrace, openBracket, closeBrace, closeBracket] = [
  0x5c, 0x22, 0x3a, 0x7b, 0x5b, 0x7d, 0x5d,
];

function countKeys(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const children: unknown[] = Object.values(value);
  let count = Array.isArray(value) ? 0 : children.length;
  for (const child of children) count += countKeys(child);
  return count;
}

interface YamlError extends Error {
  readonly reason?: string;
  readonly mark?: { readonly line: number; readonly column: number };
}

/** A number where YAML may have a key, and what may stand before it. */
const numericKey =
  /(^[ \t]*(?:[-?][ \t]+)*|[{,][ \t]*)([-+]?(?:0x[\da-f]+|0o[0-7]+|(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?))(?=[ \t]*:\s)/gimu;

/** Refuses keys that YAML reads as numbers which are written differently: 1.10 would become the name 1.1. */
function refuseNumericKeys(file: string, root: unknown, text: string, firstLine: number): void {
  const changed = [...text.matchAll(numericKey)].filter(([, , key]) => String(Number(key)) !== key);
  if (changed.length === 0) return;
  // What looks like a key may stand in a text.
  const keys = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, child] of Object.entries(value)) {
      if (!Array.isArray(value)) keys.add(key);
      visit(child);
    }
  };
  visit(root);
  const found = changed.find(([, , key]) => keys.has(String(Number(key))));
  if (found === undefined) return;
  const [, before = "", key] = found;
  const lines = text.slice(0, found.index + before.length).split("\n");
  throw new CommandError({
    file,
    place: `${firstLine + lines.length - 1}:${(lines.at(-1)?.length ?? 0) + 1}`,
    fault: `The key ${key} is read as the number ${Number(key)}`,
    remedy: "Put it in quotes, or ask its author to",
  });
}

/**
 * Checks that a parsed value is a JSON tree. A YAML alias makes several places share one object. Every
 * occurrence of a value is counted: a text without aliases cannot contain more values than characters.
 */
function checkData(file: string, root: unknown, maxValues: number): void {
  const path: (string | number)[] = [];
  const ancestors = new Set<unknown>();
  let count = 0;
  const refuse = (fault: string, remedy: string, place = path): never => {
    throw new CommandError({ file, place: toPointer(place), fault, remedy });
  };
  const visitChild = (key: string | number, child: unknown): void => {
    path.push(key);
    if (key === "__proto__") {
      refuse(
        "The key __proto__ cannot be distinguished from an object's prototype",
        "Choose another name",
      );
    }
    visit(key);
    visit(child);
    path.pop();
  };
  const visit = (value: unknown): void => {
    if (++count > 2 * maxValues + 2 || ancestors.has(value)) {
      refuse(
        "YAML aliases expand it beyond the size of any description",
        "Write the repeated parts out, or use $ref",
        path.slice(0, 3),
      );
    }
    if (typeof value === "string") {
      if (/\p{Bidi_Control}/u.test(value)) {
        refuse(
          "A bidirectional control character can make the text appear different from what it is",
          "Remove the character",
        );
      }
      if (/\p{Surrogate}/u.test(value)) {
        refuse("Half of a surrogate pair is not a character", "Remove the character");
      }
    } else if (typeof value === "number") {
      if (!Number.isFinite(value)) refuse(`JSON has no number ${value}`, "Write a finite number");
    } else if (Array.isArray(value)) {
      ancestors.add(value);
      for (const [index, item] of value.entries()) visitChild(index, item);
      ancestors.delete(value);
    } else if (isObject(value) && Object.getPrototypeOf(value) === Object.prototype) {
      ancestors.add(value);
      for (const [key, child] of Object.entries(value)) visitChild(key, child);
      ancestors.delete(value);
    } else if (value !== null && typeof value !== "boolean") {
      refuse(
        "JSON has no such type",
        "Use strings, numbers, booleans, null, lists and mappings only",
      );
    }
  };
  visit(root);
}

import { stringifyYaml } from "@redocly/openapi-core";
import { count } from "../command/count.js";
import { CommandError } from "../command/problem.js";
import { serverWithoutCase, toCanonicalSchema } from "./canonical.ts";
import { unmarkRounded } from "./numbers.ts";
import { extractDescription, type Source } from "./sources.ts";
import { parse } from "./read.ts";
import {
  isEqual,
  isMethod,
  isObject,
  isOpaque,
  nameMaps,
  objectOf,
  ownValue,
  textKeywords,
  toPointer,
  type Json,
  type JsonObject,
} from "./tree.ts";
import { checkIsOpenApi } from "./version.ts";

/** A description made of several sources: its text, and notices for people. */
interface UnitedDescription {
  readonly content: string | Uint8Array;
  readonly language: "json" | "yaml";
  readonly notices: readonly string[];
}

interface Part {
  readonly from: string;
  readonly description: JsonObject;
}

type Path = readonly (string | number)[];

/**
 * Unites the descriptions of all sources. Equal parts are taken once. Where only texts differ, those of the
 * source whose file name sorts first win. Sources are sorted by name, so the order of pulls does not
 * matter.
 *
 * @throws CommandError if two sources contradict each other, or describe different APIs.
 */
export function unite(sources: readonly Source[], file: string | undefined): UnitedDescription {
  const sorted = sources.toSorted((left, right) =>
    left.provenance.file < right.provenance.file ? -1 : 1,
  );
  const parts = sorted.map(({ provenance: { from, mediaType }, bytes }) => {
    const extracted = extractDescription(from, mediaType, bytes);
    const description = parse(from, extracted.text, extracted.line);
    checkIsOpenApi(from, description);
    return { from, extracted, bytes, description };
  });
  const [first, ...rest] = parts;
  if (first === undefined) throw new Error("There is nothing to unite");
  const { extracted } = first;
  if (rest.length === 0) {
    const content = extracted.isPage ? extracted.text : first.bytes;
    return { content, language: isJson(extracted.text) ? "json" : "yaml", notices: [] };
  }

  const notices: string[] = [];
  let united: JsonObject = first.description;
  for (const [index, part] of rest.entries()) {
    const before = parts.slice(0, index + 1);
    refuseOtherApi(first, part);
    const texts: Path[] = [];
    united = mergeObjects(united, part.description, [], {
      text: (path) => texts.push(path),
      contradict: (path) => contradict(before, part, path),
    });
    const [example] = texts;
    if (example !== undefined) {
      notices.push(
        `${part.from} differs in ${count(texts.length, "text")} from the sources before it, whose texts are kept; the first is at ${toPointer(example)}`,
      );
    }
  }
  const language = file?.endsWith(".json") === true ? "json" : "yaml";
  const content = unmarkRounded(
    language === "json" ? `${JSON.stringify(united, undefined, 2)}\n` : stringifyYaml(united),
  );
  if (!isEqual(parse("the united description", content), united)) {
    throw new Error("The united description changed when it was written and parsed");
  }
  return { content, language, notices };
}

/** Whatever the info string of a fence says: YAML in a file for JSON would fail in other tools. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The title and the servers identify an API: sources that differ in them describe different APIs. */
function refuseOtherApi(first: Part, part: Part): void {
  const identityOf = ({ description: { info, servers } }: Part): string => {
    const all = Array.isArray(servers) ? servers.filter(isObject) : [];
    const urls = all.map(({ url = null }) => withoutSlash(url));
    const title = isObject(info) ? info["title"] : undefined;
    return `${JSON.stringify(title)} at ${urls.map(String).toSorted().join(" and ") || "no server"}`;
  };
  const [firstIdentity, partIdentity] = [identityOf(first), identityOf(part)];
  if (firstIdentity === partIdentity) return;
  throw new CommandError({
    file: part.from,
    fault: `It describes ${partIdentity}, but ${first.from} describes ${firstIdentity}`,
    remedy: "Pull each API under its own name",
  });
}

function contradict(before: readonly Part[], part: Part, path: Path): never {
  const has = before.findLast(({ description }) => lookUp(description, path) !== undefined);
  // The latest source that has the place, or else its parent.
  const other = has ?? before.findLast(({ description }) => lookUp(description, path.slice(0, -1)));
  throw new CommandError({
    file: part.from,
    place: toPointer(path),
    fault: `It contradicts ${(other ?? before[0])?.from} in more than texts`,
    remedy:
      "Leave one of the two out, and add what is then missing in an additions.yaml, until the vendor's sources agree",
  });
}

function lookUp(root: Json, path: Path): Json | undefined {
  let node: Json | undefined = root;
  for (const key of path) {
    if (typeof node !== "object" || node === null) return undefined;
    node = ownValue(node as JsonObject, String(key));
  }
  return node;
}

interface Report {
  /** Reports that only a text differs. */
  text(path: Path): void;
  contradict(path: Path): never;
}

/** Whether a key of only one object belongs to the result: operations, and the components that they use. */
function isSharedPart(path: Path, key: string): boolean {
  const [root] = path;
  if (path.length === 0) return ["paths", "webhooks", "components"].includes(key);
  if (root === "components") return path.length <= 2;
  if (root !== "paths" && root !== "webhooks") return false;
  return path.length === 1 || (path.length === 2 && isMethod(key));
}

function mergeObjects(
  first: JsonObject,
  second: JsonObject,
  path: Path,
  report: Report,
  keysAreNames = false,
  isData = false,
): JsonObject {
  const keys = new Set([...Object.keys(first), ...Object.keys(second)]);
  const isInBoth = (key: string): boolean =>
    Object.hasOwn(first, key) && Object.hasOwn(second, key);
  // If only a text is missing, the notation differs further inside.
  const mayDifferInNotation =
    [...keys].some((key) => !textKeywords.has(key) && !isInBoth(key)) ||
    keys.has("anyOf") ||
    keys.has("oneOf");
  if (mayDifferInNotation && !keysAreNames && !isData) {
    if (isEqual(toCanonicalSchema(first), toCanonicalSchema(second))) return first;
    const [ours, theirs] = [withoutTexts(first), withoutTexts(second)];
    if (!isEqual(ours, theirs) && isEqual(toCanonicalSchema(ours), toCanonicalSchema(theirs))) {
      report.text(path);
      const texts = Object.entries(second).filter(([key]) => textKeywords.has(key));
      return { ...Object.fromEntries(texts), ...first };
    }
  }
  return Object.fromEntries(
    [...keys].map((key): [string, Json] => {
      const [ours, theirs] = [ownValue(first, key), ownValue(second, key)];
      const place = [...path, key];
      const isText = !keysAreNames && !isData && isTextAt(path, key);
      if (ours === undefined || theirs === undefined) {
        if (isText) report.text(place);
        else if (isData || !isSharedPart(path, key)) report.contradict(place);
        return [key, ours ?? theirs ?? null];
      }
      if (isText) {
        if (!isEqual(ours, theirs)) report.text(place);
        return [key, ours];
      }
      if (!isData && isSameNotation(ours, theirs, place, first)) return [key, ours];
      const opaque = isData || (!keysAreNames && isOpaque(key, ours));
      return [key, merge(ours, theirs, place, report, !keysAreNames && nameMaps.has(key), opaque)];
    }),
  );
}

function merge(
  first: Json,
  second: Json,
  path: Path,
  report: Report,
  keysAreNames: boolean,
  isData: boolean,
): Json {
  if (isObject(first) && isObject(second)) {
    return mergeObjects(first, second, path, report, keysAreNames, isData);
  }
  if (Array.isArray(first) && Array.isArray(second) && first.length === second.length) {
    return first.map((item, index) =>
      merge(item, second[index] ?? null, [...path, index], report, false, isData),
    );
  }
  return isEqual(first, second) ? first : report.contradict(path);
}

/** A part without its texts for people, at any depth. */
function withoutTexts(value: Json, keysAreNames = false): Json {
  if (Array.isArray(value)) return value.map((item) => withoutTexts(item));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => keysAreNames || !textKeywords.has(key))
      .map(([key, child]) => [
        key,
        !keysAreNames && isOpaque(key, child)
          ? child
          : withoutTexts(child, !keysAreNames && nameMaps.has(key)),
      ]),
  );
}

/** Whether two values at a place differ only in notation. */
function isSameNotation(first: Json, second: Json, path: Path, parent: JsonObject): boolean {
  const key = path.at(-1);
  if (path.length === 1 && path[0] === "openapi") {
    const [version, other] = [first, second].map(
      (value) => /^\d+\.\d+(?=\.)/u.exec(String(value))?.[0],
    );
    return version !== undefined && version === other;
  }
  if (path.at(-3) === "servers" && key === "url" && typeof first === "string") {
    return withoutSlash(first) === withoutSlash(second);
  }
  if (key === "name" && parent["in"] === "header") {
    return String(first).toLowerCase() === String(second).toLowerCase();
  }
  if (key !== "enum" && key !== "required" && key !== "type") return false;
  const [ours, theirs] = key === "type" ? [[first].flat(), [second].flat()] : [first, second];
  if (!Array.isArray(ours) || !Array.isArray(theirs)) return false;
  return isSubset(ours, theirs) && isSubset(theirs, ours);
}

function isSubset(list: readonly Json[], other: readonly Json[]): boolean {
  return list.every((item) => other.some((each) => isEqual(item, each)));
}

function withoutSlash(url: Json): string {
  return String(objectOf(serverWithoutCase({ url }))["url"]).replace(/\/$/u, "");
}

/**
 * Whether a key holds text for people. In `info`, that is all but the title, which identifies the API; at the
 * root, extensions, which no stage reads; in an example that others refer to, everything.
 */
function isTextAt(path: Path, key: string): boolean {
  const [root, section] = path;
  if (root === "components" && section === "examples") return true;
  if (root === "components" && section === undefined) return false;
  if (path.length === 0 && key.startsWith("x-")) return true;
  if (root === "components" && section === "securitySchemes" && key === "bearerFormat") return true;
  return path.length === 1 && path[0] === "info" ? key !== "title" : textKeywords.has(key);
}

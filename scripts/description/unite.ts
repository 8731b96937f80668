import { dequal, stringifyYaml } from "@redocly/openapi-core";
import { CommandError } from "../command/problem.ts";
import { take, type Source } from "./sources.ts";
import { parse } from "./read.ts";
import {
  isObject,
  isOpaque,
  methods,
  nameMaps,
  textKeywords,
  toPointer,
  type Json,
  type JsonObject,
} from "./tree.ts";
import { checkIsOpenApi } from "./version.ts";

/** A description made of sources: what is written, and what people should know of it. */
export interface United {
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
 * Unites the descriptions of all sources. Equal parts are taken once; where only texts differ, those
 * of the source whose file name comes first stand. The order of pulling says nothing: sources are
 * sorted by name.
 *
 * @throws CommandError if two sources contradict each other, or are of different APIs.
 */
export function unite(sources: readonly Source[], file: string | undefined): United {
  const sorted = sources.toSorted((one, other) =>
    one.provenance.file < other.provenance.file ? -1 : 1,
  );
  const parts = sorted.map(({ provenance: { from, mediaType }, bytes }) => {
    const taken = take(from, mediaType, bytes);
    const description = parse(from, taken.text, taken.line);
    checkIsOpenApi(from, description);
    return { from, taken, bytes, description };
  });
  const [first, ...rest] = parts;
  if (first === undefined) throw new Error("There is nothing to unite");
  const { taken } = first;
  if (rest.length === 0) {
    const content = taken.isPage ? taken.text : first.bytes;
    return { content, language: taken.language, notices: [] };
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
        `${texts.length} text(s) of ${part.from} differ from those of the sources before it, which stand; the first at ${toPointer(example)}`,
      );
    }
  }
  const language = file?.endsWith(".json") === true ? "json" : "yaml";
  const content =
    language === "json" ? `${JSON.stringify(united, undefined, 2)}\n` : stringifyYaml(united);
  if (!dequal(parse("the united description", content), united)) {
    throw new Error("The united description does not come out of its text as it went in");
  }
  return { content, language, notices };
}

/** An API is known by its title and servers: what shares neither word nor address is another one. */
function refuseOtherApi(one: Part, other: Part): void {
  const identityOf = ({ description: { info, servers } }: Part): string => {
    const urls = Array.isArray(servers) ? servers.filter(isObject).map(({ url }) => url) : [];
    const title = isObject(info) ? info["title"] : undefined;
    return `${JSON.stringify(title)} at ${urls.map(String).toSorted().join(" and ") || "no server"}`;
  };
  const [here, there] = [identityOf(one), identityOf(other)];
  if (here === there) return;
  throw new CommandError({
    file: other.from,
    fault: `It describes ${there}, and ${one.from} describes ${here}`,
    remedy: "Pull each API under a name of its own",
  });
}

function contradict(before: readonly Part[], part: Part, path: Path): never {
  const has = before.findLast(({ description }) => lookUp(description, path) !== undefined);
  // The nearest one that has the place, or what is around it.
  const other = has ?? before.findLast(({ description }) => lookUp(description, path.slice(0, -1)));
  throw new CommandError({
    file: part.from,
    place: toPointer(path),
    fault: `It contradicts ${(other ?? before[0])?.from}, and not in texts only`,
    remedy:
      "Leave one of the two out, and say in an additions.yaml what is then missing, until the vendor agrees with itself",
  });
}

function lookUp(root: Json, path: Path): Json | undefined {
  let node: Json | undefined = root;
  for (const key of path) {
    if (typeof node !== "object" || node === null) return undefined;
    node = (node as { readonly [key: string]: Json })[key];
  }
  return node;
}

interface Report {
  /** Only a text differs. */
  text(path: Path): void;
  contradict(path: Path): never;
}

/** Whether what only one of two objects has belongs to both: operations, and what they refer to. */
function isJoined(path: Path, key: string): boolean {
  const [root] = path;
  if (path.length === 0) return ["paths", "webhooks", "components"].includes(key);
  if (root === "components") return path.length <= 2;
  if (root !== "paths" && root !== "webhooks") return false;
  return path.length === 1 || (path.length === 2 && (methods as readonly string[]).includes(key));
}

function mergeObjects(
  one: JsonObject,
  other: JsonObject,
  path: Path,
  report: Report,
  keysAreNames = false,
  isData = false,
): JsonObject {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries(
    [...keys].map((key): [string, Json] => {
      const [mine, theirs] = [one[key], other[key]];
      const place = [...path, key];
      const isText = !keysAreNames && !isData && isTextAt(path, key);
      if (mine === undefined || theirs === undefined) {
        if (isText) report.text(place);
        else if (isData || !isJoined(path, key)) report.contradict(place);
        return [key, mine ?? theirs ?? null];
      }
      if (isText) {
        if (!dequal(mine, theirs)) report.text(place);
        return [key, mine];
      }
      const opaque = isData || (!keysAreNames && isOpaque(key, mine));
      return [key, merge(mine, theirs, place, report, !keysAreNames && nameMaps.has(key), opaque)];
    }),
  );
}

function merge(
  one: Json,
  other: Json,
  path: Path,
  report: Report,
  keysAreNames: boolean,
  isData: boolean,
): Json {
  if (isObject(one) && isObject(other)) {
    return mergeObjects(one, other, path, report, keysAreNames, isData);
  }
  if (Array.isArray(one) && Array.isArray(other) && one.length === other.length) {
    return one.map((item, index) =>
      merge(item, other[index] ?? null, [...path, index], report, false, isData),
    );
  }
  return dequal(one, other) ? one : report.contradict(path);
}

/** What only people read; of `info`, all but the title, which says what API it is. */
function isTextAt(path: Path, key: string): boolean {
  return path.length === 1 && path[0] === "info" ? key !== "title" : textKeywords.has(key);
}

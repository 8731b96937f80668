import { existsSync } from "node:fs";
import { basename, isAbsolute, join, posix } from "node:path";
import { sha256 } from "../command/digest.js";
import { CommandError } from "../command/problem.js";
import { extractFromPage, type Block } from "./page.ts";
import { decode, parseData, readBytes, refuseHtml } from "./read.ts";
import { isObject, toPointer } from "./tree.ts";

/** Where a source of a description came from: an entry of `spec/<api>/sources.json`. */
export interface Provenance {
  /** Its name in `spec/<api>/sources/`. */
  readonly file: string;
  /** The URL that it was fetched from, or the name of the file that it was read from. */
  readonly from: string;
  readonly mediaType: string;
  /** Whether it is a part that a source refers to; then `file` is its path relative to the description. */
  readonly isPart?: true;
  /** The digest of the bytes as received, in hexadecimal. */
  readonly sha256: string;
  /** The validators that the server sent, for the next conditional request. */
  readonly etag?: string;
  readonly lastModified?: string;
  /** When these bytes were first retrieved: ISO 8601, UTC. */
  readonly retrieved: string;
}

/** A pulled source. */
export interface Source {
  readonly provenance: Provenance;
  readonly bytes: Uint8Array;
}

/** The description in a source, and whether the source is a page that contains it. */
interface ExtractedDescription extends Block {
  readonly isPage: boolean;
}

/** Whether a source is fetched from a URL, and not read from a file. */
export function isFetched(source: string): boolean {
  return /^(?:[a-z][a-z0-9+.-]*:\/\/|\s*https?:)/iu.test(source);
}

/**
 * Derives the file name of a source from where it came from, so that the generated code depends on the set
 * of sources and not on the order of pulls.
 */
export function sourceFile(from: string): string {
  const name = isFetched(from) ? from.replace(/^[^:]+:\/\//u, "") : basename(from);
  const file = name.replace(/[^\w.]+/gu, "-").replace(/^[.-]+|-+$/gu, "") || "source";
  // File systems limit the length of a name, often to 255 bytes.
  return file.length > 200 ? `${file.slice(0, 190)}_${sha256(file).slice(0, 9)}` : file;
}

/** Extracts the description from a source: from a page, or its complete text. */
export function extractDescription(
  file: string,
  mediaType: string,
  bytes: Uint8Array,
): ExtractedDescription {
  const text = decode(file, bytes);
  refuseHtml(file, text);
  const isPage =
    /markdown/u.test(mediaType) ||
    (!/json|yaml/u.test(mediaType) && /^ {0,3}(?:`{3}|~{3})/mu.test(text));
  if (isPage) return { isPage, ...extractFromPage(file, text) };
  return { isPage, text, line: 1 };
}

/**
 * Reads `sources.json`; empty if nothing has been pulled yet.
 *
 * @throws CommandError if it is not a list of sources
 */
export async function readProvenances(root: string, folder: string): Promise<Provenance[]> {
  const file = `${folder}/sources.json`;
  if (!existsSync(join(root, file))) return [];
  const value = parseData(file, decode(file, await readBytes(join(root, file), file)));
  const isList = Array.isArray(value);
  if (isList && value.every(isProvenance)) return value;
  throw new CommandError({
    file,
    place: toPointer(isList ? [value.findIndex((entry) => !isProvenance(entry))] : []),
    fault: `It is not ${isList ? "the origin of a source" : "a list of sources"}, as spec:pull writes it`,
    remedy: "Restore the file from Git, or delete it and pull all sources of the API again",
  });
}

/** Whether a relative path stays inside the folder that it starts from. */
export function isInside(path: string): boolean {
  return !isAbsolute(path) && !path.split("/").includes("..") && !path.includes("\\");
}

/** Whether a part would have the path of one of our own files. */
export function isReserved(part: string): boolean {
  return /^(?:sources(?:\.json$|\/)|overlay\.|additions\.)/u.test(part);
}

/** The path of a source's stored bytes. Parts are stored at their own path, next to the description. */
export function pathOfSource(folder: string, { file, isPart }: Provenance): string {
  return isPart === true ? `${folder}/${file}` : `${folder}/sources/${file}`;
}

function isProvenance(value: unknown): value is Provenance {
  if (!isObject(value)) return false;
  const { file, isPart } = value;
  return (
    ["from", "mediaType", "sha256", "retrieved"].every((key) => typeof value[key] === "string") &&
    typeof file === "string" &&
    (isPart === true
      ? file !== "" &&
        isInside(file) &&
        posix.resolve("/", file) === `/${file}` &&
        !isReserved(file)
      : sourceFile(file) === file)
  );
}

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, isAbsolute, join } from "node:path";
import { takeDescription, type Block } from "./page.ts";
import { decode, parseData, refuseHtml } from "./read.ts";
import { isObject } from "./tree.ts";

/** Where one source of a description came from: an entry of `spec/<api>/sources.json`. */
export interface Provenance {
  /** Its name in `spec/<api>/sources/`. */
  readonly file: string;
  /** The address that it was fetched from, or the name of the file that it was read from. */
  readonly from: string;
  readonly mediaType: string;
  /** Whether it is a part that a source refers to; `file` is then its path from the description. */
  readonly isPart?: true;
  /** Of the bytes as they came, in hexadecimal. */
  readonly sha256: string;
  /** What the server said of these bytes, for the next conditional request. */
  readonly etag?: string;
  readonly lastModified?: string;
  /** When these bytes were first seen: ISO 8601, UTC. */
  readonly retrieved: string;
}

/** A source as it was pulled. */
export interface Source {
  readonly provenance: Provenance;
  readonly bytes: Uint8Array;
}

/** The description in what was pulled, and whether that was a page around it. */
export interface Taken extends Block {
  readonly isPage: boolean;
}

/**
 * Names a source in its folder by where it came from, so that what is generated depends on which
 * sources there are and not on when each was pulled.
 */
export function sourceFile(from: string): string {
  const name = URL.canParse(from) ? from.replace(/^[^:]+:\/\//u, "") : basename(from);
  return name.replace(/[^\w.]+/gu, "-").replace(/^[.-]+|-+$/gu, "") || "source";
}

/** Takes the description from what was pulled: out of a page, or all of it. */
export function take(file: string, mediaType: string, bytes: Uint8Array): Taken {
  const text = decode(file, bytes);
  refuseHtml(file, text);
  const isPage =
    /markdown/u.test(mediaType) ||
    (!/json|yaml/u.test(mediaType) && /^ {0,3}(?:`{3}|~{3})/mu.test(text));
  if (isPage) return { isPage, ...takeDescription(file, text) };
  return { isPage, language: /^\s*\{/u.test(text) ? "json" : "yaml", text, line: 1 };
}

/** Reads `sources.json`; empty if nothing was pulled yet, or if it is no list of sources. */
export async function readProvenances(root: string, folder: string): Promise<Provenance[]> {
  const file = `${folder}/sources.json`;
  if (!existsSync(join(root, file))) return [];
  const value = parseData(file, decode(file, await readFile(join(root, file))));
  return Array.isArray(value) && value.every(isProvenance) ? value : [];
}

/** Whether a relative path leads to something inside the folder that it starts from. */
export function isInside(path: string): boolean {
  return !isAbsolute(path) && !path.split("/").includes("..") && !path.includes("\\");
}

/** Where the bytes of a source are kept, or of a part: as their own path says, beside the description. */
export function keptAt(folder: string, { file, isPart }: Provenance): string {
  return isPart === true ? `${folder}/${file}` : `${folder}/sources/${file}`;
}

function isProvenance(value: unknown): value is Provenance {
  return (
    isObject(value) &&
    ["file", "from", "mediaType", "sha256", "retrieved"].every(
      (key) => typeof value[key] === "string",
    ) &&
    (value["isPart"] === true
      ? isInside(String(value["file"]))
      : sourceFile(String(value["file"])) === value["file"])
  );
}

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "../command/digest.ts";
import type { Problem } from "../command/problem.ts";
import { takeDescription, type Block } from "./page.ts";
import type { Api } from "./project.ts";
import { decode, parse, refuseHtml } from "./read.ts";

/** Where a description came from: `spec/<api>/source.json`. */
export interface Provenance {
  /** The address that it was fetched from, or the name of the file that it was read from. */
  readonly from: string;
  readonly mediaType: string;
  /** Of the bytes as they came, in hexadecimal. */
  readonly sha256: string;
  /** What the server said of these bytes, for the next conditional request. */
  readonly etag?: string;
  readonly lastModified?: string;
  /** When these bytes were first seen: ISO 8601, UTC. */
  readonly retrieved: string;
}

/** The description in what was pulled, and whether that was a page around it. */
export interface Taken extends Block {
  readonly isPage: boolean;
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

/** Reads `source.json`; undefined if nothing was pulled yet. */
export async function readProvenance(
  root: string,
  folder: string,
): Promise<Provenance | undefined> {
  const file = `${folder}/source.json`;
  if (!existsSync(join(root, file))) return undefined;
  const value = parse(file, decode(file, await readFile(join(root, file))));
  return value as unknown as Provenance;
}

/** Finds what in an API's folder is not what was pulled. */
export async function checkProvenance(root: string, api: Api): Promise<Problem[]> {
  const remedy = `Run pnpm spec:pull ${api.name} with the vendor's file or address; a correction belongs in an overlay`;
  const provenance = await readProvenance(root, api.folder);
  if (provenance === undefined) {
    return [
      {
        file: `${api.folder}/source.json`,
        fault: "It is missing, so nobody knows where the description came from",
        remedy,
      },
    ];
  }
  const page = `${api.folder}/source.md`;
  if (!existsSync(join(root, api.description))) {
    return [{ file: api.description, fault: "It is missing", remedy }];
  }
  const description = await readFile(join(root, api.description));
  const file = existsSync(join(root, page)) ? page : api.description;
  const bytes = file === page ? await readFile(join(root, page)) : description;
  if (sha256(bytes) !== provenance.sha256) {
    return [
      {
        file,
        fault: "It is not what was pulled: its sha256 is not the one in source.json",
        remedy,
      },
    ];
  }
  const { text } = take(file, provenance.mediaType, bytes);
  if (file === page && !description.equals(Buffer.from(text))) {
    return [{ file: api.description, fault: `It is not the description in ${page}`, remedy }];
  }
  return [];
}

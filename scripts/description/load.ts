import { existsSync } from "node:fs";
import { readFile, realpath, stat } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import { Source, type Document } from "@redocly/openapi-core";
import { sha256, type Digests } from "../command/digest.js";
import { CommandError, type Problem } from "../command/problem.js";
import type { Api } from "./project.ts";
import { pathOfSource, readProvenances } from "./sources.ts";
import { decode, parse, readBytes } from "./read.ts";
import { ambiguity, isOfPathItem, isUrl, referencesIn, type Reference } from "./references.ts";
import {
  ambiguousFields,
  find,
  fromPointer,
  objectOf,
  toPointer,
  type JsonObject,
} from "./tree.ts";
import { checkIsOpenApi } from "./version.ts";

/** A parsed file, in the form that Redocly expects. */
export type ParsedFile = Document<JsonObject>;

/** The files of an API as they were read, all checked. */
export interface ApiFiles {
  /** The description itself. */
  readonly description: ParsedFile;
  /** All files of the description, by their absolute paths. */
  readonly documents: ReadonlyMap<string, ParsedFile>;
  readonly overlays: readonly { readonly file: string; readonly document: ParsedFile }[];
  /**
   * The SHA-256 digests, in hexadecimal, of each file and of the sources that the description was made from.
   */
  readonly digests: Digests;
  /** The problems of unresolved references to other files, by the reference. */
  readonly unresolved: ReadonlyMap<string, readonly Problem[]>;
  /** The references that lead from one file to another. */
  readonly followed: ReadonlySet<string>;
}

/** A reference from one file to another. */
interface FileReference {
  readonly file: string;
  readonly place: string;
  readonly path: string;
  readonly fragment: string;
}

/** Reads an API's description, the files that it refers to, and its overlays. */
export async function load(root: string, api: Api): Promise<ApiFiles> {
  const digests = await digestSources(root, api);
  const reader = new FileReader(root, api, digests);
  const description = await reader.readDescription();
  const { documents, references, unresolved } = reader;
  refuseCircles(root, documents, references);
  const overlays = await readOverlays(root, api, reader);
  const texts = references.map(({ path, fragment }) =>
    fragment === "" ? path : `${path}#${fragment}`,
  );
  return { description, documents, overlays, digests, unresolved, followed: new Set(texts) };
}

async function digestSources(root: string, { folder }: Api): Promise<Map<string, string>> {
  const digests = new Map<string, string>();
  for (const provenance of await readProvenances(root, folder)) {
    const file = pathOfSource(folder, provenance);
    if (existsSync(join(root, file))) digests.set(file, sha256(await readFile(join(root, file))));
  }
  return digests;
}

/** Reads the description, and the files that it refers to. */
class FileReader {
  /** The description and these files, by their absolute paths. */
  readonly documents = new Map<string, ParsedFile>();
  readonly references: FileReference[] = [];
  readonly unresolved = new Map<string, Problem[]>();
  readonly #followed = new Set<string>();
  readonly #root: string;
  readonly #api: Api;
  readonly #digests: Map<string, string>;

  constructor(root: string, api: Api, digests: Map<string, string>) {
    this.#root = root;
    this.#api = api;
    this.#digests = digests;
  }

  async readDescription(): Promise<ParsedFile> {
    const file = this.#api.description;
    const description = await this.read(file);
    this.documents.set(description.source.absoluteRef, description);
    checkIsOpenApi(file, description.parsed);
    await this.#followReferences(file, description, [], false);
    return description;
  }

  async read(file: string): Promise<ParsedFile> {
    const path = join(this.#root, file);
    const bytes = await readBytes(path, file);
    const text = decode(file, bytes);
    this.#digests.set(file, sha256(bytes));
    return { source: new Source(path, text), parsed: parse(file, text) };
  }

  /** Reads the files that a part of a file refers to. */
  async #followReferences(
    file: string,
    { parsed }: ParsedFile,
    pointer: readonly string[],
    keysAreNames: boolean,
  ): Promise<void> {
    const target = find(parsed, pointer, file !== this.#api.description) ?? null;
    for (const reference of referencesIn(target, pointer, keysAreNames)) {
      await this.#followReference(file, reference);
    }
  }

  async #followReference(file: string, reference: Reference): Promise<void> {
    const { path, value, isOfMap, parent } = reference;
    if (typeof value !== "string") return;
    const isLocal = value.startsWith("#");
    if (file === this.#api.description && (isLocal || isUrl(value))) return;
    const [name = "", fragment = ""] = value.split("#", 2);
    const found = isLocal
      ? { file }
      : isUrl(value)
        ? "points outside the description, and nothing is fetched"
        : await locate(this.#root, this.#api.folder, file, name);
    if (typeof found === "string") {
      this.#recordUnresolved(file, reference, value, found);
      return;
    }
    if (!isLocal) this.references.push({ file, place: toPointer(path), path: name, fragment });
    const part = this.documents.get(join(this.#root, found.file)) ?? (await this.read(found.file));
    this.documents.set(part.source.absoluteRef, part);
    const pointer = fromPointer(fragment);
    const target = pointer && find(part.parsed, pointer, true);
    if (pointer === undefined || target === undefined) {
      const fault = `points to nothing: ${found.file} has no "#${fragment}"`;
      this.#recordUnresolved(file, reference, value, fault);
      return;
    }
    const fields = isOfPathItem(path) ? ambiguousFields(parent, target) : [];
    if (fields.length > 0) {
      throw new CommandError({
        file,
        place: toPointer(path),
        fault: ambiguity(value, fields),
        remedy: "Remove it from one of the two, or ask their author to",
      });
    }
    const key = JSON.stringify([found.file, fragment, isOfMap]);
    if (this.#followed.has(key)) return;
    this.#followed.add(key);
    await this.#followReferences(found.file, part, pointer, isOfMap);
  }

  /** Records a reference, and keeps it, because an overlay may correct it. */
  #recordUnresolved(file: string, { path, parent }: Reference, value: string, fault: string): void {
    const isLocal = value.startsWith("#");
    // In the bundled description, a local reference of another file would mean something else.
    const stored = isLocal ? `${basename(file)}${value}` : value;
    if (isLocal) Object.assign(parent, { [String(path.at(-1))]: stored });
    const problem = {
      file,
      place: toPointer(path),
      fault: `The reference ${isLocal || isUrl(value) ? value : value.replace(/#.*/su, "")} ${fault}`,
      remedy: isUrl(value)
        ? "Write what it refers to into the description with an overlay action"
        : "Correct the reference with an overlay action",
    };
    this.unresolved.set(stored, [...(this.unresolved.get(stored) ?? []), problem]);
  }
}

/** Returns the file in the API's folder that a reference leads to, or why there is none. */
async function locate(
  root: string,
  folder: string,
  from: string,
  path: string,
): Promise<{ file: string } | string> {
  const file = join(from, "..", path).replaceAll("\\", "/");
  const real = await realpath(join(root, file)).catch(() => undefined);
  if (real === undefined) return "points to no file";
  if (relative(await realpath(join(root, folder)), real).split(sep)[0] === "..") {
    return `points outside ${folder}/`;
  }
  return (await stat(real)).isFile() ? { file } : "points to no file";
}

/** Refuses references that return to themselves through several files. */
function refuseCircles(
  root: string,
  documents: ReadonlyMap<string, ParsedFile>,
  references: readonly FileReference[],
): void {
  const isCircular = (from: FileReference): boolean => {
    const seen = new Set<string>();
    let { file } = from;
    for (let next: unknown = `${from.path}#${from.fragment}`; typeof next === "string";) {
      const [path = "", fragment = ""] = next.split("#", 2);
      if (path !== "") file = join(file, "..", path);
      if (seen.has(`${file}#${fragment}`)) return true;
      seen.add(`${file}#${fragment}`);
      const part = documents.get(join(root, file))?.parsed;
      const target = part && find(part, fromPointer(fragment) ?? []);
      next = objectOf(target)["$ref"];
    }
    return false;
  };
  const problems = references.filter(isCircular).map(({ file, place, path }) => ({
    file,
    place,
    fault: `The reference ${path} refers back to itself`,
    remedy: "Give one of the files on its path its own content",
  }));
  if (problems.length > 0) throw new CommandError(problems);
}

async function readOverlays(
  root: string,
  api: Api,
  reader: FileReader,
): Promise<ApiFiles["overlays"]> {
  const overlays = [];
  for (const file of api.overlays) {
    if (!existsSync(join(root, file))) {
      throw new CommandError({
        file: "redocly.yaml",
        place: `#/apis/${api.name}/overlays`,
        fault: `There is no ${file}`,
        remedy: "Write the file, or remove it from the list",
      });
    }
    overlays.push({ file, document: await reader.read(file) });
  }
  return overlays;
}

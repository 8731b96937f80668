import { existsSync } from "node:fs";
import { readFile, realpath, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { Source, type Document } from "@redocly/openapi-core";
import { sha256, type Digests } from "../command/digest.ts";
import { Stop } from "../command/problem.ts";
import type { Api } from "./project.ts";
import { readProvenances } from "./sources.ts";
import { decode, parse } from "./read.ts";
import { checkReferences, type FileReference } from "./references.ts";
import { find, fromPointer, isObject, type JsonObject } from "./tree.ts";
import { checkIsOpenApi } from "./version.ts";

/** A file in the form that Redocly takes. */
export type Parsed = Document<JsonObject>;

/** The files of an API as they were read, all checked. */
export interface Loaded {
  /** The description itself. */
  readonly description: Parsed;
  /** All files of the description, by their absolute paths. */
  readonly documents: ReadonlyMap<string, Parsed>;
  readonly overlays: readonly { readonly file: string; readonly document: Parsed }[];
  /** The sha256 of each file, and of the sources that the description was taken from, in hexadecimal. */
  readonly digests: Digests;
}

/** Reads an API's description, the files that it refers to, and its overlays. */
export async function load(root: string, api: Api): Promise<Loaded> {
  const documents = new Map<string, Parsed>();
  const digests = new Map<string, string>();
  const references: (FileReference & { readonly file: string })[] = [];

  const read = async (file: string): Promise<Parsed> => {
    const path = join(root, file);
    const bytes = await readFile(path);
    const text = decode(file, bytes);
    digests.set(file, sha256(bytes));
    return { source: new Source(path, text), parsed: parse(file, text) };
  };

  const readWithParts = async (file: string, isPart: boolean): Promise<Parsed> => {
    const document = await read(file);
    const { parsed } = document;
    documents.set(document.source.absoluteRef, document);
    if (!isPart) checkIsOpenApi(file, parsed);
    const { files, problems } = checkReferences(file, parsed, isPart);
    // What is wrong in the description itself an overlay can correct.
    if (isPart && problems.length > 0) throw new Stop(problems);
    for (const reference of files) {
      const refuse = (fault: string): never => {
        throw new Stop({
          file,
          place: reference.place,
          fault: `The reference ${reference.path} ${fault}`,
          remedy: `Refer to a file inside ${api.folder}/`,
        });
      };
      const target = join(file, "..", reference.path).replaceAll("\\", "/");
      const real = await realpath(join(root, target)).catch(() => refuse("leads to no file"));
      if (relative(await realpath(join(root, api.folder)), real).split(sep)[0] === "..") {
        refuse(`leads out of ${api.folder}/`);
      }
      if (!(await stat(real)).isFile()) refuse("leads to no file");
      references.push({ file, ...reference });
      const part = documents.get(join(root, target)) ?? (await readWithParts(target, true));
      const pointer = fromPointer(reference.fragment);
      if (pointer === undefined || find(part.parsed, pointer, true) === undefined) {
        refuse(`leads to nothing: ${target} has no "#${reference.fragment}"`);
      }
    }
    return document;
  };

  /** Whether a reference comes back to itself on a way through several files. */
  const goesRound = (from: string, reference: string): boolean => {
    const seen = new Set<string>();
    let file = from;
    for (let next: unknown = reference; typeof next === "string";) {
      const [path = "", fragment = ""] = next.split("#", 2);
      if (path !== "") file = join(file, "..", path);
      if (seen.has(`${file}#${fragment}`)) return true;
      seen.add(`${file}#${fragment}`);
      const part = documents.get(join(root, file))?.parsed;
      const target = part && find(part, fromPointer(fragment) ?? []);
      next = isObject(target) ? target["$ref"] : undefined;
    }
    return false;
  };

  for (const { file: source } of await readProvenances(root, api.folder)) {
    const file = `${api.folder}/sources/${source}`;
    if (existsSync(join(root, file))) digests.set(file, sha256(await readFile(join(root, file))));
  }
  const description = await readWithParts(api.description, false);
  const circular = references.filter(({ file, path, fragment }) =>
    goesRound(file, `${path}#${fragment}`),
  );
  if (circular.length > 0) {
    throw new Stop(
      circular.map(({ file, place, path }) => ({
        file,
        place,
        fault: `The reference ${path} comes back to itself`,
        remedy: "Give one of the files that it leads through a content of its own",
      })),
    );
  }
  const overlays = [];
  for (const file of api.overlays) overlays.push({ file, document: await read(file) });
  return { description, documents, overlays, digests };
}

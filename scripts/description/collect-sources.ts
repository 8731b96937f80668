import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "../command/digest.js";
import { CommandError } from "../command/problem.js";
import { acquire, originOf, publicForm } from "./acquire.ts";
import { acquireParts, collectParts } from "./parts.ts";
import type { Api } from "./project.ts";
import {
  isFetched,
  isReserved,
  pathOfSource,
  sourceFile,
  type Provenance,
  type Source,
} from "./sources.ts";

/** What is stored of an API. */
interface Stored {
  readonly root: string;
  readonly folder: string;
  /** The API; undefined before its first pull. */
  readonly api: Api | undefined;
  readonly known: readonly Provenance[];
  /** Whether the stored files are as they were pulled. */
  readonly isIntact: boolean;
}

/** A source to pull. */
interface SourceRequest {
  readonly source: string;
  readonly keepsQuery: boolean;
  /** Its name in `spec/<api>/sources/`. */
  readonly file: string;
}

/**
 * Decides where each source is stored, and whether the query of its URL is kept. Refuses a source that would be
 * stored in the place of another one, requested or, with `add`, stored before.
 */
export function planRequests(
  from: readonly string[],
  known: readonly Provenance[],
  { add, keepsQuery: keepsQueries }: { readonly add: boolean; readonly keepsQuery: boolean },
): SourceRequest[] {
  const kept = add ? known.filter(({ isPart }) => isPart !== true) : [];
  const places = new Map<string, string>();
  return from.map((source) => {
    const keepsQuery = keepsQueries || known.some((provenance) => provenance.from === source);
    const origin = originOf(source, keepsQuery);
    const file = sourceFile(origin);
    const stored = kept.find(
      (provenance) => provenance.file === file && provenance.from !== origin,
    );
    const other = places.get(file) ?? stored?.from;
    if (other !== undefined && other !== source) refuseSamePlace(file, source, other);
    places.set(file, source);
    return { source, keepsQuery, file };
  });
}

function refuseSamePlace(file: string, source: string, other: string): never {
  throw new CommandError(
    {
      file: publicForm(source),
      fault: `It would be stored in the same place as ${publicForm(other)}: sources/${file}`,
      remedy: isFetched(source)
        ? "Distinguish them by their queries with --keep-query, or download one and pull the file"
        : "Rename one of the files",
    },
    2,
  );
}

/**
 * Acquires the requested sources and the parts that they refer to, and with `add` also reads the other stored
 * ones. Returns them in the order of their places.
 */
export async function collectSources(
  stored: Stored,
  requests: readonly SourceRequest[],
  add: boolean,
): Promise<Source[]> {
  const { known, isIntact } = stored;
  const parts = known.filter(({ isPart }) => isPart === true);
  const wholes = known.filter(({ isPart }) => isPart !== true);
  const before = isIntact ? await Promise.all(parts.map((part) => readSource(stored, part))) : [];
  const collected: CollectedSources = { sources: new Map(), origins: new Map() };

  const isKept = (provenance: Provenance): boolean =>
    add && !requests.some(({ file }) => file === provenance.file);
  for (const provenance of wholes.filter(isKept)) {
    const source = await readSource(stored, provenance);
    const itsParts = await collectParts(source, async (file) => {
      const part = parts.find((one) => one.file === file);
      return part && readSource(stored, part);
    });
    collect(collected, stored, provenance.from, source, itsParts);
  }
  for (const request of requests) {
    const previous = wholes.find(({ file }) => file === request.file);
    const { source, base } = await acquireWhole(stored, request, previous);
    if (source === undefined) continue;
    const itsParts = await acquireParts(base, source, before);
    collect(collected, stored, publicForm(request.source), source, itsParts);
  }
  return [...collected.sources]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([, source]) => source);
}

async function readSource({ root, folder }: Stored, provenance: Provenance): Promise<Source> {
  return { provenance, bytes: await readFile(join(root, pathOfSource(folder, provenance))) };
}

async function acquireWhole(
  stored: Stored,
  { source, keepsQuery, file }: SourceRequest,
  previous: Provenance | undefined,
): Promise<{ source: Source | undefined; base: string }> {
  // An unchanged source is not sent again, so a conditional request needs an intact copy here.
  const { base, content } = await acquire(
    source,
    stored.isIntact ? previous : undefined,
    keepsQuery,
  );
  if (content === undefined) {
    return { source: previous && (await readSource(stored, previous)), base };
  }
  const { provenance, bytes } = content;
  const digest = sha256(bytes);
  const isSame = previous?.sha256 === digest && previous.from === provenance.from;
  const retrieved = new Date().toISOString();
  const updated = isSame ? previous : { file, ...provenance, sha256: digest, retrieved };
  return { source: { provenance: updated, bytes }, base };
}

/** Sources by their places, and for each part the source that refers to it. */
interface CollectedSources {
  readonly sources: Map<string, Source>;
  readonly origins: Map<string, string>;
}

/** Adds a source and the parts that it refers to. */
function collect(
  { sources, origins }: CollectedSources,
  { folder, api }: Stored,
  origin: string,
  source: Source,
  itsParts: readonly Source[],
): void {
  sources.set(pathOfSource("", source.provenance), source);
  for (const part of itsParts) {
    const { file } = part.provenance;
    const place = pathOfSource("", part.provenance);
    refuseReservedPath(origin, file, api, `${folder}/${file}`);
    const other = sources.get(place);
    if (other !== undefined && sha256(other.bytes) !== sha256(part.bytes)) {
      throw new CommandError({
        file: origin,
        fault: `It refers to ${file}, and ${origins.get(place)} refers to a different file of that name`,
        remedy:
          "Pull both at once, in case the file has changed, or a description that is bundled into one file",
      });
    }
    sources.set(place, part);
    origins.set(place, origin);
  }
}

/** Refuses a part whose path is reserved for one of our own files. */
function refuseReservedPath(
  origin: string,
  part: string,
  api: Api | undefined,
  path: string,
): void {
  const reserved = [api?.description, ...(api?.overlays ?? [])];
  if (!reserved.includes(path) && !isReserved(part)) return;
  throw new CommandError({
    file: origin,
    fault: `It refers to ${part}, whose place in spec/ is taken by a file of this project`,
    remedy: "Pull a description that is bundled into one file",
  });
}

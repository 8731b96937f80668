import { statSync } from "node:fs";
import { dirname, posix, resolve } from "node:path";
import { sha256 } from "../command/digest.js";
import { acquire, NotFoundError } from "./acquire.ts";
import { parse } from "./read.ts";
import { isUrl, referencesIn } from "./references.ts";
import {
  isFetched,
  isInside,
  extractDescription,
  type Provenance,
  type Source,
} from "./sources.ts";
import type { JsonObject } from "./tree.ts";

/**
 * Acquires the files that a source refers to, directly or indirectly, in its own folder or below. Missing
 * files are skipped: the guard reports them, unless an overlay corrects the reference.
 *
 * @param base the file of the source, or its URL after all redirects
 * @param known the previously pulled parts, which may be unchanged
 */
export function acquireParts(
  base: string,
  source: Source,
  known: readonly Source[],
): Promise<Source[]> {
  const bases = new Map<string, string>();
  return collectParts(source, async (file, reference, referrer) => {
    const from = locate(bases.get(referrer) ?? base, reference);
    const part = await acquirePart(from, file, known);
    if (part !== undefined) bases.set(file, part.base);
    return part?.source;
  });
}

/**
 * Collects the files that a source refers to, directly or indirectly, in its own folder or below.
 *
 * @param readPart reads a file, given its path and the reference to it with the path of the file that has it
 */
export async function collectParts(
  { provenance, bytes }: Source,
  readPart: (file: string, reference: string, referrer: string) => Promise<Source | undefined>,
): Promise<Source[]> {
  const extracted = extractDescription(provenance.from, provenance.mediaType, bytes);
  const parts = new Map<string, Source>();
  const visit = async (description: JsonObject, path: string, isPart: boolean): Promise<void> => {
    for (const reference of pathsIn(description, isPart)) {
      const file = posix.join(posix.dirname(path), reference);
      if (!isInside(file) || parts.has(file)) continue;
      const part = await readPart(file, reference, path);
      if (part === undefined) continue;
      parts.set(file, part);
      const { text, line } = extractDescription(file, part.provenance.mediaType, part.bytes);
      await visit(parse(file, text, line), file, true);
    }
  };
  await visit(parse(provenance.from, extracted.text, extracted.line), ".", false);
  return [...parts.values()];
}

/** Lists the paths of the files that a file refers to. The keys of a part may be names or keywords. */
function pathsIn(description: JsonObject, isPart: boolean): Set<string> {
  const references = [
    ...referencesIn(description),
    ...(isPart ? referencesIn(description, [], true) : []),
  ];
  return new Set(
    references.flatMap(({ value }) => {
      if (typeof value !== "string" || isUrl(value)) return [];
      const [path = ""] = value.split("#");
      return path === "" ? [] : [path];
    }),
  );
}

function locate(base: string, reference: string): string {
  // A name with a colon must not become a URL, which may be one that only this machine can reach.
  const path = posix.join("./", reference);
  return isFetched(base) ? new URL(`./${path}`, base).href : resolve(dirname(base), path);
}

async function acquirePart(
  from: string,
  file: string,
  known: readonly Source[],
): Promise<{ readonly source: Source; readonly base: string } | undefined> {
  const previous = known.find((source) => source.provenance.file === file);
  if (!isFetched(from) && !statSync(from, { throwIfNoEntry: false })?.isFile()) return undefined;
  const acquired = await acquire(from, previous?.provenance).catch((error: unknown) => {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  });
  if (acquired === undefined) return undefined;
  const { base, content } = acquired;
  if (content === undefined) return previous && { source: previous, base };
  const digest = sha256(content.bytes);
  const { from: origin, ...rest } = content.provenance;
  const provenance: Provenance = {
    file,
    isPart: true,
    from: isFetched(origin) ? origin : file,
    ...rest,
    sha256: digest,
    retrieved: new Date().toISOString(),
  };
  const isSame = previous?.provenance.sha256 === digest;
  const source = { provenance: isSame ? previous.provenance : provenance, bytes: content.bytes };
  return { source, base };
}

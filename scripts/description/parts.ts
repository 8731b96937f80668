import { statSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { sha256 } from "../command/digest.js";
import { CommandError } from "../command/problem.js";
import { acquire } from "./acquire.ts";
import { parse } from "./read.ts";
import { isUrl, referencesIn } from "./references.ts";
import { isInside, extractDescription, type Provenance, type Source } from "./sources.ts";
import type { JsonObject } from "./tree.ts";

/**
 * Acquires the files that a source refers to, directly or indirectly, in its own folder or below. Missing
 * files are skipped: the guard reports them, unless an overlay corrects the reference.
 *
 * @param from the file or URL of the source
 * @param known the previously pulled parts, which may be unchanged
 */
export function acquireParts(
  from: string,
  source: Source,
  known: readonly Source[],
): Promise<Source[]> {
  return collectParts(source, (file) => acquirePart(resolve(from, file), file, known));
}

/** Collects the files that a source refers to, directly or indirectly, in its own folder or below. */
export async function collectParts(
  { provenance, bytes }: Source,
  readPart: (file: string) => Promise<Source | undefined>,
): Promise<Source[]> {
  const extracted = extractDescription(provenance.from, provenance.mediaType, bytes);
  const parts = new Map<string, Source>();
  const visit = async (description: JsonObject, path: string, isPart: boolean): Promise<void> => {
    for (const reference of pathsIn(description, isPart)) {
      const file = posix.join(posix.dirname(path), reference);
      if (!isInside(file) || parts.has(file)) continue;
      const part = await readPart(file);
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

function resolve(from: string, file: string): string {
  // A name with a colon would be a URL, also one that only this machine can reach.
  return URL.canParse(from) ? new URL(`./${file}`, from).href : join(dirname(from), file);
}

async function acquirePart(
  from: string,
  file: string,
  known: readonly Source[],
): Promise<Source | undefined> {
  const previous = known.find((source) => source.provenance.file === file);
  if (!URL.canParse(from) && !statSync(from, { throwIfNoEntry: false })?.isFile()) return undefined;
  const acquired = await acquire(from, previous?.provenance).catch((error: unknown) => {
    // The vendor has no such file (404). A failing network has exit code 2.
    if (error instanceof CommandError && error.exitCode === 1) return "none" as const;
    throw error;
  });
  if (acquired === "none") return undefined;
  if (acquired === undefined) return previous;
  const digest = sha256(acquired.bytes);
  const { from: origin, ...rest } = acquired.provenance;
  const provenance: Provenance = {
    file,
    isPart: true,
    from: URL.canParse(origin) ? origin : file,
    ...rest,
    sha256: digest,
    retrieved: new Date().toISOString(),
  };
  const isSame = previous?.provenance.sha256 === digest;
  return { provenance: isSame ? previous.provenance : provenance, bytes: acquired.bytes };
}

import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "../command/digest.ts";
import { CommandError, type Problem } from "../command/problem.ts";
import type { Outcome } from "../command/define-command.ts";
import { writeAll } from "../command/write.ts";
import { acquire, isFetched, publicForm } from "./acquire.ts";
import { nearest } from "./nearest.ts";
import { apiName, readProject, type Api } from "./project.ts";
import { acquireParts, collectParts } from "./parts.ts";
import { pathOfSource, readProvenances, sourceFile, type Source } from "./sources.ts";
import { unite } from "./unite.ts";

/**
 * Pulls an API's description from files or URLs into `spec/<name>/`, unless nothing changed. The
 * sources replace the previous ones, or with `add` are added to them. The query of a URL is kept if
 * `keepsQuery` is set, or if it was kept before.
 *
 * @throws CommandError if they make no description. The existing files then stay unchanged.
 */
export async function pull(
  root: string,
  name: string,
  from: readonly string[],
  { add = false, keepsQuery = false }: { add?: boolean; keepsQuery?: boolean } = {},
): Promise<Outcome> {
  const { apis } = await readProject(root, true);
  const api = apis.find((candidate) => candidate.name === name);
  const likelyName = nearest(
    name,
    apis.map((candidate) => candidate.name),
  );
  if (api === undefined && likelyName !== undefined) {
    throw new CommandError(
      {
        file: "redocly.yaml",
        place: "#/apis",
        fault: `It has no API ${JSON.stringify(name)}, but one with a similar name: ${likelyName}`,
        remedy: `Pull ${likelyName}, or first add an entry ${name} with its root, such as spec/${name}/openapi.yaml`,
      },
      2,
    );
  }
  const folder = `spec/${apiName(name)}`;
  const known = await readProvenances(root, folder);
  const problems = api === undefined ? [] : await checkProvenance(root, api);
  const isIntact = api !== undefined && problems.length === 0;
  if (add && known.length > 0 && problems.length > 0) throw new CommandError(problems);

  const places = new Map<string, string>();
  const pulled = from.map((source) => {
    const keeps = keepsQuery || known.some((provenance) => provenance.from === source);
    const file = sourceFile(publicForm(source, keeps));
    refuseSamePlace(places, file, source);
    return { source, keeps, file };
  });

  const sources = new Map<string, Source>();
  const origins = new Map<string, string>();
  const read = async (provenance: Source["provenance"]): Promise<Source> => ({
    provenance,
    bytes: await readFile(join(root, pathOfSource(folder, provenance))),
  });
  const parts = known.filter(({ isPart }) => isPart === true);
  const before = isIntact ? await Promise.all(parts.map(read)) : [];
  /** Keeps a source and the parts that it refers to. */
  const keep = (origin: string, source: Source, itsParts: readonly Source[]): void => {
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
  };
  const kept = known.filter(
    ({ file, isPart }) => add && isPart !== true && !pulled.some((one) => one.file === file),
  );
  for (const provenance of kept) {
    const source = await read(provenance);
    const stored = await collectParts(source, async (file) => {
      const part = parts.find((one) => one.file === file);
      return part && read(part);
    });
    keep(provenance.from, source, stored);
  }
  for (const { source, keeps, file } of pulled) {
    const previous = known.find(
      (provenance) => provenance.file === file && provenance.isPart !== true,
    );
    // An unchanged source is not sent again, so a conditional request needs an intact copy here.
    const acquired = await acquire(source, isIntact ? previous : undefined, keeps);
    let current = acquired === undefined && previous ? await read(previous) : undefined;
    if (acquired !== undefined) {
      const digest = sha256(acquired.bytes);
      const isSame = previous?.sha256 === digest && previous.from === acquired.provenance.from;
      const retrieved = new Date().toISOString();
      current = {
        provenance: isSame ? previous : { file, ...acquired.provenance, sha256: digest, retrieved },
        bytes: acquired.bytes,
      };
    }
    if (current === undefined) continue;
    keep(publicForm(source), current, await acquireParts(source, current, before));
  }
  const all = [...sources]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([, source]) => source);
  const provenances = all.map(({ provenance }) => provenance);
  const isSame = JSON.stringify(provenances) === JSON.stringify(known);
  if (isIntact && isSame) {
    return {
      lines: provenances.map(
        (provenance) => `Unchanged since ${provenance.retrieved}: ${provenance.from}`,
      ),
      data: { changed: false },
    };
  }

  const wholeSources = all.filter(({ provenance }) => provenance.isPart !== true);
  const { content, language, notices } = unite(wholeSources, api?.description);
  const file = api?.description ?? `${folder}/openapi.${language}`;
  await writeAll(
    root,
    folder,
    new Map<string, string | Uint8Array>([
      ...all.map(({ provenance, bytes }) => [pathOfSource(folder, provenance), bytes] as const),
      [file, content],
      [`${folder}/sources.json`, `${JSON.stringify(provenances, undefined, 2)}\n`],
    ]),
  );
  const removed = known.filter((provenance) => !sources.has(pathOfSource("", provenance)));
  for (const provenance of removed)
    await rm(join(root, pathOfSource(folder, provenance)), { force: true });
  const next =
    api === undefined
      ? `Add it to redocly.yaml:\n\napis:\n  ${name}:\n    root: ${file}\n\nand run pnpm generate.`
      : "Now run pnpm generate.";
  return {
    lines: [
      `Took ${file} from ${provenances.map((one) => one.from).join(", ")}.`,
      ...removed.map(
        (provenance) =>
          `Removed ${pathOfSource(folder, provenance)}${provenance.isPart === true ? "" : "; --add would have kept it"}.`,
      ),
      ...notices,
      next,
    ],
    data: { changed: true, file },
  };
}

/** Refuses two sources that would be stored in the same place. */
function refuseSamePlace(places: Map<string, string>, file: string, source: string): void {
  const other = places.get(file);
  places.set(file, source);
  if (other === undefined || other === source) return;
  throw new CommandError(
    {
      file: publicForm(source),
      fault: `It would be stored in the same place as ${publicForm(other)}: sources/${file}`,
      remedy: isFetched(source)
        ? "Distinguish them by their queries with --keep-query"
        : "Rename one of the files",
    },
    2,
  );
}

/** Refuses a part whose path is reserved for one of our own files. */
function refuseReservedPath(
  origin: string,
  part: string,
  api: Api | undefined,
  path: string,
): void {
  const reserved = [api?.description, ...(api?.overlays ?? [])];
  const isReserved =
    reserved.includes(path) || /^(?:sources(?:\.json$|\/)|overlay\.|additions\.)/u.test(part);
  if (!isReserved) return;
  throw new CommandError({
    file: origin,
    fault: `It refers to ${part}, whose place in spec/ is taken by a file of this project`,
    remedy: "Pull a description that is bundled into one file",
  });
}

/** Checks for all APIs that `spec/` is as it was pulled. */
export async function checkPulled(root: string): Promise<Outcome> {
  const { apis } = await readProject(root);
  const problems = (await Promise.all(apis.map((api) => checkProvenance(root, api)))).flat();
  if (problems.length > 0) throw new CommandError(problems);
  return { lines: apis.map(({ folder }) => `${folder}/ matches its pulled sources`), data: {} };
}

/** Finds files in an API's folder that differ from what was pulled. */
async function checkProvenance(root: string, api: Api): Promise<Problem[]> {
  const remedy = `Run pnpm spec:pull ${api.name} with the vendor's files or URLs; put corrections in an overlay`;
  const refuse = (file: string, fault: string): Problem[] => [{ file, fault, remedy }];
  const provenances = await readProvenances(root, api.folder);
  if (provenances.length === 0) {
    const fault = "It is missing or lists no sources, so the origin of the description is unknown";
    return refuse(`${api.folder}/sources.json`, fault);
  }
  const sources: Source[] = [];
  for (const provenance of provenances) {
    const file = pathOfSource(api.folder, provenance);
    const bytes = await readIfExists(join(root, file));
    if (bytes === undefined) return refuse(file, "It is missing");
    if (sha256(bytes) !== provenance.sha256) {
      const fault = "It differs from what was pulled: its sha256 is not the one in sources.json";
      return refuse(file, fault);
    }
    if (provenance.isPart !== true) sources.push({ provenance, bytes });
  }
  const description = await readIfExists(join(root, api.description));
  if (description === undefined) return refuse(api.description, "It is missing");
  if (!description.equals(Buffer.from(unite(sources, api.description).content))) {
    return refuse(
      api.description,
      `It differs from the description made from ${api.folder}/sources/`,
    );
  }
  return [];
}

/** Reads a file; undefined if it does not exist, but not if it cannot be read. */
async function readIfExists(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

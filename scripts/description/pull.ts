import { rm } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "../command/digest.ts";
import { Stop } from "../command/problem.ts";
import type { Outcome } from "../command/run.ts";
import { writeAll } from "../command/write.ts";
import { acquire } from "./acquire.ts";
import { checkVersion } from "./load.ts";
import { apiName, readProject } from "./project.ts";
import { checkProvenance, readProvenance, take, type Provenance } from "./provenance.ts";
import { parse } from "./read.ts";
import { checkReferences } from "./references.ts";

/**
 * Takes an API's description from a file or an address into `spec/<name>/`, unless nothing changed.
 *
 * @throws Stop if it is no description that could be used; what was there stays.
 */
export async function pull(root: string, name: string, source: string): Promise<Outcome> {
  const { apis } = await readProject(root);
  const api = apis.find((candidate) => candidate.name === name);
  const folder = `spec/${apiName(name)}`;
  const previous = await readProvenance(root, folder);

  // A conditional request brings nothing back, so what is there has to be whole.
  const isWhole = api !== undefined && (await checkProvenance(root, api)).length === 0;
  const acquired = await acquire(source, isWhole ? previous : undefined);
  if (acquired === undefined || (isWhole && sha256(acquired.bytes) === previous?.sha256)) {
    return {
      lines: [`Unchanged since ${previous?.retrieved}: ${source}`],
      data: { changed: false },
    };
  }

  const taken = take(source, acquired.provenance.mediaType, acquired.bytes);
  const description = parse(source, taken.text, taken.line);
  checkVersion(source, description);
  const { problems } = checkReferences(source, description);
  if (problems.length > 0) throw new Stop(problems);

  const file = api?.description ?? `${folder}/openapi.${taken.language}`;
  const provenance: Provenance = {
    ...acquired.provenance,
    sha256: sha256(acquired.bytes),
    retrieved: new Date().toISOString(),
  };
  await writeAll(
    root,
    folder,
    new Map<string, string | Uint8Array>([
      [file, taken.isPage ? taken.text : acquired.bytes],
      ...(taken.isPage ? [[`${folder}/source.md`, acquired.bytes] as const] : []),
      [`${folder}/source.json`, `${JSON.stringify(provenance, undefined, 2)}\n`],
    ]),
  );
  if (!taken.isPage) await rm(join(root, folder, "source.md"), { force: true });
  const next =
    api === undefined
      ? `Add it to redocly.yaml:\n\n  ${name}:\n    root: ${file}\n\nand run pnpm generate.`
      : "Now run pnpm generate.";
  return { lines: [`Took ${file} from ${source}.`, next], data: { changed: true, file } };
}

/** Checks that `spec/` holds what was pulled, for all APIs. */
export async function checkPulled(root: string): Promise<Outcome> {
  const { apis } = await readProject(root);
  const problems = (await Promise.all(apis.map((api) => checkProvenance(root, api)))).flat();
  if (problems.length > 0) throw new Stop(problems);
  return { lines: apis.map(({ folder }) => `${folder}/ holds what was pulled`), data: {} };
}

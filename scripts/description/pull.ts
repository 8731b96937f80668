import { rm } from "node:fs/promises";
import { join } from "node:path";
import { stringifyYaml } from "@redocly/openapi-core";
import { sha256 } from "../command/digest.js";
import { CommandError, type Problem } from "../command/problem.js";
import type { Outcome } from "../command/define-command.js";
import { readFolder } from "../command/read-folder.ts";
import { writeAll } from "../command/write.ts";
import { collectSources, planRequests } from "./collect-sources.ts";
import { nearest } from "./nearest.ts";
import { apiName, readProject, type Api } from "./project.ts";
import { readBytes } from "./read.ts";
import { pathOfSource, readProvenances, type Source } from "./sources.ts";
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
  const api = findApi(apis, name);
  const folder = api?.folder ?? `spec/${apiName(name, { file: "command line" })}`;
  const known = await readProvenances(root, folder);
  const problems = api === undefined ? [] : await checkProvenance(root, api);
  const isIntact = api !== undefined && problems.length === 0;
  if (add && problems.length > 0) throw new CommandError(problems);

  const requests = planRequests(from, known, { add, keepsQuery });
  const sources = await collectSources({ root, folder, api, known, isIntact }, requests, add);
  const provenances = sources.map(({ provenance }) => provenance);
  if (isIntact && JSON.stringify(provenances) === JSON.stringify(known)) {
    return {
      lines: provenances.map((one) => `Unchanged since ${one.retrieved}: ${one.from}`),
      data: { changed: false },
    };
  }

  const wholeSources = sources.filter(({ provenance }) => provenance.isPart !== true);
  const { content, language, notices } = unite(wholeSources, api?.description);
  const file = api?.description ?? `${folder}/openapi.${language}`;
  const files = new Map<string, string | Uint8Array>([
    ...sources.map(({ provenance, bytes }) => [pathOfSource(folder, provenance), bytes] as const),
    [file, content],
    [`${folder}/sources.json`, `${JSON.stringify(provenances, undefined, 2)}\n`],
  ]);
  await writeAll(root, folder, files, async () => {
    if (JSON.stringify(await readProvenances(root, folder)) === JSON.stringify(known)) return;
    throw new CommandError(
      {
        file: `${folder}/sources.json`,
        fault: "Another pull has changed it meanwhile",
        remedy: "Run the command again",
      },
      2,
    );
  });
  const kept = [...files.keys(), ...(api?.overlays ?? [])];
  const removed = known.filter((provenance) => !kept.includes(pathOfSource(folder, provenance)));
  for (const provenance of removed)
    await rm(join(root, pathOfSource(folder, provenance)), { force: true });
  return {
    lines: [
      `Pulled ${provenances.map((one) => one.from).join(", ")} into ${file}.`,
      ...removed.map(
        (provenance) =>
          `Removed ${pathOfSource(folder, provenance)}${provenance.isPart === true ? "" : "; --add would have kept it"}.`,
      ),
      ...notices,
      api === undefined
        ? `${entryOf(name, file, apis.length > 0)}\nand run pnpm generate.`
        : "Now run pnpm generate.",
    ],
    data: { changed: true, file },
  };
}

/** The entry to add to `redocly.yaml`, which must not have the key `apis` twice. */
function entryOf(name: string, root: string, hasOthers: boolean): string {
  const yaml = stringifyYaml({ apis: { [name]: { root } } });
  return hasOthers
    ? `Add it to redocly.yaml, under apis:\n\n${yaml.replace(/^apis:\n/u, "")}`
    : `Add it to redocly.yaml:\n\n${yaml}`;
}

/** Finds an API by its name; undefined if it is new. Refuses a name that may be misspelt. */
function findApi(apis: readonly Api[], name: string): Api | undefined {
  const api = apis.find((candidate) => candidate.name === name);
  const likelyName = nearest(
    name,
    apis.map((candidate) => candidate.name),
  );
  if (api !== undefined || likelyName === undefined) return api;
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
    const bytes = await readIfExists(root, file);
    if (bytes === undefined) return refuse(file, "It is missing");
    if (sha256(bytes) !== provenance.sha256) {
      const fault = "It differs from what was pulled: its sha256 is not the one in sources.json";
      return refuse(file, fault);
    }
    if (provenance.isPart !== true) sources.push({ provenance, bytes });
  }
  const listed = provenances.map((provenance) => pathOfSource(api.folder, provenance));
  const stored = Object.keys(await readFolder(root, `${api.folder}/sources`));
  const unlisted = stored.find((file) => !listed.includes(file));
  if (unlisted !== undefined) {
    const fault = "It is not listed in sources.json, so nothing is made from it";
    return [{ file: unlisted, fault, remedy: "Delete it; pnpm spec:pull --add adds a source" }];
  }
  const description = await readIfExists(root, api.description);
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
async function readIfExists(root: string, file: string): Promise<Buffer | undefined> {
  try {
    return await readBytes(join(root, file), file);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { CommandError } from "../command/problem.js";
import { parse } from "../description/read.ts";
import { isEqual, type JsonObject } from "../description/tree.ts";
import type { ClientPackage } from "../packages/client-packages.ts";
import type { Entries } from "./compare-exports.ts";

/** The last release, and what would be released now. */
export interface Release {
  readonly base: JsonObject;
  readonly revision: JsonObject;
  /** The package's public declarations, old and new, by file name; none if all files are equal. */
  readonly declarations: Entries;
}

/**
 * Reads the last release of a package; undefined before the first, at version 0.0.0.
 *
 * @throws CommandError if what it needs of the last release is missing, because any change would seem to be
 *   the first release, or if the package is not built
 */
export async function readRelease(
  root: string,
  client: ClientPackage,
): Promise<Release | undefined> {
  const base = await readReleasedDescription(root, client);
  if (base === undefined) return undefined;
  const { folder, api } = client;
  const [released, dist] = [`${folder}/released`, `${folder}/dist`];
  checkExists(root, client, `${released}/index.d.ts`);
  checkBuilt(root, folder);
  const generated = `generated/${api}/openapi.json`;
  const [old, now] = await Promise.all([
    readDeclarations(join(root, released)),
    readDeclarations(join(root, dist)),
  ]);
  return {
    base,
    revision: parse(generated, await readFile(join(root, generated), "utf8")),
    // A compiler would take seconds to find no difference between equal files.
    declarations: isEqual(old, now)
      ? new Map()
      : new Map(
          Object.keys({ ...old, ...now }).map((name) => [
            name,
            [join(root, released, name), join(root, dist, name)],
          ]),
        ),
  };
}

/**
 * Reads the description of the last release of a package; undefined before the first, at version 0.0.0. A private
 * package is never released.
 */
export async function readReleasedDescription(
  root: string,
  client: ClientPackage,
): Promise<JsonObject | undefined> {
  const file = `${client.folder}/released/openapi.json`;
  const isUnreleased = client.isPrivate === true && !existsSync(join(root, file));
  if (client.version === "0.0.0" || isUnreleased) return undefined;
  checkExists(root, client, file);
  const description = parse(file, await readFile(join(root, file), "utf8"));
  if (typeof description["openapi"] === "string") return description;
  throw notOfRelease(client, file, "is no OpenAPI description");
}

function checkExists(root: string, client: ClientPackage, file: string): void {
  if (!existsSync(join(root, file))) throw notOfRelease(client, file, "does not exist");
}

function notOfRelease(
  { name, version, folder }: ClientPackage,
  file: string,
  fault: string,
): CommandError {
  return new CommandError({
    file,
    fault: `It ${fault}, but ${name} was released as ${version}`,
    remedy: `Restore ${folder}/released/ from the commit of that release; after pnpm release:version was killed, run git restore packages .changeset`,
  });
}

/** The texts of a folder's declaration files, by name. */
async function readDeclarations(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".d.ts"));
  const texts = names.map(async (name) => [name, await readFile(join(folder, name), "utf8")]);
  return Object.fromEntries(await Promise.all(texts));
}

/** Throws a CommandError if a package is not built. */
export function checkBuilt(root: string, folder: string): void {
  if (existsSync(join(root, folder, "dist/index.d.ts"))) return;
  const problem = {
    file: `${folder}/dist`,
    fault: "The package is not built",
    remedy: "Run pnpm build first",
  };
  throw new CommandError(problem, 2);
}

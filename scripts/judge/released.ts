import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { CommandError } from "../command/problem.ts";
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

/** Reads the last release of a package; undefined if there is none. */
export async function readRelease(
  root: string,
  { folder, api }: ClientPackage,
): Promise<Release | undefined> {
  const [released, dist] = [`${folder}/released`, `${folder}/dist`];
  if (!existsSync(join(root, released, "openapi.json"))) return undefined;
  const read = async (file: string): Promise<JsonObject> =>
    parse(file, await readFile(join(root, file), "utf8"));
  checkBuilt(root, folder);
  const [old, now] = await Promise.all([
    readDeclarations(join(root, released)),
    readDeclarations(join(root, dist)),
  ]);
  return {
    base: await read(`${released}/openapi.json`),
    revision: await read(`generated/${api}/openapi.json`),
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

/** The texts of a folder's declaration files, by name. */
async function readDeclarations(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".d.ts"));
  const texts = names.map(async (name) => [name, await readFile(join(folder, name), "utf8")]);
  return Object.fromEntries(await Promise.all(texts));
}

/** Throws a CommandError if a package is not built. */
export function checkBuilt(root: string, folder: string): void {
  if (existsSync(join(root, folder, "dist"))) return;
  const problem = {
    file: `${folder}/dist`,
    fault: "The package is not built",
    remedy: "Run pnpm build first",
  };
  throw new CommandError(problem, 2);
}

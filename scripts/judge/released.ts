import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { CommandError } from "../command/problem.ts";
import { parse } from "../description/read.ts";
import type { JsonObject } from "../description/tree.ts";
import type { ClientPackage } from "../packages/client-packages.ts";
import type { Entries } from "./compare-exports.ts";

/** The last release, and what would be released now. */
export interface Release {
  readonly base: JsonObject;
  readonly revision: JsonObject;
  /** The entry points of the package's public declarations, old and new, by name. */
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
  const names = (await readdir(join(root, released))).filter((name) => name.endsWith(".d.ts"));
  return {
    base: await read(`${released}/openapi.json`),
    revision: await read(`generated/${api}/openapi.json`),
    declarations: new Map(
      names.map((name) => [name, [join(root, released, name), join(root, dist, name)]]),
    ),
  };
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

import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Stop } from "../command/problem.ts";
import { parse } from "../description/read.ts";
import type { JsonObject } from "../description/tree.ts";

export const releasedFolder = "packages/client/released";
const builtFolder = "packages/client/dist";

/** What was released last, and what would be released now. */
export interface Release {
  readonly base: JsonObject;
  readonly revision: JsonObject;
  /** The entries of the client's public declarations, old and new, by their names. */
  readonly declarations: ReadonlyMap<string, readonly [before: string, after: string]>;
}

/** Reads the last release; undefined if there is none. */
export async function readRelease(root: string, api: string): Promise<Release | undefined> {
  const description = `${releasedFolder}/openapi.json`;
  if (!existsSync(join(root, description))) return undefined;
  const read = async (file: string): Promise<JsonObject> =>
    parse(file, await readFile(join(root, file), "utf8"));
  const names = (await readdir(join(root, releasedFolder))).filter((name) =>
    name.endsWith(".d.ts"),
  );
  if (!existsSync(join(root, builtFolder))) {
    throw new Stop(
      { file: builtFolder, fault: "The client is not built", remedy: "Run pnpm build first" },
      2,
    );
  }
  return {
    base: await read(description),
    revision: await read(`generated/${api}/openapi.json`),
    declarations: new Map(
      names.map((name) => [
        name,
        [join(root, releasedFolder, name), join(root, builtFolder, name)],
      ]),
    ),
  };
}

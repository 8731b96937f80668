import { format } from "prettier";
import { sha256, type Digests } from "../command/digest.ts";
import { CommandError } from "../command/problem.ts";
import type { Api } from "../description/project.ts";
import type { JsonObject } from "../description/tree.ts";
import { withHeader } from "./header.ts";
import { proveInert } from "./inertness.ts";
import { proveCompiles } from "./compile.ts";
import { emitOperations } from "./operations.ts";
import { emitSchema } from "./schema.ts";

/** The generated files of an API, keyed by path from the root, and notices for people. */
export interface RenderResult {
  readonly files: ReadonlyMap<string, string>;
  readonly notices: readonly string[];
}

/** Generates all files of an API. */
export async function render(
  api: Api,
  effective: JsonObject,
  inputs: Digests,
): Promise<RenderResult> {
  const folder = `generated/${api.name}`;
  const description = `${JSON.stringify(effective, undefined, 2)}\n`;
  const origins = new Map([...inputs, [`${folder}/openapi.json`, sha256(description)]]);
  const { text: operations, notices } = emitOperations(api.description, effective);
  const modules = new Map<string, string>();
  for (const [name, kind, text] of [
    ["schema.ts", "types", typesOf(api, effective)],
    ["operations.ts", "constants", operations],
  ] as const) {
    const file = `${folder}/${name}`;
    const whole = withHeader(
      await format(text, { parser: "typescript", printWidth: 100 }),
      origins,
    );
    proveInert(file, whole, kind);
    modules.set(file, whole);
  }
  proveCompiles(modules);
  return { files: new Map([[`${folder}/openapi.json`, description], ...modules]), notices };
}

/** openapi-typescript throws if a schema is malformed, which happens where lint rules are turned off. */
function typesOf(api: Api, effective: JsonObject): string {
  try {
    return emitSchema(effective);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError({
      file: api.description,
      fault: `openapi-typescript cannot generate its types: ${reason}`,
      remedy: "Correct the schema with an overlay action",
    });
  }
}

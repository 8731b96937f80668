import { sha256, type Digests } from "../command/digest.js";
import { CommandError } from "../command/problem.js";
import type { Api } from "../description/project.ts";
import { unmarkRounded } from "../description/numbers.ts";
import type { JsonObject } from "../description/tree.ts";
import { withHeader } from "./header.ts";
import { proveInert } from "./inertness.ts";
import { parseModule, proveCompiles } from "./compile.ts";
import { emitOperations } from "./operations.ts";
import { emitSchema } from "./schema.ts";

/** The generated files of an API, keyed by path from the root, and notices for people. */
interface RenderResult {
  readonly files: ReadonlyMap<string, string>;
  readonly notices: readonly string[];
}

/** Generates all files of an API. */
export function render(api: Api, effective: JsonObject, inputs: Digests): RenderResult {
  const folder = `generated/${api.name}`;
  const description = `${unmarkRounded(JSON.stringify(effective, undefined, 2))}\n`;
  const origins = new Map([...inputs, [`${folder}/openapi.json`, sha256(description)]]);
  const { text: operations, notices } = emitOperations(api.description, effective);
  const modules = [
    { file: `${folder}/schema.ts`, kind: "types", text: emitTypes(api, effective) },
    { file: `${folder}/operations.ts`, kind: "constants", text: operations },
  ] as const;
  const files = new Map([[`${folder}/openapi.json`, description]]);
  const sources = modules.map(({ file, kind, text }) => {
    const whole = withHeader(text, origins);
    files.set(file, whole);
    const source = parseModule(file, whole);
    proveInert(source, kind);
    return source;
  });
  proveCompiles(sources);
  return { files, notices };
}

/** openapi-typescript throws if a schema is malformed, which happens where lint rules are turned off. */
function emitTypes(api: Api, effective: JsonObject): string {
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

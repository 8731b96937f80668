import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Json, JsonObject } from "../description/tree.ts";

const response = (schema: string): Json => ({
  description: "Found",
  content: { "application/json": { schema: { $ref: `#/components/schemas/${schema}` } } },
});

function describe(paths: JsonObject, schemas: JsonObject): JsonObject {
  return { openapi: "3.1.0", info: { title: "T", version: "1" }, paths, components: { schemas } };
}

/** A description with this many operations, each with its own schema; in its second edition, some have more. */
export function withOperations(count: number, edition: 1 | 2): JsonObject {
  const [paths, schemas]: [Record<string, Json>, Record<string, Json>] = [{}, {}];
  for (let index = 0; index < count; index += 1) {
    schemas[`Thing${index}`] = {
      type: "object",
      required: ["id"],
      properties: {
        id: { type: "string", format: "uuid", description: "Identifies the thing" },
        name: { type: ["string", "null"] },
        kind: { type: "string", enum: ["small", "large", `kind${index}`] },
        next: { $ref: `#/components/schemas/Thing${(index * 7 + 1) % count}` },
        sizes: { type: "array", items: { type: "integer" } },
        ...(edition === 2 && index % 10 === 0 ? { added: { type: "string" } } : {}),
      },
    };
    paths[`/things${index}/{id}`] = {
      get: {
        operationId: `getThing${index}`,
        summary: `Returns thing ${index}`,
        parameters: [
          { name: "id", in: "path", required: true, schema: { type: "string" } },
          { name: "limit", in: "query", schema: { type: "integer", default: 10 } },
        ],
        responses: { "200": response(`Thing${index}`), "404": { description: "Not found" } },
      },
    };
  }
  return describe(paths, schemas);
}

/** A description with one schema of this many megabytes; in its second edition, it has more. */
export function withSchema(megabytes: number, edition: 1 | 2): JsonObject {
  const properties: Record<string, Json> = {};
  for (let index = 0; index < megabytes * 9000; index += 1) {
    properties[`property_${index}`] = {
      type: "string",
      description: `The property number ${index} of a schema with many`,
      maxLength: 100,
    };
    if (edition === 2 && index % 100 === 0) properties[`added_${index}`] = { type: "integer" };
  }
  const get = { operationId: "getThing", responses: { "200": response("Thing") } };
  return describe({ "/thing": { get } }, { Thing: { type: "object", properties } });
}

/** Writes a project for `generate` whose only API is this description, with no additional lint rules. */
export async function writeProject(root: string, text: string): Promise<string> {
  const description = join(root, "spec/api/openapi.json");
  await mkdir(dirname(description), { recursive: true });
  await writeFile(description, text);
  await writeFile(
    join(root, "redocly.yaml"),
    "apis: { api: { root: spec/api/openapi.json } }\nextends: []\n",
  );
  return description;
}

import {
  isEqual,
  isObject,
  listOf,
  objectOf,
  type Json,
  type JsonObject,
} from "../../description/tree.ts";
import {
  absorbed,
  either,
  remove,
  rename,
  replace,
  rewrite,
  set,
  stopped,
  type Edit,
  type Kind,
} from "../change.ts";

const bearer = [{ "JWT or Access Token": [] }];
const content = "status.responses.200.content.application/json";
const job = { $ref: "#/components/schemas/ExportJobResponse" };

const isNull = (value: Json): boolean => isEqual(value, { type: "null" });

/** Rewrites nullable schemas in another notation. */
const nullable = (write: (other: { readonly [key: string]: Json }) => Json) =>
  rewrite((value) => {
    if (!isObject(value) || !Array.isArray(value["anyOf"])) return value;
    const { anyOf, ...rest } = value;
    const [nonNull, nullSchema] = listOf(anyOf);
    return isObject(nonNull) && nullSchema !== undefined && isNull(nullSchema)
      ? write({ ...rest, ...nonNull })
      : value;
  });

const statusPath = "#/paths/~1api~1audit-logs~1export~1%7Bjob_id%7D";
const accept = {
  in: "header",
  name: "Accept",
  description: "The media type.",
  schema: { type: "string" },
};

const mapEntries = (
  map: Json | undefined,
  change: (key: string, value: Json) => Json,
): JsonObject =>
  Object.fromEntries(
    Object.entries(objectOf(map)).map(([key, value]) => [key, change(key, value)]),
  );

/** Rewrites the path item of the job's status. */
function atStatus(change: (item: JsonObject) => Json): Edit {
  const path = "/api/audit-logs/export/{job_id}";
  return rewrite((value) =>
    isObject(value) && path in value ? { ...value, [path]: change(objectOf(value[path])) } : value,
  );
}

/** Moves each operation's body and responses to the components. */
function withSharedParts(root: Json): Json {
  if (!isObject(root) || !isObject(root["paths"])) return root;
  const parts: Record<"requestBodies" | "responses", Record<string, Json>> = {
    requestBodies: {},
    responses: {},
  };
  const share = (section: keyof typeof parts, name: string, part: Json): Json => {
    parts[section][name] = part;
    return { $ref: `#/components/${section}/${name}` };
  };
  const withReferences = (operation: Json): Json => {
    const { operationId, requestBody, responses, ...rest } = objectOf(operation);
    const id = String(operationId);
    return {
      ...rest,
      operationId: id,
      ...(requestBody === undefined
        ? {}
        : { requestBody: share("requestBodies", id, requestBody) }),
      responses: mapEntries(responses, (status, response) =>
        share("responses", `${id}-${status}`, response),
      ),
    };
  };
  const paths = mapEntries(root["paths"], (_, item) =>
    mapEntries(item, (_method, operation) => withReferences(operation)),
  );
  return { ...root, paths, components: { ...objectOf(root["components"]), ...parts } };
}

export const notation: Kind = {
  kind: "Notation",
  changes: [
    absorbed("Null is one of a list of types", "none", [
      nullable(({ type, ...rest }) => ({ ...rest, type: [type ?? "string", "null"] })),
    ]),
    absorbed("Null is the other alternative of oneOf", "none", [
      rewrite((value) => {
        if (!isObject(value) || !Array.isArray(value["anyOf"])) return value;
        const { anyOf, ...rest } = value;
        return Array.isArray(anyOf) && anyOf.some(isNull) ? { ...rest, oneOf: anyOf } : value;
      }),
    ]),
    absorbed("Null stands first", "none", [
      rewrite((value) =>
        isObject(value) && Array.isArray(value["anyOf"]) && value["anyOf"].some(isNull)
          ? { ...value, anyOf: value["anyOf"].toReversed() }
          : value,
      ),
    ]),
    absorbed("It is OpenAPI 3.0 with nullable", "none..patch", [
      nullable((other) => ({ ...other, nullable: true })),
      set("root.openapi", "3.0.3"),
    ]),
    absorbed("It is OpenAPI 3.1.1", "none", [set("root.openapi", "3.1.1")]),
    either("It is OpenAPI 3.2 with nothing of it", "none", ["3.2"], [set("root.openapi", "3.2.0")]),
    absorbed("It is OpenAPI 3.2 with texts and names of it", "none", [
      set("root.openapi", "3.2.0"),
      set("root.servers.0.name", "cloud"),
      set("status.responses.200.summary", "The job"),
      set("schemes.JWT or Access Token.deprecated", false),
    ]),
    stopped("It is OpenAPI 4", ["4.0"], [set("root.openapi", "4.0.0")]),
    either(
      "The version of OpenAPI is a number",
      "none",
      ["3.1"],
      [replace("openapi: 3.1.0", "openapi: 3.1")],
    ),
    stopped(
      "It is Swagger 2.0",
      ["swagger|Swagger"],
      [replace("openapi: 3.1.0", 'swagger: "2.0"')],
    ),
    either(
      "The version of the API is a number",
      "none",
      ["version"],
      [replace("version: 0.1.0", "version: 1")],
    ),
    absorbed("A type stands in a list alone", "none", [
      set("job.properties.org_id.type", ["string"]),
    ]),
    absorbed("A schema is in allOf alone", "none..patch", [
      set("status.responses.200.content.application/json.schema", { allOf: [job] }),
    ]),
    absorbed("A schema is in anyOf alone", "none..patch", [
      set("status.responses.200.content.application/json.schema", { anyOf: [job] }),
    ]),
    absorbed("A parameter stands at the path", "none", [
      remove("status.parameters.0"),
      set("statusPath.parameters", [
        {
          description: "UUID of the export job to query.\n",
          in: "path",
          name: "job_id",
          required: true,
          schema: {
            description: "Identifier of the export job.\n",
            format: "uuid",
            title: "Job Id",
            type: "string",
            example: "<uuid>",
          },
        },
      ]),
    ]),
    absorbed("A parameter is referred to", "none", [
      set("status.parameters.2", { $ref: "#/components/parameters/Version" }),
      set("root.components.parameters", {
        Version: {
          in: "header",
          name: "X-API-Version",
          required: false,
          description:
            "API version identifier (for example, `v1` or `v2`). Defaults to `v1`\nwhen not provided.\n",
          schema: {
            default: "v1",
            description: "API version to target for this request.\n",
            title: "X-Api-Version",
            type: "string",
          },
        },
      }),
    ]),
    absorbed("Every body and every response is referred to", "none", [rewrite(withSharedParts)], {
      base: "whole",
    }),
    absorbed("A response is referred to", "none", [
      set("status.responses.200", { $ref: "#/components/responses/Job" }),
      set("root.components.responses", {
        Job: {
          description: "Request succeeded and the export job status is returned.\n",
          content: { "application/json": { schema: job } },
        },
      }),
    ]),
    absorbed("A reference is percent-encoded", "none", [
      set(`${content}.schema.$ref`, "#/components/schemas/%45xportJobResponse"),
    ]),
    absorbed("A reference has a description beside it", "none..patch", [
      set(`${content}.schema.description`, "The job."),
    ]),
    absorbed("A reference leads to a parameter behind an ignored one", "none..patch", [
      atStatus(({ get, ...item }) => ({
        ...item,
        get: { ...objectOf(get), parameters: [accept, ...listOf(objectOf(get)["parameters"])] },
      })),
      set("job.properties.id", { $ref: `${statusPath}/get/parameters/1/schema` }),
    ]),
    absorbed("A reference leads to a parameter of the path", "none..patch", [
      atStatus(({ get, ...item }) => {
        const [first = null, ...parameters] = listOf(objectOf(get)["parameters"]);
        return { ...item, parameters: [first], get: { ...objectOf(get), parameters } };
      }),
      set("job.properties.id", { $ref: `${statusPath}/parameters/0/schema` }),
    ]),
    absorbed("A reference leads to an alternative of null", "none..patch", [
      set("job.properties.created_at", {
        $ref: "#/components/schemas/ExportJobResponse/properties/completed_at/anyOf/0",
      }),
    ]),
    absorbed(
      "A reference leads to a media type in another case",
      "none",
      [
        rename(content, "Application/JSON"),
        set("schemas.Same", {
          $ref: `${statusPath}/get/responses/200/content/Application~1JSON/schema`,
        }),
      ],
      { before: [set("schemas.Same", job)] },
    ),
    absorbed(
      "A reference leads to a header in another case",
      "none..patch",
      [
        set("status.responses.200.headers", {
          "X-A": { description: "A text.", schema: { type: "string" } },
          "X-B": { $ref: `${statusPath}/get/responses/200/headers/X-A` },
        }),
      ],
      {
        before: [
          set("status.responses.200.headers", {
            "X-A": { description: "A text.", schema: { type: "string" } },
            "X-B": { description: "A text.", schema: { type: "string" } },
          }),
        ],
      },
    ),
    stopped(
      "A reference leads to nothing",
      ["Missing"],
      [set("job.properties.owner", { $ref: "#/components/schemas/Missing" })],
    ),
    stopped(
      "A reference leads to another file",
      ["common.yaml"],
      [set("job.properties.owner", { $ref: "./common.yaml#/Owner" })],
    ),
    stopped(
      "A reference leads to another server",
      ["example.com"],
      [set("job.properties.owner", { $ref: "https://example.com/owner.yaml" })],
    ),
    absorbed("A reference in an extension leads to nothing", "none", [
      set("status.x-internal", { $ref: "#/components/schemas/Missing" }),
    ]),
    absorbed("A schema refers to itself", "minor", [set("job.properties.parent", job)], {
      type: ['NonNullable<ExportJob["parent"]>["id"]', "string"],
    }),
    either(
      "A schema has definitions of its own",
      "minor",
      ["$defs|defs"],
      [
        set("job.$defs", { Owner: { type: "object", properties: { name: { type: "string" } } } }),
        set("job.properties.owner", { $ref: "#/components/schemas/ExportJobResponse/$defs/Owner" }),
      ],
    ),
    absorbed("The job's schema has another name", "major", [
      replace("ExportJobResponse", "ExportJob"),
    ]),
    either(
      "The job is composed of two parts",
      "none..major",
      ["status|states|download_url|progress"],
      [
        set("schemas.JobBase", {
          type: "object",
          properties: {
            id: { type: "string", format: "uuid" },
            org_id: { type: "string", format: "uuid" },
          },
          required: ["id", "org_id"],
        }),
        remove("job.properties.id"),
        remove("job.properties.org_id"),
        set("job.required", ["status", "created_at"]),
        set("job.allOf", [{ $ref: "#/components/schemas/JobBase" }]),
      ],
    ),
    either(
      "The job has a schema for each state",
      "none..major",
      ["status|states|download_url|progress"],
      [
        set("schemas.Running", {
          type: "object",
          properties: { id: { type: "string" }, status: { const: "running" } },
          required: ["id", "status"],
        }),
        set("schemas.Done", {
          type: "object",
          properties: {
            id: { type: "string" },
            status: { const: "completed" },
            download_url: { type: "string" },
          },
          required: ["id", "status"],
        }),
        set(`${content}.schema`, {
          oneOf: [{ $ref: "#/components/schemas/Running" }, { $ref: "#/components/schemas/Done" }],
          discriminator: {
            propertyName: "status",
            mapping: {
              running: "#/components/schemas/Running",
              completed: "#/components/schemas/Done",
            },
          },
        }),
      ],
    ),
    absorbed(
      "The response to another operation has its authentication at the root",
      "none",
      [
        remove("list.security"),
        remove("one.security"),
        remove("start.security"),
        remove("download.security"),
        remove("status.security"),
        set("root.security", bearer),
      ],
      { base: "whole" },
    ),
    absorbed("The keys stand in another order", "none", [
      rewrite((value) =>
        isObject(value) && !("/api/audit-logs/export/{job_id}" in value)
          ? Object.fromEntries(Object.entries(value).toReversed())
          : value,
      ),
    ]),
    absorbed("An object says unevaluatedProperties", "none..minor", [
      set("job.unevaluatedProperties", false),
    ]),
    absorbed("An object has patterns for names", "none..minor", [
      set("job.patternProperties", { "^x_": { type: "string" } }),
    ]),
    absorbed("A schema has conditions", "none..minor", [
      set("job.if", { properties: { status: { const: "failed" } } }),
      set("job.then", { properties: { id: { type: "string" } }, required: ["id"] }),
    ]),
    absorbed("A condition requires what the schema around it defines", "patch", [
      set("job.if", { properties: { status: { const: "completed" } }, required: ["status"] }),
      set("job.then", { required: ["download_url"] }),
      set("job.else", { not: { required: ["completed_at"] } }),
    ]),
    absorbed("A list is a tuple", "minor", [
      set("job.properties.span", {
        type: "array",
        prefixItems: [{ type: "string" }, { type: "string" }],
      }),
    ]),
    absorbed(
      "A field is a map",
      "minor",
      [set("job.properties.counts", { type: "object", additionalProperties: { type: "integer" } })],
      { type: ['ExportJob["counts"]', "{ [key: string]: number } | undefined"] },
    ),
    either(
      "A number is beyond 2^53",
      "minor",
      ["size"],
      [
        set("job.properties.size", { type: "integer", format: "int64", default: 42 }),
        replace("default: 42", "default: 9007199254740993"),
      ],
    ),
    absorbed("A discriminated union is new", "minor", [
      set("schemas.A", {
        type: "object",
        properties: { kind: { const: "a" } },
        required: ["kind"],
      }),
      set("schemas.B", {
        type: "object",
        properties: { kind: { const: "b" } },
        required: ["kind"],
      }),
      set("job.properties.target", {
        oneOf: [{ $ref: "#/components/schemas/A" }, { $ref: "#/components/schemas/B" }],
        discriminator: { propertyName: "kind" },
      }),
    ]),
    absorbed("A component that nothing uses is new", "none..minor", [
      set("schemas.Unused", { type: "object" }),
    ]),
    absorbed("The description has extensions at its root", "none", [
      set("root.x-speakeasy", { retries: true }),
    ]),
    absorbed("The info has an extension", "none", [
      set("root.info.x-logo", { url: "https://anaconda.com/a.png" }),
    ]),
    absorbed("An empty list of tags is there", "none", [set("root.tags", [])]),
    absorbed("A parameter says its default style", "none", [
      set("status.parameters.1.style", "simple"),
      set("status.parameters.1.explode", false),
    ]),
    absorbed(
      "A query parameter says its default style",
      "none",
      [set("list.parameters.0.style", "form"), set("list.parameters.0.explode", true)],
      { base: "whole" },
    ),
    absorbed("Optional is said to be optional", "none", [set("status.deprecated", false)]),
    absorbed("A list of required fields has another order", "none", [
      set("job.required", ["created_at", "status", "org_id", "id"]),
    ]),

    absorbed("A dialect is stated", "none", [
      set("root.jsonSchemaDialect", "https://spec.openapis.org/oas/3.1/dialect/base"),
    ]),
    absorbed("A schema states its dialect", "none..patch", [
      set("job.$schema", "https://json-schema.org/draft/2020-12/schema"),
    ]),
    either(
      "A schema has an id",
      "none..patch",
      ["$id"],
      [set("job.$id", "https://anaconda.com/job")],
    ),
    either(
      "A reference leads to an anchor",
      "none..patch",
      ["#job"],
      [set("job.$anchor", "job"), set(`${content}.schema`, { $ref: "#job" })],
    ),
    either(
      "A reference is dynamic",
      "none..major",
      ["$dynamicRef|id|200"],
      [set(`${content}.schema`, { $dynamicRef: "#/components/schemas/ExportJobResponse" })],
    ),
    either(
      "nullable stands in 3.1",
      "none..major",
      ["nullable"],
      [set("job.properties.org_id.nullable", true)],
    ),
    absorbed("False is said where it holds anyway", "none", [
      set("job.properties.id.readOnly", false),
      set("job.properties.id.deprecated", false),
      set("status.deprecated", false),
    ]),
    absorbed("The status of a response is a number", "none", [replace("'200':", "200:")]),
    absorbed(
      "A constant is an enum of one",
      "none",
      [set("job.properties.kind", { enum: ["export"] })],
      { before: [set("job.properties.kind", { const: "export" })] },
    ),
    absorbed("The response is in anyOf alone", "none", [
      set(`${content}.schema`, { anyOf: [job] }),
    ]),
    absorbed("The response is in allOf alone, with a text", "none..patch", [
      set(`${content}.schema`, { allOf: [job], description: "The job." }),
    ]),
    absorbed("A list of required fields is empty", "none..patch", [
      set("schemas.HTTPValidationError.required", []),
    ]),
    absorbed("A path item is referred to", "none", [
      rewrite((value) => {
        if (!isObject(value) || !isObject(value["paths"]) || !isObject(value["components"]))
          return value;
        const [[path = "", item = null] = []] = Object.entries(value["paths"]);
        const components = { ...value["components"], pathItems: { Status: item } };
        return {
          ...value,
          components,
          paths: { [path]: { $ref: "#/components/pathItems/Status" } },
        };
      }),
    ]),
    stopped(
      "A path has no slash at its beginning",
      ["api/audit-logs"],
      [
        rewrite((value) =>
          isObject(value) && "/api/audit-logs/export/{job_id}" in value
            ? { "api/audit-logs/export/{job_id}": value["/api/audit-logs/export/{job_id}"] ?? null }
            : value,
        ),
      ],
    ),
  ],
};

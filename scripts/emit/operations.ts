import { find, fromPointer, isObject, type Json, type JsonObject } from "../description/tree.ts";

const methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/** Gives the object itself, or what its `$ref` refers to; an empty object where there is none. */
type Resolve = (value: Json | undefined) => JsonObject;

/** What a client of a description has to know at run time. */
export interface Facts {
  /** The servers' URLs. */
  readonly servers: readonly string[];
  /** Those of each operation, with the name that they are written under, if it has one. */
  readonly operations: readonly {
    readonly id: string | undefined;
    readonly method: string;
    readonly path: string;
    readonly facts: JsonObject;
  }[];
}

/**
 * Writes what a client of the description has to know at run time, so that it need not say it
 * itself: the servers, and for each operation its method, path, parameters and authentication and,
 * where its answer is a job, the job's states.
 */
export function emitOperations(effective: JsonObject): string {
  const { servers, operations } = factsOf(effective);
  const named = operations.flatMap(({ id, method, path, facts }) =>
    id === undefined ? [] : [[id, { method, path, ...facts }] as const],
  );
  return [
    `export const servers = ${JSON.stringify(servers)} as const;`,
    "",
    `export const operations = ${JSON.stringify(Object.fromEntries(named))} as const;`,
  ].join("\n");
}

/** Gathers the facts of all operations, named or not. */
export function factsOf(effective: JsonObject): Facts {
  const resolve: Resolve = (value) => {
    let target = value;
    while (isObject(target) && typeof target["$ref"] === "string") {
      target = find(effective, fromPointer(target["$ref"].slice(1)) ?? []);
    }
    return isObject(target) ? target : {};
  };

  const operations: Facts["operations"][number][] = [];
  for (const [path, pathItem] of Object.entries(resolve(effective["paths"]))) {
    const { parameters: shared, ...item } = resolve(pathItem);
    for (const method of methods) {
      if (item[method] === undefined) continue;
      const operation = resolve(item[method]);
      const { operationId: id } = operation;
      operations.push({
        id: typeof id === "string" ? id : undefined,
        method,
        path,
        facts: {
          parameters: parametersOf([...list(shared), ...list(operation["parameters"])], resolve),
          authentication: authenticationOf(effective, operation, resolve),
          ...jobOf(operation, resolve),
        },
      });
    }
  }
  return { servers: serversOf(effective), operations };
}

function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** The URL of each server, its variables replaced by their defaults. */
function serversOf({ servers }: JsonObject): string[] {
  return list(servers)
    .filter(isObject)
    .map(({ url, variables }) =>
      String(url).replace(/\{([^{}]+)\}/gu, (template, name: string) => {
        const variable = isObject(variables) ? variables[name] : undefined;
        return isObject(variable) ? String(variable["default"]) : template;
      }),
    );
}

/** The parameters by the name that the client gives them: `x-client-name`, or else their own. */
function parametersOf(parameters: readonly Json[], resolve: Resolve): JsonObject {
  const named = new Map<string, JsonObject>();
  for (const parameter of parameters.map(resolve)) {
    const { in: location, name, required, schema, "x-client-name": clientName } = parameter;
    const fallback = resolve(schema)["default"];
    const key = String(clientName ?? name);
    // A parameter of the operation replaces the path's of the same name and place.
    const other = named.get(key);
    const isTaken = other !== undefined && !(other["in"] === location && other["name"] === name);
    named.set(isTaken ? `${String(location)}.${String(name)}` : key, {
      in: location ?? null,
      name: name ?? null,
      required: required === true,
      ...(fallback === undefined ? {} : { default: fallback }),
    });
  }
  return Object.fromEntries(named);
}

/** The alternatives of authentication: for each, where every one of its credentials goes. */
function authenticationOf(root: JsonObject, operation: JsonObject, resolve: Resolve): Json {
  const { securitySchemes } = resolve(root["components"]);
  return list(operation["security"] ?? root["security"])
    .filter(isObject)
    .map((requirement) =>
      Object.keys(requirement).map((name) => credentialOf(resolve(resolve(securitySchemes)[name]))),
    );
}

function credentialOf({ type, scheme, in: location, name }: JsonObject): JsonObject {
  if (type === "apiKey") return { in: location ?? null, name: name ?? null, prefix: "" };
  const isBearer =
    type === "oauth2" || type === "openIdConnect" || /^bearer$/iu.test(String(scheme));
  // RFC 6750 §2.1 and RFC 7617 §2.
  if (isBearer) return { in: "header", name: "Authorization", prefix: "Bearer " };
  if (/^basic$/iu.test(String(scheme)))
    return { in: "header", name: "Authorization", prefix: "Basic " };
  return { type: type ?? null };
}

/** The states of a job, if a successful answer has a property with `x-final-states`. */
function jobOf({ responses }: JsonObject, resolve: Resolve): JsonObject {
  for (const [status, response] of Object.entries(resolve(responses))) {
    if (!status.startsWith("2")) continue;
    for (const mediaType of Object.values(resolve(resolve(response)["content"]))) {
      const { properties } = resolve(resolve(mediaType)["schema"]);
      for (const [property, schema] of Object.entries(resolve(properties))) {
        const { "x-final-states": final, "x-extensible-enum": states } = resolve(schema);
        if (!isObject(final)) continue;
        const ending = (outcome: string): string[] =>
          Object.keys(final).filter((state) => final[state] === outcome);
        return {
          job: {
            property,
            states: list(states),
            succeeded: ending("succeeded"),
            failed: ending("failed"),
          },
        };
      }
    }
  }
  return {};
}

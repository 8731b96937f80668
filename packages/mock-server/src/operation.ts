import { readAuthentication, type Authentication } from "./authentication.ts";
import {
  children,
  follow,
  items,
  rootOf,
  step,
  textOf,
  type Node,
  type NodeRef,
} from "./document.ts";
import { isJsonType, readParameter, type Parameter } from "./parameters.ts";

export interface MediaType {
  readonly name: string;
  readonly kind: "json" | "json-lines" | "other";
  /** The Media Type Object. */
  readonly ref: NodeRef;
  readonly schema: NodeRef | undefined;
}

export interface Operation {
  /** In lower case. */
  readonly method: string;
  /** The key in `paths`. */
  readonly path: string;
  /** The name of the operation in messages. */
  readonly label: string;
  readonly ref: NodeRef;
  readonly parameters: readonly Parameter[];
  readonly authentication: Authentication;
  readonly body:
    { readonly isRequired: boolean; readonly mediaTypes: readonly MediaType[] } | undefined;
  readonly successStatus: number;
  /** The media types of the success, JSON first. */
  readonly mediaTypes: readonly MediaType[];
}

/** An operation that this server does not support. */
interface UnsupportedOperation extends Pick<Operation, "method" | "path"> {
  readonly reason: string;
}

const methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

export function readOperations(root: Node): readonly (Operation | UnsupportedOperation)[] {
  return children(step(rootOf(root), "paths")).flatMap(([path, reference]) => {
    const item = follow(reference);
    if (!item) {
      const reason = `its path item ${missingReference(reference)}`;
      return methods.map((method) => ({ method, path, reason }));
    }
    return methods.flatMap((method) => {
      const ref = step(item, method);
      return ref ? [readOperation(method, path, item, ref)] : [];
    });
  });
}

function readOperation(
  method: string,
  path: string,
  item: NodeRef,
  ref: NodeRef,
): Operation | UnsupportedOperation {
  const name = `${method.toUpperCase()} ${path}`;
  const id = textOf(ref.node["operationId"]);
  const label = id === undefined ? name : `${id} (${name})`;
  const unsupported = (reason: string): UnsupportedOperation => ({ method, path, reason });

  const parameters = parametersOf(item, ref);
  if (typeof parameters === "string") return unsupported(parameters);
  const authentication = readAuthentication(ref.root, ref);
  if (typeof authentication === "string") return unsupported(authentication);
  const requestBody = step(ref, "requestBody");
  const request = requestBody && follow(requestBody);
  if (requestBody && !request) return unsupported(`its body ${missingReference(requestBody)}`);
  const body = request && mediaTypesOf(request);
  if (body && !body.some(({ kind }) => kind === "json")) {
    return unsupported(`its body is ${body.map((each) => each.name).join(" or ") || "of no type"}`);
  }
  const success = successOf(ref);
  if (!success) return unsupported("it declares no successful response");
  return {
    method,
    path,
    label,
    ref,
    parameters,
    authentication,
    body: body && { isRequired: request?.node["required"] === true, mediaTypes: body },
    successStatus: success.status,
    mediaTypes: mediaTypesOf(success.ref),
  };
}

const missingReference = ({ node }: NodeRef): string =>
  `${String(node["$ref"])} is not in the description`;

/** The parameters of an operation, and of its path item unless it overrides them. */
function parametersOf(item: NodeRef, operation: NodeRef): readonly Parameter[] | string {
  const byKey = new Map<string, NodeRef>();
  for (const reference of [...items(item, "parameters"), ...items(operation, "parameters")]) {
    const ref = follow(reference);
    if (!ref) return `its parameter ${missingReference(reference)}`;
    byKey.set(`${String(ref.node["in"])} ${String(ref.node["name"])}`, ref);
  }
  const parameters: Parameter[] = [];
  for (const ref of byKey.values()) {
    // OpenAPI, "Parameter Object": header parameters with these names are ignored.
    const ignored = /^header (?:accept|content-type|authorization)$/i;
    if (ignored.test(`${String(ref.node["in"])} ${String(ref.node["name"])}`)) continue;
    const parameter = readParameter(ref);
    if (typeof parameter === "string") return parameter;
    parameters.push(parameter);
  }
  return parameters;
}

/** The first successful response that is declared. */
function successOf(operation: NodeRef): { status: number; ref: NodeRef } | undefined {
  const responses = children(step(operation, "responses"));
  const [status, reference] =
    responses.find(([key]) => /^2\d\d$/.test(key)) ??
    responses.find(([key]) => /^2XX$/i.test(key)) ??
    responses.find(([key]) => key === "default") ??
    [];
  const ref = reference && follow(reference);
  if (status === undefined || !ref) return undefined;
  return { status: /^\d+$/.test(status) ? Number(status) : 200, ref };
}

/** The declared response for a status, if there is one. */
export function declaredResponse(operation: Operation, status: number): NodeRef | undefined {
  const responses = step(operation.ref, "responses");
  const keys = [String(status), `${String(status)[0]}XX`, `${String(status)[0]}xx`, "default"];
  const reference = keys.flatMap((key) => (responses && step(responses, key)) ?? [])[0];
  return reference && follow(reference);
}

const order = ["json", "json-lines", "other"];

export function mediaTypesOf(holder: NodeRef): readonly MediaType[] {
  const mediaTypes = children(step(holder, "content")).map(([name, ref]): MediaType => ({
    name,
    kind: kindOf(name),
    ref,
    schema: step(ref, "schema"),
  }));
  return mediaTypes.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

function kindOf(name: string): MediaType["kind"] {
  if (/^application\/(?:x-)?(?:ndjson|jsonl|jsonlines|json-lines|json-seq) *(?:;|$)/i.test(name)) {
    return "json-lines";
  }
  return isJsonType(name) || name === "*/*" || name === "application/*" ? "json" : "other";
}

/** A path template without a trailing slash. */
export function withoutSlash(path: string): string {
  return path.replace(/\/$/, "");
}

/** The names in a path template, in order. */
export function pathNames(path: string): readonly string[] {
  return [...path.matchAll(/\{([^}]+)\}/g)].map(([, name = ""]) => name);
}

/** The JSON media type of an operation's success. */
export function jsonOf({ mediaTypes }: Operation): MediaType | undefined {
  return mediaTypes.find(({ kind }) => kind === "json");
}

export const hasNoSchema = ({ schema }: MediaType): boolean =>
  schema === undefined || Object.keys(schema.node).length === 0;

export const isSupported = (operation: Operation | UnsupportedOperation): operation is Operation =>
  !("reason" in operation);

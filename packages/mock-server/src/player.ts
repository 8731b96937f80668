import { jsonResponse, type PreparedResponse } from "./response.ts";
import { isNode, type Node } from "./document.ts";
import { propertiesOf } from "./job-facts.ts";
import {
  declaredResponse,
  jsonOf,
  mediaTypesOf,
  type MediaType,
  type Operation,
} from "./operation.ts";
import {
  missingError,
  createParameterReader,
  toRequestErrors,
  type RawParameters,
  type RequestError,
} from "./parameters.ts";
import { sampleMediaType } from "./sample.ts";
import { once } from "./once.ts";
import { DescriptionError, type Check, type Schemas } from "./schemas.ts";
import { toValidationErrors } from "./validation-errors.ts";

type Headers = Readonly<Record<string, string>>;

/** Plays one operation: reads its requests and creates its responses, as described. */
export interface Player {
  readonly operation: Operation;
  /** Returns the parameters by name, or the response that refuses the request. */
  readonly read: (
    raw: RawParameters,
    body: string,
  ) => Promise<
    { readonly values: ReadonlyMap<string, unknown> } | { readonly refusal: PreparedResponse }
  >;
  readonly refuse: (
    status: number,
    detail: unknown,
    headers?: Headers,
  ) => Promise<PreparedResponse>;
  /** A success with this JSON, or a 500 that says why the description does not allow it. */
  readonly succeed: (body: unknown) => PreparedResponse;
  /** A success with a sample. `accept` is the request's header. */
  readonly sample: (accept?: string) => Promise<PreparedResponse>;
  /** A sample of the success's JSON, if there is one. */
  readonly sampleObject: () => Promise<Node>;
  /** The names of the properties of the success's JSON. */
  readonly properties: () => ReadonlySet<string>;
}

export function createPlayer(operation: Operation, schemas: Schemas): Player {
  const { parameters, authentication, label, mediaTypes, successStatus } = operation;
  const keys = authentication.flat().map(({ name }) => name);
  const readParameters = once(() => createParameterReader(parameters, schemas, keys));
  const json = jsonOf(operation);
  const checkSuccess = once(() => checkOf(json));
  const samples = new Map<MediaType, Promise<unknown>>();

  function checkOf(mediaType: MediaType | undefined): Check {
    return mediaType?.schema ? schemas.response(mediaType.schema) : () => [];
  }

  function sampleOf(mediaType: MediaType): Promise<unknown> {
    const cached = samples.get(mediaType);
    if (cached) return cached;
    const value = sampleMediaType(mediaType, schemas).then((sample) => {
      if ("value" in sample) return sample.value;
      throw new DescriptionError(
        `no example of its ${mediaType.name} is valid by its schema (${listErrors(sample.errors)}); add one that is`,
      );
    });
    samples.set(mediaType, value);
    return value;
  }

  const refuse: Player["refuse"] = async (status, detail, headers = {}) => {
    const body = { detail };
    const response = declaredResponse(operation, status);
    const declared = response && mediaTypesOf(response).find(({ kind }) => kind === "json");
    const isAccepted = !declared || checkOf(declared)(body).length === 0;
    const value = isAccepted ? body : await sampleOf(declared);
    return jsonResponse(status, value, { ...contentType(declared), ...headers });
  };

  const succeed: Player["succeed"] = (body) => {
    const errors = checkSuccess()(body);
    if (errors.length === 0) return jsonResponse(successStatus, body, contentType(json));
    return jsonResponse(500, {
      detail: `${label}: the description does not allow this ${successStatus}: ${listErrors(errors)}`,
    });
  };

  return {
    operation,
    refuse,
    succeed,

    async read(raw, text) {
      const { values, errors } = readParameters()(raw);
      const body = readBody(operation, raw.headers["content-type"], text, schemas);
      if (body === "unsupported") {
        const wanted = operation.body?.mediaTypes.map(({ name }) => name).join(" or ");
        return { refusal: await refuse(415, `The body must be ${wanted}`) };
      }
      const all = [...errors, ...body];
      if (all.length === 0) return { values };
      return { refusal: await refuse(422, toValidationErrors(all)) };
    },

    async sample(accept = "") {
      const [mediaType = mediaTypes[0]] = accept
        .split(",")
        .filter((range) => weightOf(range) > 0)
        .toSorted((left, right) => weightOf(right) - weightOf(left))
        .flatMap((range) => mediaTypes.find(({ name }) => isInRange(name, range)) ?? []);
      if (!mediaType) return { status: successStatus, headers: {}, body: "" };
      const { kind, name } = mediaType;
      const value = await sampleOf(mediaType);
      if (kind === "json") return jsonResponse(successStatus, value, contentType(mediaType));
      if (kind === "json-lines") {
        const lines = [value].flat().map((line) => `${JSON.stringify(line)}\n`);
        return { status: successStatus, headers: contentType(mediaType), body: lines.join("") };
      }
      if (typeof value === "string") {
        return { status: successStatus, headers: contentType(mediaType), body: value };
      }
      throw new DescriptionError(`its response is ${name}`);
    },

    async sampleObject() {
      const value = json && (await sampleOf(json));
      return isNode(value) ? value : {};
    },

    properties: once(() => new Set(json?.schema ? propertiesOf(json.schema).keys() : [])),
  };
}

function listErrors(errors: ReturnType<Check>): string {
  return errors.map(({ instancePath, message }) => `${instancePath} ${message}`.trim()).join("; ");
}

function contentType(mediaType: MediaType | undefined): Headers {
  const name = mediaType?.name ?? "application/json";
  if (!name.includes("*")) return { "Content-Type": name };
  const { kind } = mediaType ?? {};
  const type = name.startsWith("text/") ? "text/plain" : "application/octet-stream";
  return { "Content-Type": kind === "json" ? "application/json" : type };
}

/** Validates a body, if its media type is one that the operation accepts as JSON. */
function readBody(
  { body }: Operation,
  contentTypeSent = "",
  text: string,
  schemas: Schemas,
): readonly RequestError[] | "unsupported" {
  if (!body) return [];
  if (text === "") return body.isRequired ? [missingError(["body"])] : [];
  const mediaType = body.mediaTypes.find(
    ({ kind, name }) => kind === "json" && isInRange(contentTypeSent, name),
  );
  if (!mediaType) return "unsupported";
  try {
    const value: unknown = JSON.parse(text);
    return mediaType.schema
      ? toRequestErrors(["body"], schemas.request(mediaType.schema)(value))
      : [];
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return [{ loc: ["body"], keyword: "json_invalid", message: "is not JSON" }];
  }
}

/** RFC 9110 §12.4.2: the weight of a media range; 0 refuses it. */
function weightOf(range: string): number {
  return Number(/;\s*q=([\d.]+)/i.exec(range)?.[1] ?? 1);
}

/** RFC 9110 §12.5.1: `*` stands for anything. Parameters are ignored. */
function isInRange(type: string, range: string): boolean {
  const [group, name] = partsOf(range);
  const [typeGroup, typeName] = partsOf(type);
  return (group === "*" || group === typeGroup) && (name === "*" || name === typeName);
}

function partsOf(mediaType: string): readonly string[] {
  return mediaType.toLowerCase().replace(/;.*/s, "").trim().split("/");
}

import {
  follow,
  items,
  rootOf,
  step,
  type NodeRef,
} from "../../packages/mock-server/src/document.ts";
import { createMockApi } from "../../packages/mock-server/src/mock-api.ts";
import { repair } from "../../packages/mock-server/src/repair.ts";
import { examplesOf, sampleSchema } from "../../packages/mock-server/src/sample.ts";
import {
  createSchemas,
  DescriptionError,
  type Schemas,
} from "../../packages/mock-server/src/schemas.ts";
import { startServer } from "../../packages/mock-server/src/server.ts";
import { bindOperation, createSession, invoke } from "../../packages/runtime/src/index.ts";
import type { Operation as ClientOperation } from "../../packages/runtime/src/types.ts";
import type { Json, JsonObject } from "../description/tree.ts";
import { factsOf, type Operation } from "../emit/facts.ts";
import { clientFacts, methodNameOf } from "../emit/operations.ts";
import {
  inputParameters,
  sentMediaType,
  supportedAuthentication,
  usableServers,
  whyUnsupported,
} from "../emit/unsupported.ts";

export interface ExampleCall {
  /** The name of the method. */
  readonly method: string;
  /** Its input, with the required properties only. */
  readonly input: JsonObject;
  /** The options that the client needs for the call, apart from its server. */
  readonly options: JsonObject;
  /** Whether the description names a server that the client can use. */
  readonly hasServer: boolean;
  /** Whether the mock server responds with a success. */
  readonly isValid: boolean;
}

/**
 * Finds the valid call that needs the least input. If there is none, returns an invalid one. Undefined if a
 * client has no operation.
 */
export async function findExampleCall(description: JsonObject): Promise<ExampleCall | undefined> {
  const operations = factsOf(description)
    .filter((operation) => whyUnsupported(operation) === undefined)
    .toSorted((left, right) => effortOf(left) - effortOf(right));
  // The mock server needs one.
  if (operations.length === 0) return undefined;
  await using server = await startServer(createMockApi(description));
  const schemas = createSchemas(description);
  let simplest: ExampleCall | undefined;
  for (const operation of operations) {
    const method = methodNameOf(operation);
    if (method === undefined) continue;
    const { facts } = operation;
    const hasServer = usableServers(facts).length > 0;
    const values = await argumentsOf(operation, description, schemas);
    const isValid = await succeeds(operation, values, server.url);
    const call = { method, ...values, hasServer, isValid };
    if (isValid) return call;
    simplest ??= call;
  }
  return simplest;
}

/** Prefers reading to writing, an operation without a body, and JSON to a stream. */
function effortOf({ method, facts }: Operation): number {
  const { body, responses } = facts;
  const required = Object.values(inputParameters(facts)).filter((parameter) => parameter.required);
  const isJson = Object.values(responses)
    .flat()
    .some((mediaType) => mediaType.includes("json"));
  return (
    (method === "get" ? 0 : 100) + (body?.required ? 10 : 0) + (isJson ? 0 : 10) + required.length
  );
}

type Values = Pick<ExampleCall, "input" | "options">;

async function argumentsOf(
  { method, path, facts }: Operation,
  description: JsonObject,
  schemas: Schemas,
): Promise<Values> {
  const at = step(rootOf(description), "paths", path, method) ?? rootOf({});
  const described = items(at, "parameters").map(follow);
  const input: Record<string, Json> = {};
  const options: Record<string, Json> = {};
  const [schemes = []] = supportedAuthentication(facts);
  if (schemes.length > 0) {
    options["credentials"] = Object.fromEntries(schemes.map(({ scheme }) => [scheme, "a-token"]));
  }
  for (const [key, parameter] of Object.entries(inputParameters(facts))) {
    const { in: location, name, required, content, clientOption } = parameter;
    if (!required) continue;
    const ref = described.find(
      (each) => each?.node["in"] === location && each.node["name"] === name,
    );
    const holder = ref && content !== undefined ? step(ref, "content", content) : ref;
    (clientOption ? options : input)[key] = await valueOf(holder, schemas);
  }
  if (facts.body?.required) {
    const mediaType = sentMediaType(facts) ?? "";
    input["body"] = await valueOf(step(at, "requestBody", "content", mediaType), schemas);
  }
  return { input, options };
}

/** A value for a parameter or a media type: a valid one, if one can be found. */
async function valueOf(holder: NodeRef | undefined, schemas: Schemas): Promise<Json> {
  const schema = holder && step(holder, "schema");
  const candidates = holder ? [...examplesOf(holder)] : [];
  if (!schema) return (candidates[0] ?? "string") as Json;
  try {
    for (const skipNonRequired of [true, false]) {
      candidates.push(sampleSchema(schema, skipNonRequired, "skipReadOnly"));
    }
    const repaired = await repair(candidates, schemas.request(schema));
    if ("value" in repaired) return repaired.value as Json;
  } catch (error) {
    if (!(error instanceof DescriptionError)) throw error;
  }
  return (candidates[0] ?? null) as Json;
}

/** Whether a call of an operation of the mock server succeeds. */
async function succeeds(
  operation: Operation,
  { input, options }: Values,
  baseUrl: string,
): Promise<boolean> {
  try {
    const session = createSession({ ...options, baseUrl, maxRetries: 0 });
    await invoke(session, bindOperation(clientFacts(operation) as ClientOperation, input));
    return true;
  } catch {
    return false;
  }
}

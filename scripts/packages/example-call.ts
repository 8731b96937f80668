import { sample } from "openapi-sampler";
import { isObject, listOf, objectOf, type Json, type JsonObject } from "../description/tree.ts";
import { factsOf, type Operation } from "../emit/facts.ts";
import { nameOf } from "../emit/operations.ts";
import {
  inputParameters,
  sentMediaType,
  supportedAuthentication,
  usableServers,
  whyUnsupported,
} from "../emit/unsupported.ts";

/** An example call of an operation that is valid by its description. */
export interface ExampleCall {
  /** The name of the method. */
  readonly method: string;
  /** Its input, with the required properties only. */
  readonly input: JsonObject;
  /** The options that the client needs for the call, apart from its server. */
  readonly options: JsonObject;
  /** Whether the description names a server that the client can use. */
  readonly hasServer: boolean;
}

/** Creates a call of the operation that needs the least input; undefined if a client has no operation. */
export function findExampleCall(description: JsonObject): ExampleCall | undefined {
  const [call] = factsOf(description)
    .filter((operation) => whyUnsupported(operation) === undefined)
    .toSorted((left, right) => effortOf(left) - effortOf(right))
    .flatMap((operation) => {
      const method = nameOf(operation);
      return method === undefined
        ? []
        : [
            {
              method,
              input: inputOf(operation, description),
              options: optionsOf(operation),
              hasServer: usableServers(operation.facts).length > 0,
            },
          ];
    });
  return call;
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

function inputOf({ facts, source }: Operation, description: JsonObject): JsonObject {
  const input: Record<string, Json> = {};
  for (const [name, parameter] of Object.entries(inputParameters(facts))) {
    if (!parameter.required || parameter.clientOption) continue;
    const described = listOf(source["parameters"])
      .filter(isObject)
      .find(
        (candidate) => candidate["name"] === parameter.name && candidate["in"] === parameter.in,
      );
    input[name] = valueOf(described ?? {}, description);
  }
  if (facts.body?.required) {
    const mediaType = sentMediaType(facts) ?? "";
    const { content } = objectOf(source["requestBody"]);
    input["body"] = valueOf(objectOf(objectOf(content)[mediaType]), description);
  }
  return input;
}

/** Returns a value for a parameter or a media type. */
function valueOf(described: JsonObject, description: JsonObject): Json {
  if (described["example"] !== undefined) return described["example"];
  const [content] = Object.values(objectOf(described["content"]));
  const schema = described["schema"] ?? objectOf(content)["schema"];
  const options = {
    skipNonRequired: true,
    skipReadOnly: true,
    enablePatterns: true,
    quiet: true,
  };
  return sample(objectOf(schema), options, description) as Json;
}

function optionsOf(operation: Operation): JsonObject {
  const [schemes = []] = supportedAuthentication(operation.facts);
  const credentials = Object.fromEntries(schemes.map(({ scheme }) => [scheme, "a-token"]));
  const parameters = Object.entries(inputParameters(operation.facts))
    .filter(([, { required, clientOption }]) => required && clientOption)
    .map(([name]) => [name, "example"]);
  return {
    ...(schemes.length > 0 && { credentials }),
    ...Object.fromEntries(parameters),
  };
}

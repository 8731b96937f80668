import { count } from "../command/count.js";
import { CommandError, type Problem } from "../command/problem.js";
import { isIdentifier, operationName } from "../description/operation-name.ts";
import { isObject, listOf, toPointer, type JsonObject } from "../description/tree.ts";
import { escapeTags } from "./escape-tags.ts";
import { factsOf, type Facts, type Operation } from "./facts.ts";
import {
  inputParameters,
  sentMediaType,
  supportedAuthentication,
  usableServers,
  whyUnsupported,
} from "./unsupported.ts";

/** The text of `operations.ts`, and a notice for each operation that a client will not have. */
interface EmittedOperations {
  readonly text: string;
  readonly notices: readonly string[];
}

/**
 * Writes the facts of each named operation as an export, so that bundlers can drop the operations that a
 * program does not use.
 *
 * @throws CommandError if two operations would have the same name, or a name cannot be exported.
 */
export function emitOperations(file: string, effective: JsonObject): EmittedOperations {
  const all = factsOf(effective);
  const supported = all.filter((operation) => whyUnsupported(operation) === undefined);
  const notices = [
    ...noticeOfUnnamed(all),
    ...countNotices(all, noticeOfServers),
    ...countNotices(supported, noticeOfBody),
    ...countNotices(supported, noticeOfCredentials),
  ];
  const exports = nameAll(file, all).map(([name, operation]) => {
    const { method, path, facts } = operation;
    const unsupported = whyUnsupported(operation);
    if (unsupported !== undefined) {
      notices.push(`${name} (${method.toUpperCase()} ${path}) is not supported: ${unsupported}`);
    } else if (facts.redirects !== undefined) {
      notices.push(
        `${name} (${method.toUpperCase()} ${path}) may respond with ${facts.redirects.join(" or ")} instead of a success: redirects are not followed, so the call then fails`,
      );
    }
    const constant =
      unsupported === undefined
        ? { ...clientFacts(operation), parameters: withDocumentation(operation) }
        : { method, path, unsupported };
    const literal = printDocumentation(JSON.stringify(constant, undefined, 2));
    return `${documentation(operation.source)}export const ${name} = ${literal} as const;`;
  });
  // A file without exports would not be a module.
  const text = exports.length === 0 ? "export {};" : exports.join("\n\n");
  return { text: `${text}\n`, notices };
}

/** The facts of a supported operation, as far as a client uses them. */
export function clientFacts({ method, path, facts }: Operation): object {
  return {
    method,
    path,
    ...facts,
    parameters: inputParameters(facts),
    ...(facts.body && { body: { ...facts.body, mediaTypes: [sentMediaType(facts)] } }),
    servers: usableServers(facts),
    authentication: supportedAuthentication(facts),
  };
}

function noticeOfUnnamed(operations: readonly Operation[]): string[] {
  const unnamed = operations.filter((operation) => methodNameOf(operation) === undefined);
  const [first] = unnamed;
  if (first === undefined) return [];
  return [
    `${count(unnamed.length, "operation")} without an operationId cannot have a method in a client; the first is ${first.method.toUpperCase()} ${first.path}. Give each an x-client-name with an overlay action`,
  ];
}

/** Returns a notice for each text, with the number of its operations. */
function countNotices(
  operations: readonly Operation[],
  textOf: (facts: Facts) => string | undefined,
): string[] {
  const byText = new Map<string, Operation[]>();
  for (const operation of operations) {
    const text = textOf(operation.facts);
    if (text !== undefined) byText.set(text, [...(byText.get(text) ?? []), operation]);
  }
  return [...byText].map(
    ([text, [first, ...more]]) =>
      `${count(more.length + 1, "operation")} ${text}; the first is ${first?.method.toUpperCase()} ${first?.path}`,
  );
}

/** Says that no server is one that a client can use as it is. */
function noticeOfServers(facts: Facts): string | undefined {
  if (usableServers(facts).length > 0) return undefined;
  // OpenAPI 3.1 §4.8.1.1: without servers, the URL is /.
  const urls = facts.servers.join(", ") || "/";
  return `can use no server URL (${urls}), so a client needs a baseUrl`;
}

/** Says which media types a client does not send. */
function noticeOfBody(facts: Facts): string | undefined {
  const sent = sentMediaType(facts);
  const others = facts.body?.mediaTypes.filter((mediaType) => mediaType !== sent) ?? [];
  if (others.length === 0) return undefined;
  return `can send a body only as ${sent}, and not as ${others.join(" or ")}`;
}

/** Says which parameters a client has as credentials only. */
function noticeOfCredentials(facts: Facts): string | undefined {
  const inputs = Object.values(inputParameters(facts));
  const others = Object.values(facts.parameters).filter((parameter) => !inputs.includes(parameter));
  if (others.length === 0) return undefined;
  return `can take ${others.map(({ name }) => name).join(" and ")} only as a credential, and not as a parameter`;
}

/** The name of an operation in a client; undefined if the description provides none. */
export function methodNameOf({ id, method, path, source }: Operation): string | undefined {
  const { "x-client-name": clientName } = source;
  if (clientName !== undefined) return String(clientName);
  return id === undefined ? undefined : operationName(id, method, path);
}

function nameAll(file: string, operations: readonly Operation[]): [string, Operation][] {
  const byName = new Map<string, Operation>();
  const problems: Problem[] = [];
  for (const operation of operations) {
    const { method, path } = operation;
    const name = methodNameOf(operation);
    if (name === undefined) continue;
    const place = toPointer(["paths", path, method]);
    const other = byName.get(name);
    if (!isIdentifier(name)) {
      problems.push({
        file,
        place,
        fault: `Its x-client-name ${JSON.stringify(name)} cannot be the name of a method`,
        remedy: "Use a JavaScript identifier that is not reserved, such as getThing",
      });
    } else if (other !== undefined) {
      problems.push({
        file,
        place,
        fault: `Its method would be named ${name}, like the method of ${toPointer(["paths", other.path, other.method])}`,
        remedy: "Give one of the two an x-client-name with an overlay action",
      });
    } else byName.set(name, operation);
    problems.push(...checkParameterNames(file, place, operation));
  }
  if (problems.length > 0) throw new CommandError(problems);
  return [...byName];
}

/** Finds parameters that do not have their `x-client-name`, because it is taken. */
function checkParameterNames(file: string, place: string, { source, facts }: Operation): Problem[] {
  const parameters = new Map(Object.entries(facts.parameters));
  return listOf(source["parameters"])
    .filter(isObject)
    .flatMap((described) => {
      const { in: location, name, "x-client-name": clientName } = described;
      if (clientName === undefined) return [];
      const other = parameters.get(String(clientName));
      if (other?.in === location && other?.name === name) return [];
      const why = other === undefined ? "which is reserved" : `like its parameter ${other.name}`;
      return [
        {
          file,
          place,
          fault: `Its parameter ${String(name)} would be named ${String(clientName)}, ${why}`,
          remedy: "Give it another x-client-name with an overlay action",
        },
      ];
    });
}

/** The parameters of an operation, each with its TSDoc comment as its first field, under the name `//`. */
function withDocumentation({ source, facts }: Operation): object {
  const described = listOf(source["parameters"]).filter(isObject);
  const parameters = Object.entries(inputParameters(facts)).map(([name, parameter]) => {
    const { in: location, name: wireName } = parameter;
    const found = described.find((each) => each["in"] === location && each["name"] === wireName);
    return [name, { "//": documentation({ ...found, summary: null }), ...parameter }];
  });
  return Object.fromEntries(parameters);
}

/** Turns the field `//` of each parameter into a comment above it. A text within JSON has no line breaks. */
function printDocumentation(json: string): string {
  return json.replace(
    /^( {4}"(?:[^"\\]|\\.)*": \{\n) {6}"\/\/": (".*"),\n/gmu,
    (_, start: string, text: string) => {
      const comment: string = JSON.parse(text);
      return comment.replace(/^(?=.)/gmu, "    ") + start;
    },
  );
}

/** Formats texts of the description as a TSDoc comment, which an editor shows. */
function documentation({ summary, description, deprecated }: JsonObject): string {
  const texts = [summary, description].filter((text) => typeof text === "string");
  const paragraphs = [...new Set(texts.map((text) => text.trim()))].filter((text) => text !== "");
  const blocks = [...paragraphs.map(escapeTags), ...(deprecated === true ? ["@deprecated"] : [])];
  if (blocks.length === 0) return "";
  const lines = blocks
    .join("\n\n")
    .replaceAll("*/", "*\\/")
    .replace(/[^\P{Cc}\t\r\n]/gu, " ")
    .split(/\r\n?|[\n\u2028\u2029]/u);
  return `/**\n${lines.map((line) => ` * ${line}`.trimEnd()).join("\n")}\n */\n`;
}

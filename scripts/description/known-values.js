/**
 * The lint rule that the values which `x-extensible-enum` lists are all that the description knows.
 * JavaScript, because the house rules are.
 *
 * @import { Oas3Rule } from "@redocly/openapi-core"
 */

import { hasWord, namedValues, valuesMentioned } from "./named-values.js";
import { isStateWord } from "./state-words.js";

/** @typedef {Record<string, any>} Node */

/**
 * What a schema says of its values, by itself, by what it refers to, and by its parts.
 *
 * @typedef {object} Saying
 * @property {string} prose
 * @property {readonly unknown[] | undefined} values of an `enum`, of constants, or of a pattern of words
 * @property {readonly string[]} names that the vendor's own extensions give to values
 * @property {readonly Node[]} limits the schemas of which each value has to meet all
 */

/** @type {(schema: Node | undefined, context: any, seen?: Set<unknown>) => Saying} */
export function sayingOf(schema, context, seen = new Set()) {
  if (typeof schema !== "object" || schema === null || seen.has(schema))
    return { prose: "", values: undefined, names: [], limits: [] };
  seen.add(schema);
  const { $ref, title = "", description = "", allOf, anyOf, oneOf } = schema;
  /** @type {(list: unknown) => Saying[]} */
  const all = (list) =>
    (Array.isArray(list) ? list : []).map((part) => sayingOf(part, context, seen));
  const whole = [
    ...all(typeof $ref === "string" ? [context.resolve({ $ref }).node] : []),
    ...all(allOf),
  ];
  const sayings = [...whole, ...all(anyOf), ...all(oneOf)];
  const texts = vendorsTexts(schema);
  const values = [valuesOf(schema), ...sayings.map((saying) => saying.values)].flatMap(
    (some) => some ?? [],
  );
  return {
    prose: [
      title,
      description,
      ...texts.filter((text) => !isName(text)),
      ...sayings.map(({ prose }) => prose),
    ].join("\n"),
    values: values.length > 0 ? values : undefined,
    names: [...texts.filter(isName), ...sayings.flatMap(({ names }) => names)],
    limits: [schema, ...whole.flatMap(({ limits }) => limits)],
  };
}

/** @type {(schema: Node) => readonly unknown[] | undefined} */
function valuesOf({ enum: listed, const: constant, pattern }) {
  if (Array.isArray(listed)) return listed;
  if (constant !== undefined) return [constant];
  const words = /^\^(?:\((?:\?:)?([\w|-]+)\)|([\w-]+))\$$/u.exec(String(pattern ?? ""));
  return (words?.[1] ?? words?.[2])?.split("|");
}

/** The extensions that this pipeline reads. */
const ours = new Set(["x-extensible-enum", "x-final-states"]);

/**
 * What the vendor's own extensions say of values, as `x-enum-varnames`, `x-enumNames`,
 * `x-enum-descriptions` and `x-ms-enum` do: names of values, or sentences about them.
 *
 * @type {(schema: Node) => string[]}
 */
function vendorsTexts(schema) {
  return Object.entries(schema)
    .filter(([key]) => /^x-.*(?:enum|value|state)/iu.test(key) && !ours.has(key))
    .flatMap(([, value]) => textsIn(value));
}

/** @type {(value: unknown) => string[]} */
function textsIn(value) {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== "object" || value === null) return [];
  /** @type {Node} */
  const { values, value: own, name = own } = value;
  if (typeof values === "object") return textsIn(values);
  return typeof name === "string" ? [String(own ?? name)] : Object.keys(value);
}

/** @type {(text: string) => boolean} */
function isName(text) {
  return !/\s/u.test(text);
}

/**
 * The properties of a schema's values with `x-extensible-enum`, however deep, and what it lists.
 *
 * @type {(schema: Node | undefined, context: any, found?: Map<string, string[]>, seen?: Set<unknown>) => Map<string, string[]>}
 */
function openProperties(schema, context, found = new Map(), seen = new Set()) {
  if (typeof schema !== "object" || schema === null || seen.has(schema)) return found;
  seen.add(schema);
  const { $ref, allOf, anyOf, oneOf, items, properties } = schema;
  const target = typeof $ref === "string" ? context.resolve({ $ref }).node : undefined;
  for (const part of [target, items, ...[allOf, anyOf, oneOf].flatMap((list) => list ?? [])]) {
    openProperties(part, context, found, seen);
  }
  for (const [name, known] of openAmong(properties, context)) {
    found.set(name, [...(found.get(name) ?? []), ...known]);
  }
  for (const property of Object.values(properties ?? {})) {
    openProperties(property, context, found, seen);
  }
  return found;
}

/** @type {(operation: Node, context: any) => Map<string, string[]>} */
function openInAnswers(operation, context) {
  /** @type {Map<string, string[]>} */
  const open = new Map();
  for (const response of Object.values(operation["responses"])) {
    for (const media of Object.values(resolved(response, context)["content"] ?? {})) {
      openProperties(media?.schema, context, open);
    }
  }
  return open;
}

/** @type {(properties: Node | undefined, context: any) => Map<string, string[]>} */
function openAmong(properties, context) {
  const all = Object.entries(properties ?? {}).map(([name, property]) => {
    const { "x-extensible-enum": own } = property ?? {};
    const known = own ?? resolved(property, context)?.["x-extensible-enum"];
    return /** @type {const} */ ([name, known]);
  });
  return new Map(all.filter(([, known]) => Array.isArray(known)));
}

/**
 * The values of properties of these names in data, however deep, that are not among those known.
 *
 * @type {(data: unknown, open: ReadonlyMap<string, readonly string[]>) => Generator<[name: string, value: string]>}
 */
function* unknownIn(data, open) {
  if (typeof data === "string" && /^\s*[[{]/u.test(data)) yield* unknownIn(parsed(data), open);
  if (typeof data !== "object" || data === null) return;
  for (const [name, value] of Object.entries(data)) {
    const known = open.get(name);
    if (known && typeof value === "string" && !known.includes(value)) yield [name, value];
    yield* unknownIn(value, open);
  }
}

/** @type {(text: string) => unknown} */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The values that `x-extensible-enum` lists are all that the description knows: those that prose,
 * an `enum` or an example names, so that a value that the vendor adds anywhere is noticed.
 *
 * @type {Oas3Rule}
 */
export const proseNamesKnownValues = () => {
  // Most descriptions have none, and large ones are not to be searched in vain.
  let isUsed = false;
  /** @type {Pick<Scope, "names" | "told">} */
  let shared = { names: new Set(), told: new Set() };
  /** @type {Pick<Scope, "open" | "about">} */
  let far = { open: new Map() };
  return {
    Root(root, context) {
      isUsed = JSON.stringify(root).includes('"x-extensible-enum"');
      if (!isUsed) return;
      shared = { names: namesIn(root), told: new Set() };
      far = farScope(root.components?.schemas ?? {}, context);
      for (const key of ["info", "tags", "externalDocs", "servers"]) {
        const scope = { ...shared, ...far, context, seen: new Set() };
        inspect(/** @type {Node} */ (root)[key], context.location.child(key), scope);
      }
    },
    Schema(node, context) {
      if (!isUsed) return;
      /** @type {Node} */
      const schema = node ?? {};
      const { location } = context;
      const open = openAmong(schema["properties"], context);
      if (open.size > 0) inspect(schema, location, { ...shared, open, context, seen: new Set() });
      for (const [one, at] of withReferring(schema, location)) {
        reportUnlisted(one, at, context, shared.names);
      }
    },
    PathItem(item, context) {
      if (!isUsed) return;
      const { location } = context;
      const whole = new Map();
      const operations = Object.entries(item).filter(([, one]) => one?.responses);
      for (const [method, operation] of operations) {
        const open = openInAnswers(operation, context);
        for (const [name, known] of open) whole.set(name, known);
        const scope = open.size > 0 ? { open, isFollowing: true } : far;
        inspect(operation, location.child(method), {
          ...shared,
          context,
          seen: new Set(),
          ...scope,
        });
      }
      const seen = new Set(operations.map(([, operation]) => operation));
      const scope = whole.size > 0 ? { open: whole } : far;
      inspect(item, location, { ...shared, context, seen, ...scope });
    },
  };
};

/**
 * What a part of a description is compared with.
 *
 * @typedef {object} Scope
 * @property {ReadonlyMap<string, readonly string[]>} open the values that are known, by properties
 * @property {any} context
 * @property {ReadonlySet<string>} names that mean something else
 * @property {Set<string>} told what was reported already
 * @property {Set<unknown>} seen
 * @property {boolean} [isFollowing] whether what is referred to belongs to it
 * @property {RegExp} [about] words of the sentences that count, where others are about something else
 */

/**
 * All properties that are open, for texts that may be about anything: what they say counts where they
 * name what has the property, such as a job for the schema ExportJobResponse.
 *
 * @type {(schemas: Node, context: any) => Pick<Scope, "open" | "about">}
 */
function farScope(schemas, context) {
  const open = new Map();
  const words = Object.entries(schemas).flatMap(([name, schema]) => {
    const own = openAmong(schema?.properties, context);
    for (const [property, known] of own)
      open.set(property, [...(open.get(property) ?? []), ...known]);
    return own.size > 0 ? (name.match(/\p{Lu}?\p{Ll}{2,}|\p{Lu}{3,}/gu) ?? []) : [];
  });
  const subjects = words.filter((word) => !general.test(word));
  return {
    open: subjects.length > 0 ? open : new Map(),
    about: new RegExp(String.raw`\b(?:${subjects.join("|")})s?\b`, "iu"),
  };
}

/** Words in the names of schemas that say nothing of what they are about. */
const general =
  /^(?:response|request|model|dto|schema|object|data|result|read|info|details?|base|public|status|state|type|item|list|the|and|out)$/iu;

/**
 * Names of fields, parameters and operations, which texts set apart, too.
 *
 * @type {(node: unknown, names?: Set<string>, keysAreNames?: boolean) => Set<string>}
 */
function namesIn(node, names = new Set(), keysAreNames = false) {
  if (typeof node !== "object" || node === null) return names;
  for (const [key, value] of Object.entries(node)) {
    if (keysAreNames) names.add(key);
    if (/^(?:name|operationId)$/u.test(key) && typeof value === "string") names.add(value);
    namesIn(value, names, /^(?:properties|schemas|headers|securitySchemes)$/u.test(key));
  }
  return names;
}

const texts = ["summary", "title", "description"];
const nameMaps =
  /^(?:responses|headers|content|examples|links|callbacks|properties|patternProperties|dependentSchemas|\$defs|definitions|encoding|variables)$/u;
const data = /^(?:x-.*|example|default|const|enum|value)$/u;

/**
 * Reports what a part of a description says of the values of open properties, less what these say
 * themselves.
 *
 * @type {(node: unknown, location: any, scope: Scope, keysAreNames?: boolean) => void}
 */
function inspect(node, location, scope, keysAreNames = false) {
  if (typeof node !== "object" || node === null || scope.seen.has(node)) return;
  scope.seen.add(node);
  /** @type {Node} */
  const { $ref, ...object } = node;
  const { context, isFollowing } = scope;
  if (isFollowing && typeof $ref === "string") {
    const target = context.resolve({ $ref });
    inspect(target.node, target.location, scope);
  }
  if (!keysAreNames) {
    for (const key of texts) reportText(object[key], location.child(key), scope);
    if (scope.about === undefined) reportData(object, location, scope);
    // What an open property says itself is compared in full.
    for (const name of openAmong(object["properties"], context).keys()) {
      const property = object["properties"][name];
      scope.seen.add(property).add(resolved(property, context));
    }
  }
  for (const [key, child] of Object.entries(object)) {
    if (keysAreNames || !data.test(key)) {
      inspect(child, location.child(key), scope, !keysAreNames && nameMaps.test(key));
    }
  }
}

/** @type {(text: unknown, location: any, scope: Scope) => void} */
function reportText(text, location, scope) {
  if (typeof text !== "string") return;
  const about = scope.about === undefined ? text : sentencesOf(text, scope.about);
  for (const [name, known] of scope.open) {
    for (const value of valuesMentioned(about, known, name, scope.about === undefined)) {
      if (scope.names.has(value) && !isStateWord(value)) continue;
      const message = `The prose names \`${value}\` among the values of ${name}`;
      reportOnce(value, known, message, location, scope);
    }
  }
}

/** The sentences of a text in which a word is. @type {(text: string, word: RegExp) => string} */
function sentencesOf(text, word) {
  const sentences = text.split(/(?<=[.!?]|\n)\s/u);
  return sentences.filter((sentence) => word.test(sentence)).join("\n");
}

/** @type {(node: Node, location: any, scope: Scope) => void} */
function reportData(node, location, scope) {
  const { open, context } = scope;
  for (const example of examplesOf(node, context)) {
    // That of a parameter or header is of what it is called.
    for (const [name, value] of unknownIn([{ [node["name"]]: example }, example], open)) {
      const message = `An example has the ${name} \`${value}\``;
      reportOnce(value, open.get(name) ?? [], message, location, scope);
    }
  }
  const { values = [], names } = sayingOf(
    { ...node, $ref: undefined, allOf: undefined, anyOf: undefined, oneOf: undefined },
    context,
  );
  const all = [...values, ...names].filter((value) => typeof value === "string");
  for (const [name, known] of open) {
    if (all.filter((value) => known.includes(value)).length < Math.min(2, known.length)) continue;
    for (const value of all) {
      reportOnce(
        value,
        known,
        `A list has \`${value}\` among the values of ${name}`,
        location,
        scope,
      );
    }
  }
}

/** @type {(value: string, known: readonly string[], message: string, location: any, scope: Scope) => void} */
function reportOnce(value, known, message, location, { context, told }) {
  const key = `${location.absolutePointer} ${value}`;
  if (known.includes(value) || told.has(key)) return;
  told.add(key);
  context.report({ message: `${message}, which x-extensible-enum does not list`, location });
}

/**
 * A schema, and those of its properties that say something beside a reference: Redocly visits what
 * they refer to instead.
 *
 * @type {(schema: Node, location: any) => [Node, any][]}
 */
export function withReferring(schema, location) {
  // It may be malformed: other rules say so.
  if (typeof schema !== "object" || schema === null) return [];
  const properties = Object.entries(schema["properties"] ?? {});
  return [
    [schema, location],
    ...properties
      .filter(([, property]) => property?.$ref !== undefined)
      .map(
        ([name, property]) =>
          /** @type {[Node, any]} */ ([property, location.child(["properties", name])]),
      ),
  ];
}

/** @type {(schema: Node, location: any, context: any, others: ReadonlySet<string>) => void} */
function reportUnlisted(schema, location, context, others) {
  const known = schema["x-extensible-enum"];
  if (!Array.isArray(known)) return;
  const { prose, values, names, limits } = sayingOf(schema, context);
  const at = location.child("x-extensible-enum");
  /** @type {(message: string, where?: any) => void} */
  const report = (message, where = at) => context.report({ message, location: where });
  for (const value of new Set(known.filter((name, index) => known.indexOf(name) < index))) {
    report(`x-extensible-enum lists the value \`${value}\` twice`);
  }
  const property = String(context.key);
  for (const value of new Set([
    ...namedValues(prose, known),
    ...valuesMentioned(prose, known, property),
  ])) {
    if (known.includes(value) || (others.has(value) && !isStateWord(value))) continue;
    report(
      `The description names the value \`${value}\`, which x-extensible-enum does not list`,
      location.child("description"),
    );
  }
  for (const value of (values ?? []).filter((name) => name !== null && !known.includes(name))) {
    report(
      `The values that the schema allows have \`${value}\`, which x-extensible-enum does not list`,
    );
  }
  const plain = new Set(known.map(withoutNotation));
  if (names.some((name) => plain.has(withoutNotation(name)))) {
    for (const name of names.filter((one) => !plain.has(withoutNotation(one)))) {
      report(`The vendor names the value \`${name}\`, which x-extensible-enum does not list`);
    }
  }
  for (const value of known) {
    if (limits.some((limit) => refuses(limit, value))) {
      report(`x-extensible-enum lists the value \`${value}\`, which the schema does not allow`);
    }
    if (values === undefined ? hasWord(prose, value) : values.includes(value)) continue;
    report(
      `x-extensible-enum lists the value \`${value}\`, which ${values === undefined ? "the description does not name" : "the schema does not allow"}`,
    );
  }
  for (const value of examplesOf(schema, context)) {
    if (typeof value !== "string" || known.includes(value)) continue;
    report(`An example is \`${value}\`, which x-extensible-enum does not list`, location);
  }
}

/** Names of values are written in other ways, too: `TimedOut`, `TIMED_OUT`. @type {(name: unknown) => string} */
function withoutNotation(name) {
  return String(name)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
}

const formatsOfNoWord =
  /^(?:uuid|date|time|date-time|duration|uri|iri|email|idn-email|ipv4|ipv6|json-pointer)$/u;

/** @type {(schema: Node, value: unknown) => boolean} */
function refuses({ format, pattern, minLength = 0, maxLength = Number.POSITIVE_INFINITY }, value) {
  if (typeof value !== "string") return false;
  if (formatsOfNoWord.test(String(format))) return true;
  if (typeof pattern === "string" && valuesOf({ pattern }) === undefined) {
    if (!new RegExp(pattern, "u").test(value)) return true;
  }
  return value.length < minLength || value.length > maxLength;
}

/** @type {(node: Node, context: any) => Node} */
function resolved(node, context) {
  return (typeof node?.["$ref"] === "string" ? context.resolve(node).node : node) ?? {};
}

/** @type {(node: Node, context: any) => unknown[]} */
function examplesOf({ example, examples, default: fallback }, context) {
  const all = Array.isArray(examples)
    ? examples
    : Object.values(examples ?? {}).map((one) => resolved(one, context).value);
  return [example, fallback, ...all].filter((value) => value !== undefined);
}

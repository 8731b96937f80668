/**
 * The lint rule that `x-extensible-enum` lists every value that the description mentions. It is JavaScript,
 * because the house rules are.
 *
 * @import { Location, Oas3Rule, UserContext } from "@redocly/openapi-core"
 * @import { Node } from "./value-claims.js"
 */

import { hasWord, namedValues, valuesMentioned } from "./named-values.js";
import { isStateWord } from "./state-words.js";
import {
  allows,
  isName,
  directPartsOf,
  resolved,
  restOfProperty,
  valueClaimsOf,
  valuesOf,
  vendorTexts,
} from "./value-claims.js";

/**
 * The properties with `x-extensible-enum` at any depth of a schema's values, and the values that they list.
 *
 * @type {(schema: Node | undefined, context: UserContext, found: Map<string, string[]>, seen?: Set<unknown>) => Map<string, string[]>}
 */
function openProperties(schema, context, found, seen = new Set()) {
  if (typeof schema !== "object" || schema === null || seen.has(schema)) return found;
  seen.add(schema);
  const { items, additionalProperties, properties } = schema;
  for (const part of [items, additionalProperties, ...directPartsOf(schema, context)]) {
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

/** @type {(operation: Node, context: UserContext) => Map<string, string[]>} */
function openInResponses(operation, context) {
  /** @type {Map<string, string[]>} */
  const open = new Map();
  for (const response of Object.values(operation["responses"])) {
    for (const media of Object.values(resolved(response, context)["content"] ?? {})) {
      openProperties(media?.schema, context, open);
    }
  }
  return open;
}

/** @type {(properties: Node | undefined, context: UserContext) => Map<string, string[]>} */
function openAmong(properties, context) {
  const all = Object.entries(properties ?? {}).map(([name, property]) => {
    const { "x-extensible-enum": own } = property ?? {};
    const known = own ?? resolved(property, context)?.["x-extensible-enum"];
    return /** @type {const} */ ([name, known]);
  });
  return new Map(all.filter(([, known]) => Array.isArray(known)));
}

/**
 * Finds unlisted values of the properties with these names, at any depth of the data.
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
 * `x-extensible-enum` lists every value that the description mentions in prose, an `enum` or an example. So
 * a value that the vendor adds anywhere is noticed.
 *
 * @type {Oas3Rule}
 */
export const proseNamesKnownValues = () => {
  // Most descriptions do not use the extension, and searching large ones is expensive.
  let isUsed = false;
  /** @type {Pick<Scope, "names" | "reported">} */
  let shared = { names: new Set(), reported: new Set() };
  /** @type {Pick<Scope, "open" | "about">} */
  let globalTexts = { open: new Map() };
  /** @type {(...names: unknown[]) => Pick<Scope, "open" | "about" | "isFollowing">} */
  const scopeOf = (...names) =>
    mentions(globalTexts, names) ? { open: globalTexts.open, isFollowing: true } : globalTexts;
  return {
    Root(root, context) {
      isUsed = JSON.stringify(root).includes('"x-extensible-enum"');
      if (!isUsed) return;
      shared = { names: namesIn(root), reported: new Set() };
      const schemas = root.components?.schemas ?? {};
      globalTexts = globalScope(schemas, context);
      for (const key of ["info", "tags", "externalDocs", "servers"]) {
        const scope = { ...shared, ...globalTexts, context, seen: new Set() };
        inspect(/** @type {Node} */ (root)[key], context.location.child(key), scope);
      }
      for (const [name, schema] of Object.entries(schemas)) {
        const scope = { ...shared, ...scopeOf(name), context, seen: new Set() };
        inspect(schema, context.location.child(["components", "schemas", name]), scope);
      }
    },
    Schema(node, context) {
      if (!isUsed) return;
      /** @type {Node} */
      const schema = node ?? {};
      const { location } = context;
      const open = openAmong(schema["properties"], context);
      if (open.size > 0) inspect(schema, location, { ...shared, open, context, seen: new Set() });
      for (const [subschema, at] of withReferencingProperties(schema, location)) {
        reportUnlisted(subschema, at, context, shared.names);
      }
    },
    PathItem(item, context) {
      if (!isUsed) return;
      const { location } = context;
      const whole = new Map();
      const operations = Object.entries(item).filter(([, operation]) => operation?.responses);
      for (const [method, operation] of operations) {
        const open = openInResponses(operation, context);
        for (const [name, known] of open) whole.set(name, known);
        const scope =
          open.size > 0
            ? { open, isFollowing: true }
            : scopeOf(context.key, operation.operationId, operation.summary);
        inspect(operation, location.child(method), {
          ...shared,
          context,
          seen: new Set(),
          ...scope,
        });
      }
      const seen = new Set(operations.map(([, operation]) => operation));
      const scope = whole.size > 0 ? { open: whole } : globalTexts;
      inspect(item, location, { ...shared, context, seen, ...scope });
    },
  };
};

/**
 * The context in which a part of a description is checked.
 *
 * @typedef {object} Scope
 * @property {ReadonlyMap<string, readonly string[]>} open the listed values, by property name
 * @property {UserContext} context
 * @property {ReadonlySet<string>} names that have another meaning
 * @property {Set<string>} reported the keys of values that have been reported
 * @property {Set<unknown>} seen
 * @property {boolean} [isFollowing] whether to follow references
 * @property {RegExp} [about] matches the sentences to check; without it, all sentences are checked, and lists
 *   and examples
 */

/**
 * All open properties, for texts that may be about anything. A sentence only counts if it mentions the
 * owner of such a property, such as a job for the schema ExportJobResponse.
 *
 * @type {(schemas: Node, context: UserContext) => Pick<Scope, "open" | "about">}
 */
function globalScope(schemas, context) {
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

/**
 * Whether the names of a part of the description mention the owner of an open property.
 *
 * @type {(scope: Pick<Scope, "open" | "about">, names: readonly unknown[]) => boolean}
 */
function mentions({ open, about }, names) {
  const words = names.join(" ").replace(/(?<=\p{Ll})(?=\p{Lu})|[\W_]/gu, " ");
  return open.size > 0 && about?.test(words) === true;
}

/** Words in the names of schemas that do not describe their subject. */
const general =
  /^(?:response|request|model|dto|schema|object|data|result|read|info|details?|base|public|status|state|type|item|list|the|and|out)$/iu;

/**
 * The names of fields, parameters and operations, which prose also sets in backticks or quotes.
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
 * Reports unlisted values of open properties in a part of a description. It leaves out the open properties
 * themselves.
 *
 * @type {(node: unknown, location: Location, scope: Scope, keysAreNames?: boolean) => void}
 */
function inspect(node, location, scope, keysAreNames = false) {
  if (typeof node !== "object" || node === null || scope.seen.has(node)) return;
  scope.seen.add(node);
  /** @type {Node} */
  const { $ref, ...object } = node;
  const { context, isFollowing, open } = scope;
  const field = location.pointer.split("/").at(-1);
  const values = valuesOf(object) ?? [];
  /** @type {unknown[]} */
  const known = [...open].flat(2);
  // A list belongs to another field if it shares neither its name nor a value with an open property.
  if (values.length > 1 && ![field, ...values].some((each) => known.includes(each))) return;
  if (isFollowing && typeof $ref === "string") {
    const target = context.resolve({ $ref });
    if (target.location) inspect(target.node, target.location, scope);
  }
  const fields = Object.keys(object["properties"] ?? {});
  const ids = fields.filter((name) => /id$/iu.test(name));
  // With a field such as job_id next to its status, an object is about the job.
  if (fields.some((name) => open.has(name)) && mentions(scope, ids)) {
    const { about: _, ...rest } = scope;
    scope = rest;
  }
  if (!keysAreNames) {
    for (const key of texts) reportText(object[key], location.child(key), scope);
    if (scope.about === undefined) reportData(object, location, scope);
    reportRest(node, location, scope);
    // `reportUnlisted` checks the open properties themselves, more strictly.
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

/** @type {(text: unknown, location: Location, scope: Scope) => void} */
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

/** The sentences of a text that contain a word. @type {(text: string, word: RegExp) => string} */
function sentencesOf(text, word) {
  const sentences = text.split(/(?<=[.!?]|\n)\s/u);
  return sentences.filter((sentence) => word.test(sentence)).join("\n");
}

/** @type {(node: Node, location: Location, scope: Scope) => void} */
function reportData(node, location, scope) {
  const { open, context } = scope;
  for (const example of examplesOf(node, context)) {
    // The example of a parameter or header is a value of the property with its name.
    for (const [name, value] of unknownIn([{ [node["name"]]: example }, example], open)) {
      const message = `An example has the ${name} \`${value}\``;
      reportOnce(value, open.get(name) ?? [], message, location, scope);
    }
  }
  const all = [...(valuesOf(node) ?? []), ...vendorTexts(node).filter(isName)].filter(
    (value) => typeof value === "string",
  );
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

/** @type {(value: unknown, known: readonly unknown[], message: string, location: Location, scope: Scope) => void} */
function reportOnce(value, known, message, location, scope) {
  if (known.includes(value)) return;
  reportFirst(value, `${message}, which x-extensible-enum does not list`, location, scope);
}

/** @type {(value: unknown, message: string, location: Location, scope: Scope) => void} */
function reportFirst(value, message, location, { context, reported }) {
  const key = `${location.absolutePointer} ${value}`;
  if (reported.has(key)) return;
  reported.add(key);
  context.report({ message, location });
}

/**
 * Reports what the parts and conditions of an object's schema say about its open properties.
 *
 * @type {(schema: Node, location: Location, scope: Scope) => void}
 */
function reportRest(schema, location, scope) {
  const { context } = scope;
  for (const [name, known] of openInParts(schema, context)) {
    const rest = restOfProperty(schema, name, context);
    const { values = [], conditional } = valueClaimsOf(rest, context);
    for (const value of [...values, ...conditional].filter((item) => item !== null)) {
      const message = `The schema has \`${value}\` among the values of ${name}`;
      reportOnce(value, known, message, location, scope);
    }
    for (const value of known.filter((item) => !allows(rest, item, context))) {
      const message = `x-extensible-enum lists the ${name} \`${value}\`, which the schema does not allow`;
      reportFirst(value, message, location, scope);
    }
  }
}

/**
 * The open properties that each object of a schema has. An alternative is a separate schema: others may
 * have the same name for something else.
 *
 * @type {(schema: Node, context: UserContext, seen?: Set<unknown>) => Map<string, readonly string[]>}
 */
function openInParts(schema, context, seen = new Set()) {
  if (seen.has(schema)) return new Map();
  seen.add(schema);
  const { $ref, allOf, properties } = schema;
  return new Map([
    ...openAmong(properties, context),
    ...directPartsOf({ $ref, allOf }, context).flatMap((part) => [
      ...openInParts(part, context, seen),
    ]),
  ]);
}

/**
 * A schema, and the properties of it that have keywords next to a reference. Redocly does not visit
 * these: it visits the target of the reference instead.
 *
 * @type {(schema: Node, location: Location) => [Node, Location][]}
 */
export function withReferencingProperties(schema, location) {
  // The schema may be malformed, which other rules report.
  if (typeof schema !== "object" || schema === null) return [];
  const properties = Object.entries(schema["properties"] ?? {});
  return [
    [schema, location],
    ...properties
      .filter(([, property]) => property?.$ref !== undefined)
      .map(
        ([name, property]) =>
          /** @type {[Node, Location]} */ ([property, location.child(["properties", name])]),
      ),
  ];
}

/** @type {(schema: Node, location: Location, context: UserContext, others: ReadonlySet<string>) => void} */
function reportUnlisted(schema, location, context, others) {
  const known = schema["x-extensible-enum"];
  if (!Array.isArray(known)) return;
  const { prose, values, conditional, names } = valueClaimsOf(schema, context);
  const at = location.child("x-extensible-enum");
  /** @type {(message: string, where?: Location) => void} */
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
  for (const value of new Set([...(values ?? []), ...conditional])) {
    if (value === null || known.includes(value)) continue;
    report(`The schema has the value \`${value}\`, which x-extensible-enum does not list`);
  }
  const plain = new Set(known.map(withoutNotation));
  if (names.some((name) => plain.has(withoutNotation(name)))) {
    for (const name of names.filter((candidate) => !plain.has(withoutNotation(candidate)))) {
      report(`The vendor names the value \`${name}\`, which x-extensible-enum does not list`);
    }
  }
  for (const value of known) {
    if ((values ?? [value]).includes(value) && allows(schema, value, context)) {
      if (values !== undefined || hasWord(prose, value)) continue;
      report(`x-extensible-enum lists the value \`${value}\`, which the description does not name`);
    } else {
      report(`x-extensible-enum lists the value \`${value}\`, which the schema does not allow`);
    }
  }
  for (const value of examplesOf(schema, context)) {
    if (typeof value !== "string" || known.includes(value)) continue;
    report(`An example is \`${value}\`, which x-extensible-enum does not list`, location);
  }
}

/** Ignores notation: `TimedOut` and `TIMED_OUT` are the same value. @type {(name: unknown) => string} */
function withoutNotation(name) {
  return String(name)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
}

/** @type {(node: Node, context: UserContext) => unknown[]} */
function examplesOf({ example, examples, default: fallback }, context) {
  const all = Array.isArray(examples)
    ? examples
    : Object.values(examples ?? {}).map((item) => resolved(item, context).value);
  return [example, fallback, ...all].filter((value) => value !== undefined);
}

/**
 * The lint rules that Redocly does not have, as a plugin for `redocly.yaml`. JavaScript, because
 * Redocly CLI loads it as it is.
 *
 * @import { Oas3Rule, Plugin } from "@redocly/openapi-core"
 */

import { hasWord, namedValues } from "./named-values.js";

/**
 * Every operation asks for an authentication, by itself or through the description. Redocly's
 * `security-defined` is content with `security: []` at the root, which asks for none.
 *
 * @type {Oas3Rule}
 */
const operationAuthentication = () => {
  /** @type {readonly object[]} */
  let inherited = [];
  return {
    Root(root) {
      inherited = root.security ?? [];
    },
    Operation({ operationId, security = inherited }, { report, location }) {
      if (!security.some((requirement) => Object.keys(requirement).length > 0)) {
        report({
          message: `The operation \`${operationId}\` asks for no authentication`,
          location: location.key(),
        });
      }
    },
  };
};

/** @typedef {Record<string, any>} Node */

/**
 * What a schema says of its values, by itself, by what it refers to, and by its parts.
 *
 * @typedef {object} Saying
 * @property {string} prose
 * @property {readonly unknown[] | undefined} values of an `enum`, or of constants
 */

/** @type {(schema: Node | undefined, context: any, seen?: Set<unknown>) => Saying} */
function sayingOf(schema, context, seen = new Set()) {
  if (typeof schema !== "object" || schema === null || seen.has(schema))
    return { prose: "", values: undefined };
  seen.add(schema);
  const { $ref, description = "", enum: listed, const: constant, allOf, anyOf, oneOf } = schema;
  const parts = [allOf, anyOf, oneOf].flatMap((list) => (Array.isArray(list) ? list : []));
  const target = typeof $ref === "string" ? [context.resolve({ $ref }).node] : [];
  const sayings = [...target, ...parts].map((part) => sayingOf(part, context, seen));
  const own = Array.isArray(listed) ? listed : constant === undefined ? undefined : [constant];
  const values = [own, ...sayings.map((saying) => saying.values)].flatMap((all) => all ?? []);
  return {
    prose: [description, ...sayings.map(({ prose }) => prose)].join("\n"),
    values: values.length > 0 ? values : undefined,
  };
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
  if (typeof data !== "object" || data === null) return;
  for (const [name, value] of Object.entries(data)) {
    const known = open.get(name);
    if (known && typeof value === "string" && !known.includes(value)) yield [name, value];
    yield* unknownIn(value, open);
  }
}

/**
 * The values that `x-extensible-enum` lists are all that the description knows: those that prose,
 * an `enum` or an example names, so that a value that the vendor adds anywhere is noticed.
 *
 * @type {Oas3Rule}
 */
const proseNamesKnownValues = () => {
  // Most descriptions have none, and large ones are not to be searched in vain.
  let isUsed = false;
  return {
    Root(root) {
      isUsed = JSON.stringify(root).includes('"x-extensible-enum"');
    },
    Schema(node, context) {
      if (!isUsed) return;
      /** @type {Node} */
      const schema = node ?? {};
      const { location } = context;
      const open = openAmong(schema["properties"], context);
      reportUnnamed(schema["description"], open, context);
      reportExamples(schema, open, context);

      for (const [one, at] of withReferring(schema, location)) reportUnlisted(one, at, context);
    },
    Operation(operation, context) {
      if (!isUsed) return;
      const responses = Object.values(operation.responses ?? {}).map((response) =>
        resolved(response, context),
      );
      const contents = responses.flatMap(({ content }) => Object.values(content ?? {}));
      /** @type {Map<string, string[]>} */
      const open = new Map();
      for (const { schema } of contents) openProperties(schema, context, open);
      for (const { summary, description } of [operation, ...responses]) {
        reportUnnamed([summary, description].join("\n"), open, context);
      }
      for (const media of contents)
        reportExamples(media, openProperties(media.schema, context), context);
    },
  };
};

/**
 * A schema, and those of its properties that say something beside a reference: Redocly visits what
 * they refer to instead.
 *
 * @type {(schema: Node, location: any) => [Node, any][]}
 */
function withReferring(schema, location) {
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

/** @type {(schema: Node, location: any, context: any) => void} */
function reportUnlisted(schema, location, context) {
  const known = schema["x-extensible-enum"];
  if (!Array.isArray(known)) return;
  const { report } = context;
  const { prose, values } = sayingOf(schema, context);
  const at = location.child("x-extensible-enum");
  for (const value of new Set(known.filter((name, index) => known.indexOf(name) < index))) {
    report({ message: `x-extensible-enum lists the value \`${value}\` twice`, location: at });
  }
  for (const value of namedValues(prose, known).filter((name) => !known.includes(name))) {
    report({
      message: `The description names the value \`${value}\`, which x-extensible-enum does not list`,
      location: location.child("description"),
    });
  }
  for (const value of (values ?? []).filter((name) => name !== null && !known.includes(name))) {
    report({
      message: `The values that the schema allows have \`${value}\`, which x-extensible-enum does not list`,
      location: at,
    });
  }
  for (const value of known) {
    if (values === undefined ? hasWord(prose, value) : values.includes(value)) continue;
    report({
      message: `x-extensible-enum lists the value \`${value}\`, which ${values === undefined ? "the description does not name" : "the schema does not allow"}`,
      location: at,
    });
  }
  for (const value of examplesOf(schema)) {
    if (typeof value !== "string" || known.includes(value)) continue;
    report({
      message: `An example is \`${value}\`, which x-extensible-enum does not list`,
      location,
    });
  }
}

/** @type {(node: Node, context: any) => Node} */
function resolved(node, context) {
  return (typeof node?.["$ref"] === "string" ? context.resolve(node).node : node) ?? {};
}

/** @type {(node: Node) => unknown[]} */
function examplesOf({ example, examples, default: fallback }) {
  const all = Array.isArray(examples)
    ? examples
    : Object.values(examples ?? {}).map((one) => one?.value);
  return [example, fallback, ...all].filter((value) => value !== undefined);
}

/** @type {(node: Node, open: ReadonlyMap<string, readonly string[]>, context: any) => void} */
function reportExamples(node, open, { report, location }) {
  for (const [name, value] of examplesOf(node).flatMap((data) => [...unknownIn(data, open)])) {
    report({
      message: `An example has the ${name} \`${value}\`, which x-extensible-enum does not list`,
      location,
    });
  }
}

/** @type {(prose: unknown, open: ReadonlyMap<string, readonly string[]>, context: any) => void} */
function reportUnnamed(prose, open, { report, location }) {
  if (typeof prose !== "string") return;
  for (const [name, known] of open) {
    for (const value of namedValues(prose, known, false).filter((one) => !known.includes(one))) {
      report({
        message: `The prose names \`${value}\` among the values of ${name}, which x-extensible-enum does not list`,
        location: location.child("description"),
      });
    }
  }
}

/**
 * No name could be taken for code, for the end of a string or a comment, or for another name. What
 * is generated is proved inert in any case; this stops the name where it stands.
 *
 * @type {Oas3Rule}
 */
const inertNames = () => {
  const suspicious = /["'`]|\$\{|\*\/|[\p{Cc}\p{Bidi_Control}\u2028\u2029]|^__proto__$/u;
  /** @type {(name: unknown, context: any, location: any) => void} */
  const check = (name, { report }, location) => {
    // Names of media types: they are ranges (RFC 9110 §12.5.1), and end up in strings alone.
    if (name === "*/*") return;
    if (typeof name === "string" && suspicious.test(name)) {
      report({
        message: `The name ${JSON.stringify(name)} holds a quote, a backtick, \`\${\`, \`*/\`, a line break or another control character`,
        location,
      });
    }
  };
  return {
    any: {
      enter(node, context) {
        if (typeof node !== "object" || node === null || Array.isArray(node)) return;
        for (const key of Object.keys(node)) check(key, context, context.location.child(key).key());
        for (const field of ["name", "operationId", "propertyName"]) {
          check(node[field], context, context.location.child(field));
        }
      },
    },
  };
};

/**
 * What the pipeline's own extensions say makes sense: names are names, and final states are among
 * the states and have an outcome that is known.
 *
 * @type {Oas3Rule}
 */
const extensions = () => ({
  Operation: nameIsIdentifier,
  Parameter: nameIsIdentifier,
  Schema(node, context) {
    for (const [schema, location] of withReferring(node, context.location)) {
      reportFinalStates(schema, location, context);
    }
  },
});

/** @type {(schema: Node, location: any, context: any) => void} */
function reportFinalStates(schema, location, context) {
  const { report } = context;
  const final = schema["x-final-states"];
  if (final === undefined) return;
  const at = location.child("x-final-states");
  if (typeof final !== "object" || final === null || Array.isArray(final)) {
    report({ message: "x-final-states has to map states to outcomes", location: at });
    return;
  }
  const listed = schema["x-extensible-enum"] ?? sayingOf(schema, context).values;
  const states = Array.isArray(listed) ? listed : [];
  for (const [state, outcome] of Object.entries(final)) {
    if (!states.includes(state)) {
      report({
        message: `x-final-states has the state \`${state}\`, which neither x-extensible-enum nor enum lists`,
        location: at,
      });
    }
    if (outcome !== "succeeded" && outcome !== "failed") {
      report({
        message: `x-final-states has the outcome ${JSON.stringify(outcome)}, which is neither succeeded nor failed`,
        location: at,
      });
    }
  }
}

/** @type {(node: Record<string, any>, context: any) => void} */
function nameIsIdentifier({ "x-client-name": name }, { report, location }) {
  if (name === undefined || /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(String(name))) return;
  report({
    message: `x-client-name is ${JSON.stringify(name)}, which is no JavaScript identifier`,
    location: location.child("x-client-name"),
  });
}

/** @returns {Plugin} */
export default function house() {
  return {
    id: "house",
    rules: {
      oas3: {
        "operation-authentication": operationAuthentication,
        "prose-names-known-values": proseNamesKnownValues,
        "inert-names": inertNames,
        extensions,
      },
    },
    configs: {
      all: {
        rules: {
          "house/operation-authentication": "error",
          "house/prose-names-known-values": "error",
          "house/inert-names": "error",
          "house/extensions": "error",
        },
      },
    },
  };
}

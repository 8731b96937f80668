/**
 * The lint rules that Redocly does not have, as a plugin for `redocly.yaml`. JavaScript, because
 * Redocly CLI loads it as it is.
 *
 * @import { Oas3Rule, Plugin } from "@redocly/openapi-core"
 * @import { Node } from "./known-values.js"
 */

import { sayingOf, proseNamesKnownValues, withReferring } from "./known-values.js";

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

/**
 * A default is one of the values that its schema lists: a client sends it where it is given nothing.
 *
 * @type {Oas3Rule}
 */
const defaultIsListed = () => ({
  Schema(node, context) {
    for (const [schema, location] of withReferring(node, context.location)) {
      const { default: fallback } = schema;
      if (fallback === undefined || typeof fallback === "object") continue;
      const { values } = sayingOf(schema, context);
      if (values === undefined || values.includes(fallback)) continue;
      context.report({
        message: `The default ${JSON.stringify(fallback)} is none of the values that are listed`,
        location: location.child("default"),
      });
    }
  },
});

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
        "default-is-listed": defaultIsListed,
      },
    },
    configs: {
      all: {
        rules: {
          "house/operation-authentication": "error",
          "house/prose-names-known-values": "error",
          "house/inert-names": "error",
          "house/extensions": "error",
          "house/default-is-listed": "error",
        },
      },
    },
  };
}

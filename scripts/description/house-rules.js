/**
 * The lint rules that Redocly lacks, as a plugin for `redocly.yaml`. It is JavaScript, because Redocly CLI
 * loads it without a build.
 *
 * @import { Location, Oas3Rule, Plugin, UserContext } from "@redocly/openapi-core"
 * @import { Node } from "./value-claims.js"
 */

import { proseNamesKnownValues, withReferencingProperties } from "./known-values.js";
import { valueClaimsOf } from "./value-claims.js";

/**
 * Every operation that a client calls requires authentication, either its own or the default of the
 * description. Redocly's `security-defined` also accepts `security: []` at the root, which requires none.
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
      // The API calls the others itself.
      const { pointer } = location;
      if (!pointer.startsWith("#/paths/") || pointer.includes("/callbacks/")) return;
      if (!security.some((requirement) => Object.keys(requirement).length > 0)) {
        report({
          message: `The operation \`${operationId}\` requires no authentication`,
          location: location.key(),
        });
      }
    },
  };
};

/**
 * No name may be mistaken for code, for the end of a string or a comment, or for another name. Generated
 * code is always proved inert; this rule reports the name where it is defined.
 *
 * @type {Oas3Rule}
 */
const inertNames = () => {
  const suspicious = /["'`]|\$\{|\*\/|[\p{Cc}\p{Bidi_Control}\u2028\u2029]|^__proto__$/u;
  /** @type {(name: unknown, context: UserContext, location: Location) => void} */
  const check = (name, { report }, location) => {
    // Media type ranges (RFC 9110 §12.5.1) contain `*/`, but generated code only has them in strings.
    if (name === "*/*") return;
    const [found] = (typeof name === "string" && suspicious.exec(name)) || [];
    if (found === undefined) return;
    const shown = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u.test(found)
      ? `U+${found.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`
      : found;
    report({
      message: `The name ${JSON.stringify(name)} contains ${shown}, which could be mistaken for code`,
      location,
    });
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
 * The pipeline's own extensions are valid: names are identifiers, options of a client are sent in a header
 * or query, known values are strings, and final states are listed states with a known outcome.
 *
 * @type {Oas3Rule}
 */
const extensions = () => ({
  Operation: nameIsIdentifier,
  Parameter(parameter, context) {
    nameIsIdentifier(parameter, context);
    reportOption(parameter, context);
  },
  Schema(node, context) {
    for (const [schema, location] of withReferencingProperties(node, context.location)) {
      reportKnownValues(schema, location, context);
      reportFinalStates(schema, location, context);
    }
  },
});

/** @type {(schema: Node, location: Location, context: UserContext) => void} */
function reportKnownValues({ "x-extensible-enum": known }, location, { report }) {
  // Null may be one of them.
  const values = Array.isArray(known) ? known.filter((value) => value !== null) : [];
  const areStrings = values.length > 0 && values.every((value) => typeof value === "string");
  if (known === undefined || areStrings) return;
  const at = location.child("x-extensible-enum");
  report({ message: "x-extensible-enum must list strings", location: at });
}

/** @type {(schema: Node, location: Location, context: UserContext) => void} */
function reportFinalStates(schema, location, context) {
  const { report } = context;
  const final = schema["x-final-states"];
  if (final === undefined) return;
  const at = location.child("x-final-states");
  const isMap = typeof final === "object" && final !== null && !Array.isArray(final);
  if (!isMap || Object.keys(final).length === 0) {
    report({ message: "x-final-states must map states to outcomes", location: at });
    return;
  }
  const listed = schema["x-extensible-enum"] ?? valueClaimsOf(schema, context).values;
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

/** @type {(parameter: Node, context: UserContext) => void} */
function reportOption({ "x-client-option": isOption = false, in: place }, { report, location }) {
  if (isOption === false || (isOption === true && /^(?:header|query)$/u.test(place))) return;
  report({
    message:
      isOption === true
        ? `x-client-option is on a parameter in the ${place}, but only those in a header or query can be options of a client`
        : `x-client-option is ${JSON.stringify(isOption)}, which is neither true nor false`,
    location: location.child("x-client-option"),
  });
}

/** @type {(node: Node, context: UserContext) => void} */
function nameIsIdentifier({ "x-client-name": name }, { report, location }) {
  const isName = typeof name === "string" && /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);
  if (name === undefined || isName) return;
  report({
    message: `x-client-name is ${JSON.stringify(name)}, which is not a JavaScript identifier`,
    location: location.child("x-client-name"),
  });
}

/**
 * A default is one of the listed values: a client sends it if it gets no value.
 *
 * @type {Oas3Rule}
 */
const defaultIsListed = () => ({
  Schema(node, context) {
    for (const [schema, location] of withReferencingProperties(node, context.location)) {
      const { default: fallback } = schema;
      if (fallback === undefined || typeof fallback === "object") continue;
      const { values } = valueClaimsOf(schema, context);
      if (values === undefined || values.includes(fallback)) continue;
      context.report({
        message: `The default ${JSON.stringify(fallback)} is not one of the listed values`,
        location: location.child("default"),
      });
    }
  },
});

/**
 * A default has the type of its schema. YAML reads the text 1.10 as the number 1.1, which a client would send.
 *
 * @type {Oas3Rule}
 */
const defaultHasType = () => ({
  Schema({ type, default: fallback }, { report, location }) {
    if (type === undefined || fallback === undefined || fallback === null) return;
    const types = [type].flat();
    const own = Array.isArray(fallback) ? "array" : typeof fallback;
    if (types.includes(own) || (types.includes("integer") && Number.isInteger(fallback))) return;
    report({
      message: `The default ${JSON.stringify(fallback)} is of the type ${own}, and not ${types.join(" or ")}`,
      location: location.child("default"),
    });
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
        "default-has-type": defaultHasType,
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
          "house/default-has-type": "error",
        },
      },
    },
  };
}

import { isObject, isPlainObject } from "./values.ts";

type Kind = readonly [expected: string, isValid: (value: unknown) => boolean];

const time: Kind = [
  "a number of milliseconds, 0 or more",
  (value) => typeof value === "number" && value >= 0,
];
const interval: Kind = [
  "a number of milliseconds above 0",
  (value) => typeof value === "number" && value > 0,
];
const count: Kind = [
  "an integer, 0 or more",
  (value) => typeof value === "number" && value >= 0 && value === Math.trunc(value),
];
// Not `instanceof`: in a VM, as in Jest, the platform's objects belong to another realm.
const signal: Kind = [
  "an AbortSignal",
  (value) => isObject(value) && typeof value["throwIfAborted"] === "function",
];
const hosts: Kind = [
  "a list of host names as in a URL, such as mock or [::1]",
  (value) => Array.isArray(value) && value.every(isHostName),
];
const flag: Kind = ["true or false", (value) => typeof value === "boolean"];
const callback: Kind = ["a function", (value) => typeof value === "function"];

/** The kinds of values that options take, by name. An option means the same wherever it occurs. */
const kinds: Readonly<Record<string, Kind>> = {
  timeout: time,
  attemptTimeout: interval,
  idleTimeout: interval,
  interval,
  maxRetries: count,
  maxLineLength: count,
  fetch: callback,
  onEvent: callback,
  onProgress: callback,
  onResponse: callback,
  onEnd: callback,
  findHostFault: callback,
  signal,
  insecureHosts: hosts,
  compress: flag,
  overwrite: flag,
};

/** The names of {@link SessionOptions}, which every client has. */
export const sessionOptionNames = [
  "credentials",
  "baseUrl",
  "insecureHosts",
  "fetch",
  "attemptTimeout",
  "idleTimeout",
  "maxRetries",
  "onEvent",
  "userAgent",
] as const;

/** The names of {@link CallOptions}. */
export const callOptionNames = ["timeout", "maxRetries", "signal"] as const;

/**
 * Checks options, or credentials, before they are used. Undefined counts as not set.
 *
 * @param others the names of further options, which a description may give any meaning
 * @throws TypeError that names the option
 */
export function checkOptions(
  options: unknown,
  names: readonly string[],
  others: readonly string[] = [],
  what = "option",
): void {
  if (options === undefined) return;
  const known = [...names, ...others];
  const list = known.join(", ") || "none";
  if (!isPlainObject(options)) throw new TypeError(`the ${what}s must be an object with ${list}`);
  for (const name of known) {
    // Options are copied, which would lose those that are inherited.
    if (!(name in options) || Object.hasOwn(options, name)) continue;
    throw new TypeError(`${what} ${name} must not be inherited`);
  }
  for (const [name, value] of Object.entries(options)) {
    if (!names.includes(name)) {
      if (others.includes(name)) continue;
      throw new TypeError(`unknown ${what} ${name}; the ${what}s are ${list}`);
    }
    const [expected, isValid] = kinds[name] ?? [];
    if (value !== undefined && isValid && !isValid(value)) {
      throw new TypeError(
        `${name} must be ${expected}, but is ${typeof value === "number" ? value : `of type ${typeof value}`}`,
      );
    }
  }
}

/** Whether a name is spelled as a URL spells its host: in lower case, and without a port. */
function isHostName(name: unknown): boolean {
  const url = `http://${String(name)}`;
  return URL.canParse(url) && new URL(url).hostname === name && !url.includes("*");
}

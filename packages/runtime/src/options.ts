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
const callback: Kind = ["a function", (value) => typeof value === "function"];

/** The kinds of values that options take, by name. An option means the same wherever it occurs. */
const kinds = new Map<string, Kind>(
  Object.entries({
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
    signal: ["an AbortSignal", (value) => value instanceof Object && "aborted" in value],
    insecureHosts: ["a list of host names", Array.isArray],
  } satisfies Record<string, Kind>),
);

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
 * Checks options before they are used. Undefined counts as not set.
 *
 * @throws TypeError that names the option
 */
export function checkOptions(options: object = {}, names: readonly string[]): void {
  for (const [name, value] of Object.entries(options)) {
    if (!names.includes(name)) {
      throw new TypeError(`there is no option ${name}; the options are ${names.join(", ")}`);
    }
    const [expected, isValid] = kinds.get(name) ?? [];
    if (value !== undefined && isValid && !isValid(value)) {
      throw new TypeError(
        `${name} must be ${expected}, but is ${typeof value === "number" ? value : typeof value}`,
      );
    }
  }
}

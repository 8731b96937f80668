type Kind = readonly [what: string, is: (value: unknown) => boolean];

const time: Kind = [
  "a number of milliseconds, 0 or more",
  (value) => typeof value === "number" && value >= 0,
];
const interval: Kind = [
  "a number of milliseconds above 0",
  (value) => typeof value === "number" && value > 0,
];
const count: Kind = [
  "a whole number, 0 or more",
  (value) => typeof value === "number" && value >= 0 && value === Math.trunc(value),
];
const call: Kind = ["a function", (value) => typeof value === "function"];

/** What options have to be, by their names: one name means one thing. */
const kinds = new Map<string, Kind>(
  Object.entries({
    timeout: time,
    attemptTimeout: interval,
    idleTimeout: interval,
    interval,
    maxRetries: count,
    maxLineLength: count,
    fetch: call,
    onEvent: call,
    onProgress: call,
    onResponse: call,
    onEnd: call,
    findHostFault: call,
    signal: ["an AbortSignal", (value) => value instanceof Object && "aborted" in value],
    insecureHosts: ["a list of host names", Array.isArray],
  } satisfies Record<string, Kind>),
);

/** The names of what bounds a call. */
export const callOptionNames = ["timeout", "maxRetries", "signal"] as const;

/**
 * Checks options before anything is done with them. One that is undefined was not given.
 *
 * @throws TypeError that names the option
 */
export function checkOptions(options: object = {}, names: readonly string[]): void {
  for (const [name, value] of Object.entries(options)) {
    if (!names.includes(name)) {
      throw new TypeError(`there is no option ${name}; there are ${names.join(", ")}`);
    }
    const [what, is] = kinds.get(name) ?? [];
    if (value !== undefined && is && !is(value)) {
      throw new TypeError(
        `${name} has to be ${what}, and is ${typeof value === "number" ? value : typeof value}`,
      );
    }
  }
}

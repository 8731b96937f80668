// Ends pauses at once, in this process or one that is started with `--import`. Timeouts stay as they are.
const shortestTimeout = 30_000;
const { setTimeout } = globalThis;

/** @type {(callback: (...rest: unknown[]) => void, delay?: number, ...rest: unknown[]) => NodeJS.Timeout} */
const withoutPauses = (callback, delay = 0, ...rest) =>
  setTimeout(callback, delay < shortestTimeout ? 0 : delay, ...rest);

globalThis.setTimeout = Object.assign(withoutPauses, setTimeout);

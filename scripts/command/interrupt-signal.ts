import { signals } from "./session.js";

/** A signal that Ctrl-C aborts, so that a script can end its processes and remove its folders. */
export function interruptSignal(): AbortSignal {
  const interrupt = new AbortController();
  for (const name of signals) {
    process.on(name, () => interrupt.abort(`received ${name}`));
  }
  return interrupt.signal;
}

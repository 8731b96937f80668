// The publishing scripts run before anything is installed, so this is JavaScript without dependencies.

/**
 * The remedy for wrong usage, without a full stop: each way to write the command, in one line.
 *
 * @param {string} usage
 */
export function usageLine(usage) {
  const [synopses = ""] = usage.split("\n\n");
  return `Usage: ${synopses.replace(/\n +(?=p?npm )/gu, ", or ").replace(/\n +/gu, " ")}`;
}

/**
 * What `parseArgs` found, without its advice on arguments that begin with a dash.
 *
 * @param {unknown} error
 */
export function argumentFault(error) {
  const [fault = ""] = (error instanceof Error ? error.message : String(error)).split(
    /\.(?:\s|$)/u,
  );
  return fault;
}

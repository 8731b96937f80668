import { registryEnvironment } from "../command/environment.js";
import { CommandError } from "../command/problem.js";
import { runProgram } from "../command/program.js";

// The publishing scripts run before anything is installed, so this is JavaScript and uses Node's built-in
// modules only.

/** One retry, with half a minute for each attempt. By default, npm waits for minutes. */
export const fetchOptions = [
  "--fetch-retries=1",
  "--fetch-retry-mintimeout=100",
  "--fetch-timeout=30000",
];

/**
 * Whether npm's configured registry already has a version. This asks npm, because it knows the user's
 * registries, proxies and credentials.
 *
 * @param {string} name
 * @param {string} version
 * @param {{ cwd?: string, signal?: AbortSignal }} [options]
 * @returns {Promise<boolean>}
 * @throws CommandError if the registry gives no clear response
 */
export async function isPublished(name, version, options = {}) {
  const { exitCode, stdout } = await runProgram(
    "npm",
    ["view", `${name}@${version}`, "version", "--json", "--prefer-online", ...fetchOptions],
    { ...options, env: registryEnvironment() },
  );
  // Some versions of npm print nothing for a version that does not exist.
  const output = stdout.trim() === "" ? undefined : JSON.parse(stdout);
  if (exitCode === 0) return output !== undefined;
  const { error } = /** @type {{ error?: { code?: string } }} */ (output ?? {});
  if (error?.code === "E404") return false;
  const fault = `It did not report whether it has ${name}@${version}: ${JSON.stringify(error)}`;
  const remedy = "Check that `npm ping` works here; nothing was published";
  throw new CommandError({ file: "npm's registry", fault, remedy }, 2);
}

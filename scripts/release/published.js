import { registryEnvironment } from "../command/environment.js";
import { runProgram } from "../command/program.js";

// What publishes runs before anything is installed, so this is JavaScript on Node's own modules alone.

/** One more try, and half a minute for each; by default npm waits for many. */
const impatience = ["--fetch-retries=1", "--fetch-retry-mintimeout=100", "--fetch-timeout=30000"];

/**
 * Whether the registry that npm is set to has a version already. npm is asked, because it knows the
 * user's registries, proxies and credentials.
 *
 * @param {string} name
 * @param {string} version
 * @param {{ cwd?: string, signal?: AbortSignal }} [options]
 * @returns {Promise<boolean>} rejects if the registry does not say
 */
export async function isPublished(name, version, options = {}) {
  const { exitCode, stdout } = await runProgram(
    "npm",
    ["view", `${name}@${version}`, "version", "--json", "--prefer-online", ...impatience],
    { ...options, env: registryEnvironment() },
  );
  // Some versions of npm print nothing of a version that is not there.
  const answer = stdout.trim() === "" ? undefined : JSON.parse(stdout);
  if (exitCode === 0) return answer !== undefined;
  const { error } = /** @type {{ error?: { code?: string } }} */ (answer ?? {});
  if (error?.code === "E404") return false;
  throw new Error(
    `The registry does not say whether it has ${name}@${version}: ${JSON.stringify(error)}`,
  );
}

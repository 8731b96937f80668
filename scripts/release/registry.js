import { registryEnvironment } from "../command/environment.js";
import { runProgram } from "../command/program.js";
import { End } from "./end.js";

const timeout = 30_000;

/**
 * Whether the registry that npm is set to has a version already. 30 s in all.
 *
 * @param {string} name
 * @param {string} version
 * @returns {Promise<boolean>}
 */
export async function isPublished(name, version) {
  const { stdout } = await runProgram("npm", ["config", "get", "registry"], {
    env: registryEnvironment(),
  });
  const address = new URL(name.replace("/", "%2f"), stdout.trim().replace(/\/*$/u, "/")).href;
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(timeout) });
    if (response.status === 404) return false;
    if (!response.ok) throw new Error(`It answered ${response.status} ${response.statusText}`);
    const { versions } = /** @type {{ versions: Record<string, unknown> }} */ (
      await response.json()
    );
    return Object.hasOwn(versions, version);
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new End(2, `${address}: The registry does not say what it has: ${reason}. Try later.`);
  }
}

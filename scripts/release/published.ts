import { registryEnvironment } from "../command/environment.js";
import { Stop } from "../command/problem.ts";
import { isObject } from "../description/tree.ts";
import { runProgram } from "../command/program.js";

/** One more try, and half a minute for each; by default npm waits for many. */
const impatience = ["--fetch-retries=1", "--fetch-retry-mintimeout=100", "--fetch-timeout=30000"];

/**
 * Stops if a version is on npm's registry, as npm is configured to find it (exit code 1), or if that
 * gives no answer (2). A published version cannot be published again.
 */
export async function checkUnpublished(
  root: string,
  name: string,
  version: string,
  signal: AbortSignal,
): Promise<void> {
  const { exitCode, stdout } = await runProgram(
    "npm",
    ["view", `${name}@${version}`, "version", "--json", "--prefer-online", ...impatience],
    { cwd: root, env: registryEnvironment(), signal },
  );
  const answer: unknown = stdout.trim() === "" ? undefined : JSON.parse(stdout);
  const error = isObject(answer) ? answer["error"] : undefined;
  if (isObject(error) && error["code"] === "E404") return;
  if (exitCode === 0) {
    const fault = `version ${version} of ${name} is already on the registry`;
    throw new Stop({ file: "packages/client/package.json", fault, remedy: "Raise the version" });
  }
  throw new Stop(
    {
      file: "npm's registry",
      fault: `it did not say whether it has ${name}@${version}: ${JSON.stringify(error)}`,
      remedy: "See that `npm ping` works here; nothing was published",
    },
    2,
  );
}

import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { registryEnvironment } from "../command/environment.js";
import { execute } from "../runtimes/execute.ts";
import type { MeasuredProcess } from "./measure.ts";

// The latest versions that run on Node 20.
const packages = [
  "@hey-api/openapi-ts@0.86.11",
  "orval@7.13.2",
  "swagger-typescript-api@13.13.0",
  "typescript@5.9.3",
  // Two releases of GitHub's description.
  "@octokit/openapi@23.0.2",
  "older-openapi@npm:@octokit/openapi@22.0.0",
];

const resolve = createRequire(import.meta.url).resolve;
export const redocly: string = join(dirname(resolve("@redocly/cli/package.json")), "bin/cli.js");
const openapiTypescript = join(dirname(resolve("openapi-typescript/package.json")), "bin/cli.js");

/** Installs the peers, and GitHub's descriptions, into a folder outside the workspace. */
export async function installPeers(folder: string): Promise<void> {
  await writeFile(join(folder, "package.json"), '{ "private": true, "type": "module" }');
  const options = ["--prefix", folder, "--no-save", "--ignore-scripts"];
  await execute("npm", ["install", ...options, ...packages], { env: registryEnvironment() });
}

/** GitHub's description in the newer or the older release. */
export function githubDescription(folder: string, release: "new" | "old"): string {
  const name = release === "new" ? "@octokit/openapi" : "older-openapi";
  return join(folder, "node_modules", name, "generated/api.github.com.json");
}

/** The commands of the peers that generate code from a description. */
export function peerCommands(folder: string, description: string): MeasuredProcess[] {
  const bin = (path: string): string => join(folder, "node_modules", path);
  const commands: Record<string, string[]> = {
    "openapi-typescript": [openapiTypescript, description, "-o", "openapi-typescript.ts"],
    "hey-api": [bin("@hey-api/openapi-ts/bin/run.js"), "-i", description, "-o", "hey-api"],
    orval: [bin("orval/dist/bin/orval.js"), "--input", description, "--output", "orval.ts"],
    "swagger-typescript-api": [
      bin("swagger-typescript-api/dist/cli.mjs"),
      "generate",
      "--path",
      description,
      "--output",
      join(folder, "swagger"),
    ],
    "redocly generate-client": [redocly, "generate-client", description, "-o", "redocly.ts"],
  };
  return Object.entries(commands).map(([name, args]) => ({ name, args, cwd: folder }));
}

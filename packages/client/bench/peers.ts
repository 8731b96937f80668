import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { getExportJobStatus } from "@audit-logs/generated/audit-logs/operations";

/** Creates a function that requests a job through a client that uses this `fetch`. */
export type CreateCall = (
  baseUrl: string,
  fetch: typeof globalThis.fetch,
  token: string,
) => (jobId: string) => Promise<unknown>;

const root = new URL("../../../", import.meta.url);

// The latest versions that run on Node 20.
const packages = ["@hey-api/openapi-ts@0.86.11", "typescript@5.9.3"];

const adapters = `
import { createClient as createHeyApi } from "./hey-api/client/index.ts";
import { getExportJobStatus } from "./hey-api/sdk.gen.ts";
import { createClient as createRedocly, OPERATIONS } from "./redocly.ts";

const headers = { "X-API-Version": "v1" };
const redocly = (options) => (serverUrl, fetch, token) => {
  const client = createRedocly(OPERATIONS, { serverUrl, fetch, auth: { bearer: token }, ...options });
  return (job_id) => client.getExportJobStatus({ path: { job_id }, headers });
};
export const peers = {
  "hey-api": (baseUrl, fetch, token) => {
    const client = createHeyApi({ baseUrl, fetch, auth: token });
    return (job_id) => getExportJobStatus({ client, path: { job_id }, headers, throwOnError: true });
  },
  "redocly generate-client": redocly({}),
  "the same with a timeout and retries": redocly({ timeout: 30_000, retry: { retries: 3 } }),
};
`;

/** Generates clients with other tools from the same description, in a folder outside the workspace. */
export async function makePeers(folder: string): Promise<Readonly<Record<string, CreateCall>>> {
  const run = (file: string, ...parameters: string[]): unknown =>
    execFileSync(file, parameters, { cwd: folder, stdio: "pipe" });

  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  run("npm", "install", "--no-save", "--ignore-scripts", ...packages);
  const description = join(folder, "openapi.json");
  await writeFile(description, await describeForPeers());
  const heyApi = join(folder, "node_modules/@hey-api/openapi-ts/bin/run.js");
  run(process.execPath, heyApi, "-i", description, "-o", "hey-api");
  const { resolve } = createRequire(new URL("package.json", root));
  const redocly = join(dirname(resolve("@redocly/cli/package.json")), "bin/cli.js");
  run(process.execPath, redocly, "generate-client", description, "-o", "redocly.ts");
  const file = join(folder, "adapters.ts");
  await writeFile(file, adapters);
  const module: { readonly peers: Record<string, CreateCall> } = await import(
    pathToFileURL(file).href
  );
  return module.peers;
}

/** The description with the operation named as the adapters call it: the peers derive names from the vendor's. */
async function describeForPeers(): Promise<string> {
  const file = new URL("generated/audit-logs/openapi.json", root);
  const description = JSON.parse(await readFile(file, "utf8"));
  const { method, path } = getExportJobStatus;
  description.paths[path][method].operationId = "getExportJobStatus";
  return JSON.stringify(description);
}

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { listenOnLoopback } from "../command/listen-on-loopback.ts";

/** The vendor's docs, on loopback. */
interface Vendor extends AsyncDisposable {
  /** The variables of the repository, with which the workflow pulls from here. */
  readonly variables: Readonly<Record<string, string>>;
}

const source = "spec/audit-logs/sources/get-export-job-status.md";
const marker = "        created_at:\n";

/** Serves the vendor's page with more properties of a job: YAML by name. */
export async function startVendor(
  root: string,
  properties: Readonly<Record<string, object>>,
): Promise<Vendor> {
  const page = await readFile(join(root, source), "utf8");
  // Each value as JSON, which is YAML too.
  const added = Object.entries(properties).map(
    ([name, schema]) => `        ${JSON.stringify(name)}: ${JSON.stringify(schema)}\n`,
  );
  const changed = page.replace(marker, () => added.join("") + marker);
  if (!page.includes(marker)) throw new Error(`${source}: It has no ${marker.trim()} to add to`);
  const server = createServer((_request, response) => {
    response.setHeader("Content-Type", "text/markdown").end(changed);
  });
  const { origin, ...disposable } = await listenOnLoopback(server);
  const url = `${origin}/get-export-job-status.md`;
  return {
    variables: { SPEC_URLS: `audit-logs=${url}` },
    ...disposable,
  };
}

/** A change that needs nobody: a new optional field. */
export const harmless = { note: { type: "string", description: "A remark." } };

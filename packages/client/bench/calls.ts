import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createAuditLogsClient } from "@audit-logs/client";
import { getExportJobStatus } from "@audit-logs/generated/audit-logs/operations";
import { measure } from "mitata";
import createFetchClient from "openapi-fetch";
import type { paths } from "@audit-logs/generated/audit-logs/schema";
import type { MakeAsk } from "./peers.ts";

const jobId = "3f6c1f2e-5d0a-4b7e-9c43-2a8d4e6f7b10";
const created_at = "2026-01-15T09:00:00Z";
const body = JSON.stringify({
  id: jobId,
  org_id: "acme",
  status: "running",
  created_at,
  progress: 5,
});
const head = { "content-type": "application/json", "content-length": String(body.length) };

const { method, path, parameters, authentication } = getExportJobStatus;
const [[{ name, prefix }]] = authentication;
const headersOf = (token: string) => ({
  [name]: prefix + token,
  [parameters.apiVersion.name]: parameters.apiVersion.default,
});

const raw: MakeAsk = (baseUrl, fetch, token) => async (id) => {
  const url = baseUrl + path.replace("{job_id}", id);
  const response = await fetch(new Request(url, { headers: headersOf(token) }));
  return response.json();
};
const own: Record<string, MakeAsk> = {
  "this client": (baseUrl, fetch, token) => {
    const auditLogs = createAuditLogsClient({ baseUrl, fetch, token });
    return (id) => auditLogs.getExportJobStatus({ jobId: id });
  },
  "openapi-fetch": (baseUrl, fetch, token) => {
    const client = createFetchClient<paths>({ baseUrl, fetch, headers: headersOf(token) });
    return (job_id) => client.request(method, path, { params: { path: { job_id } } });
  },
};

const inMemory = async (): Promise<Response> => new Response(body, { headers: head });

/** The rows of a table: a client, and the time of its call as a multiple of the raw one's. */
export async function measureCalls(
  peers: Readonly<Record<string, MakeAsk>>,
): Promise<readonly (readonly [string, string, string])[]> {
  const clients = { ...own, ...peers };
  const memory = await compare(clients, "https://api.example.com", inMemory, 1000);
  const server = createServer((_request, response) => response.writeHead(200, head).end(body));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const loopback = await compare(clients, `http://127.0.0.1:${port}`, globalThis.fetch, 100);
  server.closeAllConnections();
  server.close();
  return Object.keys(clients).map((client) => [
    client,
    (memory[client] ?? Number.NaN).toFixed(2),
    (loopback[client] ?? Number.NaN).toFixed(2),
  ]);
}

/**
 * Takes the clients in turn, round by round, so that what else the machine does hits all alike. Each is
 * measured in batches, or a garbage collection would count for one and not for another.
 */
async function compare(
  clients: Readonly<Record<string, MakeAsk>>,
  baseUrl: string,
  fetch: typeof globalThis.fetch,
  batch: number,
): Promise<Readonly<Record<string, number>>> {
  const asks = Object.entries(clients).map(
    ([client, make]) => [client, make(baseUrl, fetch, "token")] as const,
  );
  const base = raw(baseUrl, fetch, "token");
  const settings = {
    batch_samples: batch,
    batch_threshold: Number.POSITIVE_INFINITY,
    min_cpu_time: 2e8,
  };
  const time = async (ask: ReturnType<MakeAsk>): Promise<number> =>
    (await measure(() => ask(jobId), settings)).p50;
  const rounds: Record<string, number[]> = {};
  // The first is for the compiler.
  for (let round = 0; round < 8; round += 1) {
    const unit = await time(base);
    for (const [client, ask] of asks) {
      const ratio = (await time(ask)) / unit;
      if (round > 0) (rounds[client] ??= []).push(ratio);
    }
  }
  return Object.fromEntries(
    Object.entries(rounds).map(([client, ratios]) => [client, median(ratios)]),
  );
}

export function median(ratios: readonly number[]): number {
  return ratios.toSorted((a, b) => a - b)[ratios.length >> 1] ?? Number.NaN;
}

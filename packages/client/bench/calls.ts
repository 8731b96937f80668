import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createAuditLogsClient } from "@audit-logs/client";
import { getExportJobStatus } from "@audit-logs/generated/audit-logs/operations";
import createFetchClient from "openapi-fetch";
import type { paths } from "@audit-logs/generated/audit-logs/schema";
import type { CreateCall } from "./peers.ts";

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
const version: { readonly name: string; readonly default?: string } = parameters.apiVersion;
const [[{ name, prefix }]] = authentication;
const headersOf = (token: string) => ({
  [name]: prefix + token,
  [version.name]: version.default ?? "",
});

const raw: CreateCall = (baseUrl, fetch, token) => async (id) => {
  const url = baseUrl + path.replace("{job_id}", id);
  const response = await fetch(new Request(url, { headers: headersOf(token) }));
  return response.json();
};
const clients: Record<string, CreateCall> = {
  "this client": (baseUrl, fetch, token) => {
    const auditLogs = createAuditLogsClient({ baseUrl, fetch, token });
    return (id) => auditLogs.getExportJobStatus({ jobId: id });
  },
  "this client, with a middleware": (baseUrl, fetch, token) => {
    const auditLogs = createAuditLogsClient({ baseUrl, fetch, token });
    auditLogs.api.use({ onRequest: () => undefined });
    return (id) => auditLogs.getExportJobStatus({ jobId: id });
  },
  "openapi-fetch": (baseUrl, fetch, token) => {
    const client = createFetchClient<paths>({ baseUrl, fetch, headers: headersOf(token) });
    return (job_id) => client.request(method, path, { params: { path: { job_id } } });
  },
};

const inMemory = async (): Promise<Response> => new Response(body, { headers: head });

/** The rows of a table: a client, and the time of its call as a multiple of a raw call's. */
export async function measureCalls(
  peers: Readonly<Record<string, CreateCall>>,
): Promise<readonly (readonly [string, string, string])[]> {
  const server = createServer({ keepAliveTimeout: 0 }, (_request, response) =>
    response.writeHead(200, head).end(body),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const rows = [];
  for (const [client, create] of Object.entries({ ...clients, ...peers })) {
    const memory = await compare(create, "https://api.example.com", inMemory, 40_000);
    const loopback = await compare(create, `http://127.0.0.1:${port}`, globalThis.fetch, 8000);
    rows.push([client, memory.toFixed(2), loopback.toFixed(2)] as const);
  }
  server.closeAllConnections();
  server.close();
  return rows;
}

/**
 * Measures a client's calls and raw calls alternately, in random order, so that other load on the machine,
 * and the garbage of earlier calls, affects both alike.
 */
async function compare(
  create: CreateCall,
  baseUrl: string,
  fetch: typeof globalThis.fetch,
  calls: number,
): Promise<number> {
  const sides = [raw, create].map((each) => ({ call: each(baseUrl, fetch, "token"), times: [0] }));
  for (let count = 0; count < calls; count += 1) {
    for (const { call, times } of Math.random() < 0.5 ? sides : sides.toReversed()) {
      const start = performance.now();
      await call(jobId);
      // The first quarter warms up the compiler.
      if (count >= calls / 4) times.push(performance.now() - start);
    }
  }
  const [unit = Number.NaN, time = Number.NaN] = sides.map(({ times }) => median(times));
  return time / unit;
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createAuditLogsClient } from "@audit-logs/client";
import { getExportJobStatus } from "@audit-logs/generated/audit-logs/operations";

// Lets many wait for a job each on loopback. For a while the server responds with 503 or resets every
// connection; when it recovers, all jobs are completed.

const [, , subject, kind, waiters] = process.argv;
const [calm, outage, interval] = [2000, 5000, 2000];
let state: "calm" | "outage" | "recovered" = "calm";
let requests = 0;

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  requests += 1;
  if (state === "outage") {
    if (kind === "503") response.writeHead(503).end();
    else response.destroy();
    return;
  }
  const id = request.url?.split("/").at(-1);
  const status = state === "calm" ? "running" : "completed";
  const job = { id, org_id: "acme", created_at: "2026-01-15T09:00:00Z", status };
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(job));
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const sleep = (time: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, time));

const auditLogs = createAuditLogsClient({ baseUrl, token: "token" });
const wait: Record<string, (jobId: string) => Promise<unknown>> = {
  client: (jobId) => auditLogs.waitForExportJob(jobId, { interval }),
  /** What a program does by itself: it polls in equal intervals, whatever happens. */
  loop: async (jobId) => {
    for (;;) {
      const response = await fetch(baseUrl + getExportJobStatus.path.replace("{job_id}", jobId), {
        headers: { authorization: "Bearer token" },
      }).catch(() => undefined);
      const job = response?.ok ? ((await response.json()) as { status?: unknown }) : {};
      await response?.body?.cancel().catch(() => undefined);
      if (job.status === "completed") return;
      await sleep(interval);
    }
  },
};

const jobs = Array.from({ length: Number(waiters) }, (_, index) =>
  wait[subject ?? ""]?.(`job-${index}`),
);
const ended = Promise.allSettled(jobs);
await sleep(calm);
state = "outage";
requests = 0;
await sleep(outage);
const inOutage = requests;
state = "recovered";
requests = 0;
const start = performance.now();
const results = await ended;
const failed = results.filter(({ status }) => status === "rejected").length;
const seconds = (performance.now() - start) / 1000;
console.log(JSON.stringify({ inOutage, after: requests, seconds, failed }));
server.close();
server.closeAllConnections();

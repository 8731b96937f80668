import { createAuditLogsClient } from "@audit-logs/client";

// Starts many waits, each for its own job, and measures once all of them sleep. Runs in a separate process.

const waiters = Number(process.argv[2]);
let tokens = 0;
let requests = 0;
const auditLogs = createAuditLogsClient({
  token: async () => `token-${(tokens += 1)}`,
  async fetch(input, init) {
    requests += 1;
    // The first token expires after each waiter has polled once.
    if (requests > waiters && new Headers(init?.headers).get("authorization")?.endsWith("-1")) {
      return new Response("{}", { status: 401 });
    }
    const id = String(input).split("/").at(-1);
    const job = { id, org_id: "acme", status: "running", created_at: "", progress: 1 };
    return Response.json(job);
  },
});
const timers = (): number =>
  process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length;
const heap = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const controller = new AbortController();
await auditLogs.getExportJobStatus({ jobId: "warm-up" });
requests = 0;
const before = heap();
const jobs = Array.from({ length: waiters }, (_, index) =>
  auditLogs.waitForExportJob(`job-${index}`, { signal: controller.signal, interval: 2000 }),
);
const settled = Promise.allSettled(jobs);
const isAsleep = (): boolean => requests >= waiters * 3 && timers() === waiters;
while (!isAsleep()) await turn();
const result = {
  kibibytesEach: (heap() - before) / 1024 / waiters,
  timers: timers(),
  refreshes: tokens - 1,
};
controller.abort();
await settled;
console.log(JSON.stringify(result));

import {
  array,
  assert,
  asyncProperty,
  boolean,
  constant,
  constantFrom,
  integer,
  oneof,
  option,
  record,
  type Arbitrary,
} from "fast-check";
import { beforeEach, expect, test, vi } from "vitest";
import { AuditLogsError, createAuditLogsClient, ExportFailedError } from "../src/index.ts";

const jobId = "3f6c1f2e-5d0a-4b7e-9c43-2a8d4e6f7b10";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});

const often = <T>(arbitrary: Arbitrary<T>) => ({ arbitrary, weight: 6 });

const jobs = record({
  status: oneof(
    often(constantFrom("pending", "running", "archiving", "")),
    constantFrom("completed", "failed"),
  ),
  progress: constantFrom(0, 40, 80, null),
});
const statusResponses = record({
  content: oneof(
    often(record({ job: jobs })),
    record({ status: constantFrom(429, 500, 503) }),
    record({ status: constantFrom(429, 503) }),
    record({ text: constantFrom("", "{", "<html>") }),
    record({ fault: constantFrom("refused", "silent", "cut") }),
    // These end the wait.
    oneof(record({ status: constantFrom(401, 403, 404, 501) }), record({ text: constant("{}") })),
  ),
  retryAfter: oneof(
    often(constant(undefined)),
    record({ seconds: integer({ min: 0, max: 90 }), isDate: boolean() }),
    constant({ seconds: 864_000, isDate: false }),
    record({ text: constantFrom("-5", "soon", "1.5", "") }),
  ),
  /** How long the server takes to respond, in milliseconds. */
  latency: constantFrom(0, 1, 250, 40_000),
  /** How far the system clock jumps before the response, in milliseconds. */
  jump: oneof(often(constant(0)), constantFrom(-7_200_000, 3_600_000)),
});
const runs = record({
  /** The responses in order; the last one is repeated. */
  history: array(statusResponses, { minLength: 1, maxLength: 25 }),
  /** The error of the server's clock, in milliseconds. */
  skew: constantFrom(0, -3_600_000, 3_600_000),
  // Not double(): the fake timers would parse a delay of 5e-206 ms as 5 ms.
  randoms: array(
    integer({ min: 0, max: 9999 }).map((draw) => draw / 10_000),
    { minLength: 1 },
  ),
  interval: option(constantFrom<number>(1, 10, 700, 60_000), { nil: undefined }),
  timeout: oneof(
    often(constantFrom(30_000, 300_000)),
    constantFrom(0, 1, 999),
    constant(undefined),
  ),
  attemptTimeout: option(constantFrom(100, 5000), { nil: undefined }),
  /** When the caller's signal aborts, in milliseconds. */
  abort: oneof(often(constant(undefined)), constantFrom(0, 1500, 60_000)),
});
type ValueOf<A> = A extends Arbitrary<infer T> ? T : never;
type StatusResponse = ValueOf<typeof statusResponses>;
type Run = ValueOf<typeof runs>;

interface Snapshot {
  readonly status: string;
  readonly progress: number | null | undefined;
}

/** A server that records the requests, when each was allowed, and the jobs that it reported. */
interface Server {
  readonly fetch: typeof globalThis.fetch;
  readonly requests: { readonly time: number; readonly earliest: number }[];
  readonly jobs: Snapshot[];
}

function serve({ history, skew, interval: start = 2000 }: Run): Server {
  const requests: { time: number; earliest: number }[] = [];
  const servedJobs: Snapshot[] = [];
  let earliest = 0;
  let interval = start;
  let jumps = 0;
  vi.spyOn(Date, "now").mockImplementation(() => 1.8e12 + performance.now() + jumps);

  const respond = ({ content, retryAfter, jump }: StatusResponse): Response => {
    jumps += jump;
    const date = Date.now() + skew;
    const headers = new Headers({ date: new Date(date).toUTCString() });
    let pause = 0;
    if (retryAfter && "text" in retryAfter) headers.set("retry-after", retryAfter.text);
    else if (retryAfter) {
      const { seconds, isDate } = retryAfter;
      pause = seconds * 1000;
      headers.set("retry-after", isDate ? new Date(date + pause).toUTCString() : `${seconds}`);
    }
    earliest = performance.now() + pause;
    if ("status" in content) return new Response("{}", { status: content.status, headers });
    if ("text" in content) return new Response(content.text, { headers });
    if ("fault" in content) {
      return new Response(
        new ReadableStream({ pull: (body) => body.error(new TypeError("terminated")) }),
        {
          headers,
        },
      );
    }
    servedJobs.push(content.job);
    // Timers have millisecond precision.
    earliest = performance.now() + Math.max(pause, Math.trunc(interval / 2));
    interval = Math.max(start, Math.min(interval * 1.5, 30_000));
    return Response.json({ id: jobId, ...content.job }, { headers });
  };

  return {
    requests,
    jobs: servedJobs,
    fetch: (_, init) =>
      new Promise((resolve, reject) => {
        const statusResponse = history[
          Math.min(requests.length, history.length - 1)
        ] as StatusResponse;
        const { content, latency } = statusResponse;
        requests.push({ time: performance.now(), earliest });
        earliest = 0;
        // Never responds, and ignores the signal.
        if ("fault" in content && content.fault === "silent") return;
        const timer = setTimeout(() => {
          if ("fault" in content && content.fault === "refused") reject(new TypeError("refused"));
          else resolve(respond(statusResponse));
        }, latency);
        init?.signal?.addEventListener("abort", () => {
          clearTimeout(timer);
          reject(init.signal?.reason);
        });
      }),
  };
}

test("a wait ends in time, polls no more often than allowed, and reports only changes", async () => {
  const endings = new Set<string>();
  await assert(
    asyncProperty(runs, async (run) => {
      const { timeout, attemptTimeout, interval, abort, randoms } = run;
      let draws = 0;
      vi.spyOn(Math, "random").mockImplementation(() => randoms[draws++ % randoms.length] ?? 0);
      const server = serve(run);
      const auditLogs = createAuditLogsClient({
        token: "a-secret-token",
        baseUrl: "https://example.com",
        fetch: server.fetch,
        ...(attemptTimeout !== undefined && { attemptTimeout }),
      });
      const reason = new Error("changed my mind");
      const controller = new AbortController();
      if (abort !== undefined) setTimeout(() => controller.abort(reason), abort);

      const start = performance.now();
      const deadline = timeout ?? 3_600_000;
      const reported: Snapshot[] = [];
      let end: number | undefined;
      const outcome = auditLogs
        .waitForExportJob(jobId, {
          onProgress: ({ status, progress }) => reported.push({ status, progress }),
          signal: controller.signal,
          ...(timeout !== undefined && { timeout }),
          ...(interval !== undefined && { interval }),
        })
        .catch((error: unknown) => error)
        .finally(() => (end = performance.now()));
      await vi.advanceTimersByTimeAsync(Math.max(deadline, abort ?? 0) + 1);

      // The wait ends in time, and leaves no timer.
      expect(end).toBeDefined();
      expect((end ?? 0) - start).toBeLessThanOrEqual(Math.min(deadline, abort ?? deadline) + 1);
      expect(vi.getTimerCount()).toBe(0);

      // It polls no earlier than allowed, and at most once in half of the growing pause.
      for (const { time, earliest } of server.requests) {
        expect(time).toBeGreaterThanOrEqual(earliest);
      }
      const most = 20 + (2 * deadline) / 20_000;
      expect(server.requests.length).toBeLessThan(2 * most);

      // It reports every change, and nothing else. The last change may have arrived after the deadline.
      const changes = server.jobs.filter(({ status, progress }, index) => {
        const before = server.jobs[index - 1];
        return status !== before?.status || progress !== before.progress;
      });
      expect([changes, changes.slice(0, -1)]).toContainEqual(reported);

      // It ends with the job, the signal's reason, or an error that has the last state.
      const result = await outcome;
      const last = reported.at(-1);
      expect(result instanceof Error).toBe(last?.status !== "completed");
      expect(result instanceof ExportFailedError).toBe(last?.status === "failed");
      const isOwn = result instanceof AuditLogsError;
      expect(result instanceof Error && !isOwn ? result : reason).toBe(reason);
      const job = isOwn ? result.lastJob : last;
      expect(job && { status: job.status, progress: job.progress }).toEqual(last);
      endings.add(result instanceof Error ? result.name : "success");
    }),
    { numRuns: 400 },
  );
  // The runs cover every kind of outcome.
  expect([...endings]).toEqual(
    expect.arrayContaining(["ApiError", "Error", "ExportFailedError", "TimeoutError", "success"]),
  );
});

import { expect, onTestFinished, vi } from "vitest";
import * as operations from "@audit-logs/generated/audit-logs/operations";
import {
  AuditLogsError,
  createAuditLogsClient,
  type AuditLogsClient,
  type AuditLogsClientOptions,
  type ExportJob,
} from "../../src/index.ts";

export const jobId = "3f6c1f2e-5d0a-4b7e-9c43-2a8d4e6f7b10";
export const token = "a-secret-token";
/** The start of messages: the method and the path, which contains the job's id. */
export const label = `GET ${operations.getExportJobStatus.path.replace("{job_id}", jobId)}`;
/** A job with only these fields. The client does not read the others that the description requires. */
export function jobOf(fields: object): ExportJob {
  return JSON.parse(JSON.stringify(fields));
}
const job = { id: jobId, org_id: "example-org", created_at: "2026-01-01T00:00:00Z" };
export const runningJob: ExportJob = jobOf({ ...job, status: "running", progress: 40 });
export const completedJob: ExportJob = jobOf({
  ...job,
  status: "completed",
  progress: 100,
  total_records: 5,
});

/** The default timeouts of an attempt and of a wait. */
export const attemptTimeout = 30_000;
export const totalTimeout = 3_600_000;

/** Closes a server when the test ends. */
export function open<Server extends { close(): Promise<void> }>(server: Server): Server {
  onTestFinished(server.close);
  return server;
}

export function clientOf(
  baseUrl: string,
  options: Partial<AuditLogsClientOptions> = {},
): AuditLogsClient {
  return createAuditLogsClient({ token, baseUrl, ...options });
}

/** The reason that a promise is rejected with. */
export async function reasonOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => expect.fail(`It resolved: ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
}

/** The error of this client that a promise is rejected with. Throws any other reason. */
export async function errorOf(promise: Promise<unknown>): Promise<AuditLogsError> {
  const reason = await reasonOf(promise);
  if (reason instanceof AuditLogsError) return reason;
  throw reason;
}

/** The client's timers in a test that does not wait. */
export interface Timers {
  /** The pauses that the client requested, in milliseconds. It takes none of them. */
  readonly pauses: readonly number[];
  /** The active timers. */
  readonly running: ReadonlySet<unknown>;
  /** Fires the latest timer: a timeout, or a pause if pauses are held. */
  runOut(): void;
}

/** The stack without its source positions, which vitest looks up in a source map for each line of a text. */
function callSites(): NodeJS.CallSite[] {
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = (_error, sites) => sites;
  const sites: unknown = new Error().stack;
  Error.prepareStackTrace = prepareStackTrace;
  return sites as NodeJS.CallSite[];
}

/** Replaces the client's timers: a timeout fires only through `runOut`, and a pause ends immediately. */
export function takeTimers({ holdsPauses = false } = {}): Timers {
  const pauses: number[] = [];
  const running = new Set<unknown>();
  let latest: (() => void) | undefined;
  const real = { setTimeout, clearTimeout };
  const set = (
    callback: (...rest: unknown[]) => void,
    delay = 0,
    ...rest: unknown[]
  ): NodeJS.Timeout => {
    const callers = callSites();
    // The platform's fetch uses timers, too.
    if (!callers.some((site) => site.getFileName()?.endsWith("deadline.ts"))) {
      return real.setTimeout(callback, delay, ...rest);
    }
    const isBound = !callers.some((site) => site.getFunctionName() === "sleep");
    const isHeld = isBound || holdsPauses;
    if (!isBound) pauses.push(delay);
    const ring = (): void => {
      running.delete(timer);
      callback();
    };
    const timer = real.setTimeout(ring, isHeld ? delay : 0);
    if (isHeld) latest = ring;
    running.add(timer);
    return timer;
  };
  vi.spyOn(globalThis, "setTimeout").mockImplementation(set as typeof setTimeout);
  vi.spyOn(globalThis, "clearTimeout").mockImplementation((timer) => {
    running.delete(timer);
    real.clearTimeout(timer);
  });
  return { pauses, running, runOut: () => latest?.() };
}

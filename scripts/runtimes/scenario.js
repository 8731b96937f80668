import {
  ApiError,
  ConnectionError,
  createAuditLogsClient,
  DownloadInterruptedError,
  TimeoutError,
} from "@audit-logs/client";

/**
 * @typedef {import("@audit-logs/client").AuditLogsClient} AuditLogsClient
 * @typedef {import("@audit-logs/client").ExportJob} ExportJob
 * @typedef {(auditLogs: AuditLogsClient, job: ExportJob) => Promise<string>} Save saves and reads back
 * @typedef {{ passed: string[], failure?: string }} Report
 */

const token = "a-token-that-no-error-may-show";
const completing = "7d9f2c4e-8a1b-4c3d-9e5f-6a7b8c9d0e1f";
const running = "0b54c1f2-53a7-4d0c-8f5e-2f6c1d7e9a31";
const unknown = "c6a1e0d4-1f0b-4f57-9d43-5e8b7a2c9f60";
// A port above Linux's ephemeral ports, and one that fetch does not refuse.
const unusedUrl = "http://127.0.0.1:65535";

/**
 * The options of the server that {@link play} needs.
 *
 * @satisfies {import("@audit-logs/mock-server").MockServerOptions}
 */
export const serverOptions = {
  token,
  jobs: { [completing]: {}, [running]: { steps: [{ status: "running" }] } },
  faults: [
    { fault: "service-unavailable" },
    { fault: "weak-etag" },
    { fault: "interrupted-download" },
  ],
};

/**
 * Uses the built client as its README describes, with only the APIs that all runtimes share.
 *
 * @param {string} baseUrl
 * @param {Save} [save]
 * @returns {Promise<Report>}
 */
export async function play(baseUrl, save) {
  const auditLogs = createAuditLogsClient({ token, baseUrl });
  /** @type {unknown[]} */
  const errors = [];
  /** @type {ExportJob} */
  let job;
  // A page of another origin sees neither the ETag, nor whether the length is the number of bytes.
  const isPage = "document" in globalThis;

  /** @type {Record<string, () => Promise<void>>} */
  const steps = {
    async "retries after a 503"() {
      let requests = 0;
      const counted = createAuditLogsClient({
        token,
        baseUrl,
        fetch: (...request) => {
          requests += 1;
          return fetch(...request);
        },
      });
      equal((await counted.getExportJobStatus({ jobId: running })).status, "running");
      equal(requests, 2);
    },

    async "waits, and reports progress"() {
      /** @type {unknown[]} */
      const progress = [];
      job = await auditLogs.waitForExportJob(completing, {
        interval: 10,
        onProgress: (state) => progress.push(state.progress),
      });
      equal(job.status, "completed");
      equal(progress.join(), "0,25,50,75,100");
    },

    async "never accepts an interrupted download as complete"() {
      // It is complete if it could be resumed, or if it restarted because no byte had arrived before the
      // break.
      for (let breaks = 0; breaks < 2; breaks += 1) {
        try {
          equal((await drain(auditLogs.readExport(job))).events, job.total_records);
        } catch (error) {
          errors.push(error);
          if (!(error instanceof DownloadInterruptedError)) throw error;
          equal(error.cause instanceof ConnectionError, true);
        }
      }
    },

    async "reads every event"() {
      const { events, verifiedBy } = await drain(auditLogs.readExport(job));
      equal(events, job.total_records);
      equal(verifiedBy.join(), isPage ? "total_records" : "length,total_records");
    },

    async "resumes a download"() {
      const { bytes, etag } = await download(job);
      equal(typeof etag, isPage ? "undefined" : "string");
      if (etag === undefined) return;
      const resume = { bytes: 100, etag };
      equal((await download(job, { resume })).bytes, bytes);
    },

    async "reports what a server refuses"() {
      const missing = await errorOf(ApiError, () =>
        auditLogs.getExportJobStatus({ jobId: unknown }),
      );
      equal(missing.status, 404);
      const invalid = await errorOf(ApiError, () =>
        auditLogs.getExportJobStatus({ jobId: "no-uuid" }),
      );
      equal(invalid.status, 422);
    },

    async "reports an unreachable server"() {
      const elsewhere = createAuditLogsClient({ token, baseUrl: unusedUrl });
      const error = await errorOf(ConnectionError, () =>
        elsewhere.getExportJobStatus({ jobId: running }),
      );
      equal(error.cause instanceof Error, true);
    },

    async "aborts a pause with the signal's reason"() {
      const controller = new AbortController();
      const reason = new Error("enough");
      const { signal } = controller;
      const onProgress = () => controller.abort(reason);
      equal(
        await errorOf(Error, () => auditLogs.waitForExportJob(running, { signal, onProgress })),
        reason,
      );
    },

    async "aborts a request with the signal's reason"() {
      const controller = new AbortController();
      const reason = new Error("enough");
      const aborted = createAuditLogsClient({
        token,
        baseUrl,
        fetch: (...request) => {
          const response = fetch(...request);
          controller.abort(reason);
          return response;
        },
      });
      const { signal } = controller;
      equal(
        await errorOf(Error, () => aborted.getExportJobStatus({ jobId: running }, { signal })),
        reason,
      );
    },

    async "gives up after the timeout"() {
      const error = await errorOf(TimeoutError, () =>
        auditLogs.waitForExportJob(running, { interval: 10, timeout: 300 }),
      );
      equal(error.bound, "total");
    },

    async "shows no token in any error"() {
      for (const error of errors) equal(textOf(error).includes(token), false);
    },

    ...(save && {
      async "saves the file"() {
        equal((await save(auditLogs, job)).trim().split("\n").length, job.total_records);
      },
    }),
  };

  /**
   * @param {ExportJob} source
   * @param {import("@audit-logs/client").DownloadOptions} [options]
   */
  async function download(source, options) {
    const stream = await auditLogs.openDownload(source, options);
    for await (const chunk of stream) equal(chunk.byteLength > 0, true);
    return stream.state;
  }

  /**
   * @template {Error} E
   * @param {abstract new (...args: never[]) => E} type
   * @param {() => Promise<unknown>} work
   */
  async function errorOf(type, work) {
    const error = await work().then(
      () => new Error(`no ${type.name} was thrown`),
      (/** @type {unknown} */ fault) => fault,
    );
    errors.push(error);
    if (error instanceof type) return error;
    throw error;
  }

  /** @type {string[]} */
  const passed = [];
  for (const [name, step] of Object.entries(steps)) {
    try {
      await step();
    } catch (error) {
      return { passed, failure: `${name}: ${String(error)}` };
    }
    passed.push(name);
  }
  return { passed };
}

/**
 * @template T
 * @param {AsyncGenerator<unknown, T, undefined>} generator
 */
async function drain(generator) {
  for (;;) {
    const { done, value } = await generator.next();
    if (done) return value;
  }
}

/**
 * @param {unknown} actual
 * @param {unknown} expected
 */
function equal(actual, expected) {
  if (actual !== expected) throw new Error(`${String(actual)} instead of ${String(expected)}`);
}

/**
 * Collects everything about an error that a log could print.
 *
 * @param {unknown} error
 * @returns {string}
 */
function textOf(error) {
  if (!(error instanceof Error)) return String(error);
  const { message, stack, cause } = error;
  const text = [message, stack, JSON.stringify(error)].join("\n");
  return cause === undefined ? text : `${text}\n${textOf(cause)}`;
}

import {
  callOptionNames,
  checkOptions,
  createApi,
  createMethods,
  createSession,
  invoke,
  type Api,
  type CallOptions,
  type ClientOptions,
  type CredentialOption,
  sessionOptionNames,
  type Methods,
} from "@audit-logs/runtime";
import * as operations from "@audit-logs/generated/audit-logs/operations";
import type { paths } from "@audit-logs/generated/audit-logs/schema";
import manifest from "../package.json" with { type: "json" };
import { openDownload, type Download, type DownloadOptions } from "./download/open-download.ts";
import type { ClientEvent } from "./events.ts";
import { exportEvents, type ExportOptions } from "./export-events.ts";
import { bindJob, checkExportJob, type ExportJob, type ExportSource } from "./export-job.ts";
import { readExport, type AuditLog, type ReadOptions, type ReadSummary } from "./read.ts";
import { startExport, type ExportSelection } from "./start.ts";
import { waitForExportJob, watchExportJob, type WaitOptions, type WatchOptions } from "./wait.ts";

/** The options of a client of the Audit Logs API. */
export interface AuditLogsClientOptions extends Omit<
  ClientOptions<paths, typeof operations>,
  "credentials" | "onEvent"
> {
  /**
   * The access token, or a function that returns one. The function is called for the first request, and
   * again when the server refuses its token: tokens are valid for 15 minutes.
   */
  readonly token: CredentialOption;
  /** Called with each event of the client, for logs and traces. Its errors do not affect a call. */
  readonly onEvent?: (event: ClientEvent) => unknown;
  /** The name of the organization. The vendor requires it in multi-tenant deployments. */
  readonly orgName?: string;
  /** The version of the API; by default the one that the description names. */
  readonly apiVersion?: string;
}

/** The typed openapi-fetch client of the description. */
export interface AuditLogsApi extends Api<paths> {}

/** A client of the Audit Logs API: a method for each operation, and methods built on top of them. */
export interface AuditLogsClient extends Methods<paths, typeof operations> {
  /**
   * Starts an export, and returns the id of its job.
   *
   * @throws TypeError if `from` or `to` is neither a date nor a time with its offset from UTC, or `q` is not a
   *   list of strings
   * @throws InvalidResponseError if the response does not hold an id
   * @throws ApiError, ConnectionError, TimeoutError
   */
  startExport(selection?: ExportSelection, options?: CallOptions): Promise<string>;
  /**
   * Starts an export, waits for its job, and reads its events one by one.
   *
   * @throws the errors of `startExport`, `waitForExportJob` and `readExport`
   */
  exportEvents<Event extends object = AuditLog>(
    selection?: ExportSelection,
    options?: ExportOptions,
  ): AsyncGenerator<Event, ReadSummary, undefined>;
  /**
   * Polls an export job, and yields it after each response, until it reaches a status that the description
   * calls final. A status that the description does not list counts as running.
   *
   * @throws TypeError if the interval is not above 0, or the id could change the path
   * @throws TimeoutError, whose `lastJob` is the job as the server last reported it; it may still be running
   * @throws ApiError, ConnectionError, InvalidResponseError, with `lastJob`
   */
  watchExportJob(jobId: string, options?: WatchOptions): AsyncGenerator<ExportJob, void, undefined>;
  /**
   * Waits until an export job has succeeded.
   *
   * @throws ExportFailedError if it has failed
   * @throws the errors of `watchExportJob`
   */
  waitForExportJob(jobId: string, options?: WaitOptions): Promise<ExportJob>;
  /**
   * Reads the events of a completed export one by one, by its job or the job's id, in bounded memory. As
   * with any `JSON.parse`, numbers beyond 2^53 lose digits, and the last of several equal keys counts.
   *
   * @throws InvalidResponseError that names the line, if a line is not a JSON object in UTF-8
   * @throws DownloadInterruptedError if the file ends too early
   * @throws the errors of `openDownload`
   */
  readExport<Event extends object = AuditLog>(
    source: ExportSource | string,
    options?: ReadOptions,
  ): AsyncGenerator<Event, ReadSummary, undefined>;
  /**
   * Opens the file of a completed export, by its job or the job's id, and streams its bytes in bounded memory:
   * if the server may close the connection at its end, up to 32 MiB are read ahead. Resumes the download if the
   * connection breaks off, as long as bytes keep arriving and a strong entity tag shows that the file is still
   * the same. If the URL has expired, requests the job once more to get a new one. The token is sent to the
   * API's own origin only.
   *
   * @throws DownloadInterruptedError that says how many bytes were delivered before the interruption
   * @throws ExportFailedError if the job has failed; AuditLogsError if it has not succeeded yet
   * @throws InvalidResponseError if the job has no URL, or one that must not be requested
   * @throws ApiError, ConnectionError, TimeoutError
   */
  openDownload(source: ExportSource | string, options?: DownloadOptions): Promise<Download>;
  /** The typed openapi-fetch client of the description. Register middleware here. */
  readonly api: AuditLogsApi;
}

const clientNames = [
  "token",
  "orgName",
  "apiVersion",
  ...sessionOptionNames.filter((name) => name !== "credentials" && name !== "userAgent"),
];
const selectionNames = ["from", "to", "q", "searchOperator"];
const watchNames = [...callOptionNames, "interval"];
const waitNames = [...watchNames, "onProgress"];
const downloadNames = [...callOptionNames, "onProgress", "findHostFault"];
const readNames = [...downloadNames, "maxLineLength", "onEnd"];

/**
 * Creates a client of the Audit Logs API. It sends nothing.
 *
 * @throws TypeError if an option is invalid
 */
export function createAuditLogsClient(options: AuditLogsClientOptions): AuditLogsClient {
  // The token is required, so leaving out the options is an error.
  checkOptions(options ?? null, clientNames);
  const { token, ...sessionOptions } = options;
  const session = createSession({
    ...sessionOptions,
    credentials: { accessToken: token },
    userAgent: `${manifest.name}/${manifest.version}`,
  });
  return {
    ...createMethods<paths, typeof operations>(session, operations),
    async getExportJobStatus(input, method) {
      const { data, call } = await invoke(session, bindJob(input), method);
      return checkExportJob(session, call, data, input.jobId);
    },
    async startExport(selection, call) {
      checkOptions(selection, selectionNames);
      checkOptions(call, callOptionNames);
      return startExport(session, selection, call);
    },
    exportEvents(selection, call) {
      checkOptions(selection, selectionNames);
      checkOptions(call, [...readNames, "interval"]);
      return exportEvents(session, selection, call);
    },
    watchExportJob(jobId, watch) {
      checkOptions(watch, watchNames);
      return watchExportJob(session, jobId, watch);
    },
    async waitForExportJob(jobId, wait) {
      checkOptions(wait, waitNames);
      return waitForExportJob(session, jobId, wait);
    },
    readExport(source, read) {
      checkOptions(read, readNames);
      return readExport(session, source, read);
    },
    async openDownload(source, download) {
      checkOptions(download, [...downloadNames, "resume"]);
      return openDownload(session, source, download);
    },
    api: createApi<paths>(session, operations),
  };
}

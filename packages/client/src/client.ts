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
import { exportEvents, type ExportOptions } from "./export-events.ts";
import { bindJob, checkExportJob, type ExportJob, type ExportSource } from "./export-job.ts";
import { readExport, type AuditLog, type ReadOptions, type ReadSummary } from "./read.ts";
import { startExport, type ExportSelection } from "./start.ts";
import { waitForExportJob, watchExportJob, type WaitOptions, type WatchOptions } from "./wait.ts";

/** How to reach the API, and on whose behalf. */
export interface AuditLogsClientOptions extends Omit<
  ClientOptions<typeof operations>,
  "credentials"
> {
  /**
   * The access token, or a function that gives one. The function is called for the first request,
   * and again when the server refuses its token: tokens live for 15 minutes.
   */
  readonly token: CredentialOption;
  /** The organization, by name. The vendor requires it in multi-tenant deployments. */
  readonly orgName?: string;
  /** The version of the API; by default the one that the description names. */
  readonly apiVersion?: string;
}

/** A client of the Audit Logs API: a method for each of its operations, and what is built on them. */
export interface AuditLogsClient extends Methods<paths, typeof operations> {
  /**
   * Starts an export, and gives the id of its job.
   *
   * @throws TypeError if `from` or `to` is no time
   * @throws InvalidResponseError if the answer holds no id
   * @throws ApiError, ConnectionError, TimeoutError
   */
  startExport(selection?: ExportSelection, options?: CallOptions): Promise<string>;
  /**
   * Starts an export, waits for its job, and reads its events one by one.
   *
   * @throws what `startExport`, `waitForExportJob` and `readExport` throw
   */
  exportEvents<Event extends object = AuditLog>(
    selection?: ExportSelection,
    options?: ExportOptions,
  ): AsyncGenerator<Event, ReadSummary, undefined>;
  /**
   * Asks for an export job again and again, and gives what each answer says, until the job has ended
   * in one of the states that the description calls final. A status that it does not list counts as
   * running.
   *
   * @throws TypeError if the interval is not above 0, or the id could leave its place in the path
   * @throws TimeoutError, whose `lastJob` says how far the job was; it may be running still
   * @throws ApiError, ConnectionError, InvalidResponseError, with `lastJob`
   */
  watchExportJob(jobId: string, options?: WatchOptions): AsyncGenerator<ExportJob, void, undefined>;
  /**
   * Waits until an export job has succeeded.
   *
   * @throws ExportFailedError if it has failed
   * @throws what `watchExportJob` throws
   */
  waitForExportJob(jobId: string, options?: WaitOptions): Promise<ExportJob>;
  /**
   * Reads the events of a completed export one by one, by its job or the job's id; memory stays
   * constant. As in any `JSON.parse`, numbers beyond 2^53 lose digits, and of equal keys the last counts.
   *
   * @throws InvalidResponseError that names the line, if one is not a JSON object in UTF-8
   * @throws DownloadInterruptedError if the file ends too early
   * @throws what `openDownload` throws
   */
  readExport<Event extends object = AuditLog>(
    source: ExportSource | string,
    options?: ReadOptions,
  ): AsyncGenerator<Event, ReadSummary, undefined>;
  /**
   * Opens the file of a completed export, by its job or the job's id, and streams its bytes. A
   * connection that breaks off is taken up where it broke, as long as bytes come, if a strong entity tag
   * shows that the file is the same. A URL that has expired is replaced by asking for the job
   * again, once. Memory stays constant. The token goes to the API's own origin only.
   *
   * @throws DownloadInterruptedError that tells how many bytes were delivered before
   * @throws InvalidResponseError if the job has no URL, or none that may be followed
   * @throws ApiError, ConnectionError, TimeoutError
   */
  openDownload(source: ExportSource | string, options?: DownloadOptions): Promise<Download>;
  /** The typed openapi-fetch client of the description, and the place for middleware. */
  readonly api: Api<paths>;
}

const clientNames = [
  "token",
  "orgName",
  "apiVersion",
  ...sessionOptionNames.filter((name) => name !== "credentials" && name !== "userAgent"),
];
const watchNames = [...callOptionNames, "interval"];
const waitNames = [...watchNames, "onProgress"];
const downloadNames = [...callOptionNames, "onProgress", "findHostFault"];
const readNames = ["findHostFault", "maxLineLength", "onEnd"];

/**
 * Makes a client of the Audit Logs API. It sends nothing yet.
 *
 * @throws TypeError if an option cannot be right
 */
export function createAuditLogsClient(given: AuditLogsClientOptions): AuditLogsClient {
  checkOptions(given, clientNames);
  const { token, ...options } = given;
  const session = createSession({
    ...options,
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
      checkOptions(selection, ["from", "to", "q", "searchOperator"]);
      checkOptions(call, callOptionNames);
      return startExport(session, selection, call);
    },
    exportEvents(selection, call) {
      checkOptions(call, [...waitNames, ...readNames]);
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
      checkOptions(read, [...downloadNames, ...readNames]);
      return readExport(session, source, read);
    },
    async openDownload(source, download) {
      checkOptions(download, [...downloadNames, "resume"]);
      return openDownload(session, source, download);
    },
    api: createApi<paths>(session, operations),
  };
}

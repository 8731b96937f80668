import type { ExportSource } from "../export-job.ts";

/** The state of a download. */
export interface DownloadState {
  /** The number of bytes so far. */
  bytes: number;
  /** The total number of bytes, if the server announces it and does not encode the file. */
  length?: number;
  /** The strong entity tag of the file (RFC 9110 §8.8.3), if the server sends one. */
  etag?: string;
  /** The job as the caller passed it, or as the server last reported it. */
  job: ExportSource;
}

/** The part of a file that has been downloaded already. */
export interface Resume {
  readonly bytes: number;
  readonly etag: string;
}

/** Returns the reason why the host of a URL must not be requested, or undefined if it may be. */
export type FindHostFault = (url: URL) => Promise<string | undefined>;

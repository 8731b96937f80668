import type { ExportSource } from "../export-job.ts";

/** What is known of a download. */
export interface DownloadState {
  /** The bytes so far. */
  bytes: number;
  /** The bytes in all, if the server says so and sends them as they are. */
  length?: number;
  /** The strong entity tag of the file (RFC 9110 §8.8.3), if the server gives one. */
  etag?: string;
  /** As it was given, or as the server told of it last. */
  job: ExportSource;
}

/** A part of a file that is there already. */
export interface Resume {
  readonly bytes: number;
  readonly etag: string;
}

/** Gives the fault of a host that must not be asked. */
export type FindHostFault = (url: URL) => Promise<string | undefined>;

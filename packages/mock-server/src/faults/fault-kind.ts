import type { PreparedResponse, RawResponse } from "../response.ts";
import type { Download } from "../download.ts";
import type { ReportedJob } from "../job.ts";

/** Which responses a fault affects: about a job, with its file, or of other operations. */
export type FaultPlace = "status" | "download" | "operation";

/** A correct response, and its context. */
export interface Exchange {
  readonly response: PreparedResponse;
  /** The request target: path and query. */
  readonly url: string;
  /** The job that the response reports, if any. */
  readonly job?: ReportedJob | undefined;
  /** The job as the last response without a fault reported it. */
  readonly previousJob?: ReportedJob | undefined;
  /** The file that the response holds, or a part of which it holds, if any. */
  readonly download?: Download | undefined;
}

/** The documentation of a fault. */
export interface FaultKind {
  /** The number of the fault in the client's tests. Variants of a fault share a number. */
  readonly number: number;
  /** `"any"` defaults to `"status"`. */
  readonly on: FaultPlace | "any";
  /** What the server sends, in a few words. */
  readonly summary: string;
  /** Set if the fault affects all responses by default, because it would be a different fault if it ended. */
  readonly isLasting?: true;
}

/** A fault, and how it changes a response. */
export interface FaultImplementation extends FaultKind {
  /** Returns the response to send instead; `undefined` if the fault does not apply to this response. */
  readonly apply: (exchange: Exchange) => PreparedResponse | RawResponse | undefined;
}

/** A fault of any response. */
export function inAny(
  number: number,
  summary: string,
  apply: FaultImplementation["apply"],
): FaultImplementation {
  return { number, on: "any", summary, apply };
}

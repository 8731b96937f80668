import type { Answer, RawAnswer } from "../answer.ts";
import type { Download } from "../download.ts";
import type { ToldJob } from "../job.ts";

/** Which answers a fault spoils: those about a job, those with its file, or any others. */
export type FaultPlace = "status" | "download" | "operation";

/** A request that is about to be answered properly. */
export interface Exchange {
  readonly answer: Answer;
  /** The request target: path and query. */
  readonly url: string;
  /** The job that the answer tells of, if it is one about a job. */
  readonly job?: ToldJob | undefined;
  /** The job as it was told before, unspoiled. */
  readonly previousJob?: ToldJob | undefined;
  /** The file that the answer is of, if it is one with a file. */
  readonly download?: Download | undefined;
}

/** One way to misbehave, in words. */
export interface FaultKind {
  /** The number that the client's fault tests have for it; kinds of one fault share theirs. */
  readonly number: number;
  /** `"any"` is `"status"` unless told otherwise. */
  readonly on: FaultPlace | "any";
  /** What goes over the wire, in a few words. */
  readonly summary: string;
  /** It would be no such fault if it passed, so it lasts unless told otherwise. */
  readonly isLasting?: true;
}

/** One way to misbehave. */
export interface PlayedFault extends FaultKind {
  /** What is sent instead; `undefined` if this answer is none that it can spoil. */
  readonly apply: (exchange: Exchange) => Answer | RawAnswer | undefined;
}

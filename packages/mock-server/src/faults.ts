import type { Answer, RawAnswer } from "./answer.ts";
import { addressFaults, type AddressFaultName } from "./faults/address.ts";
import { downloadFaults, type DownloadFaultName } from "./faults/download.ts";
import { jobFaults, type JobFaultName } from "./faults/job.ts";
import { jsonLinesFaults, type JsonLinesFaultName } from "./faults/json-lines.ts";
import type { Exchange, FaultKind, FaultPlace, PlayedFault } from "./faults/kind.ts";
import { statusFaults, type StatusFaultName } from "./faults/status.ts";
import { transportFaults, type TransportFaultName } from "./faults/transport.ts";
import type { ToldJob } from "./job.ts";

export type FaultName =
  | TransportFaultName
  | StatusFaultName
  | JobFaultName
  | DownloadFaultName
  | JsonLinesFaultName
  | AddressFaultName;

const playedFaults: Readonly<Record<FaultName, PlayedFault>> = {
  ...transportFaults,
  ...statusFaults,
  ...jobFaults,
  ...downloadFaults,
  ...jsonLinesFaults,
  ...addressFaults,
};

/** Every way in which a server can misbehave, in the order of their numbers. */
export const faultKinds: Readonly<Record<FaultName, FaultKind>> = playedFaults;

/**
 * A way to misbehave, and when. It spoils answers that would be a success; a request that is refused
 * is refused as ever, and counts for nothing here.
 */
export interface Fault {
  readonly fault: FaultName;
  /**
   * Which answers are spoiled, for a fault that could be in either; `"status"` by default.
   * The others are where they belong.
   */
  readonly on?: FaultPlace;
  /**
   * How many answers are spoiled; `1` by default, but `Infinity` for `redirect-loop` and
   * `never-finished`, which would not be what they are if they passed.
   */
  readonly times?: number;
  /** How many answers are let through before the first that is spoiled; `0` by default. */
  readonly after?: number;
}

/**
 * Returns what makes of a proper answer the one that is sent. One answer has one fault at most: the
 * first in the list that is not used up, is due, and can spoil it.
 *
 * @throws TypeError if a fault is not known, or is asked for what it cannot do.
 */
export function planFaults(
  faults: readonly Fault[],
): (exchange: Omit<Exchange, "previousJob">) => Answer | RawAnswer {
  const plan = faults.map(planFault);
  const jobs = new Map<string, ToldJob>();

  return ({ answer, url, job, download }) => {
    const other = job ? "status" : "operation";
    const place = download ? "download" : other;
    const exchange = { answer, url, download, job, previousJob: jobs.get(url) };
    for (const fault of plan) {
      if (fault.on !== place || fault.times === 0) continue;
      if (fault.after > 0) {
        fault.after -= 1;
        continue;
      }
      const spoiled = fault.kind.apply(exchange);
      if (spoiled === undefined) continue;
      fault.times -= 1;
      return spoiled;
    }
    if (job) jobs.set(url, job);
    return answer;
  };
}

export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(faultKinds, name);
}

/** The places that an answer can be of. */
export const faultPlaces: readonly FaultPlace[] = ["status", "download", "operation"];

function planFault({ fault, on, times, after = 0 }: Fault): {
  readonly kind: PlayedFault;
  readonly on: FaultPlace;
  times: number;
  after: number;
} {
  if (!isFaultName(fault)) {
    throw new TypeError(
      `There is no fault '${fault}'; there are ${Object.keys(faultKinds).join(", ")}`,
    );
  }
  const kind = playedFaults[fault];
  if (on !== undefined && !faultPlaces.includes(on)) {
    throw new TypeError(`on of ${fault} must be one of ${faultPlaces.join(", ")}: ${String(on)}`);
  }
  if (on !== undefined && kind.on !== "any" && kind.on !== on) {
    throw new TypeError(`${fault} is a fault of the ${kind.on}, not of the ${on}`);
  }
  const count = times ?? (kind.isLasting ? Infinity : 1);
  if (count !== Infinity && !(Number.isSafeInteger(count) && count > 0)) {
    throw new TypeError(`times of ${fault} must be a whole number from 1, or Infinity: ${count}`);
  }
  if (!(Number.isSafeInteger(after) && after >= 0)) {
    throw new TypeError(`after of ${fault} must be a whole number from 0: ${after}`);
  }
  return { kind, on: on ?? (kind.on === "any" ? "status" : kind.on), times: count, after };
}

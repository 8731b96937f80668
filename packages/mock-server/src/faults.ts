import type { PreparedResponse, RawResponse } from "./response.ts";
import { downloadUrlFaults, type DownloadUrlFaultName } from "./faults/download-url.ts";
import { downloadFaults, type DownloadFaultName } from "./faults/download.ts";
import { jobFaults, type JobFaultName } from "./faults/job.ts";
import { jsonLinesFaults, type JsonLinesFaultName } from "./faults/json-lines.ts";
import type { Exchange, FaultKind, FaultPlace, FaultImplementation } from "./faults/fault-kind.ts";
import { mismatchFaults, type MismatchFaultName } from "./faults/mismatch.ts";
import { statusFaults, type StatusFaultName } from "./faults/status.ts";
import { transportFaults, type TransportFaultName } from "./faults/transport.ts";
import type { ReportedJob } from "./job.ts";
import { checkOptions, isNonEmptyString, type OptionKinds } from "./options.ts";

export type FaultName =
  | TransportFaultName
  | StatusFaultName
  | JobFaultName
  | DownloadFaultName
  | JsonLinesFaultName
  | DownloadUrlFaultName
  | MismatchFaultName;

const implementations: Readonly<Record<FaultName, FaultImplementation>> = {
  ...transportFaults,
  ...statusFaults,
  ...jobFaults,
  ...downloadFaults,
  ...jsonLinesFaults,
  ...downloadUrlFaults,
  ...mismatchFaults,
};

/** Every fault that a server can have, ordered by number. */
export const faultKinds: Readonly<Record<FaultName, FaultKind>> = implementations;

/**
 * A fault, and when it occurs. It affects only responses that would be a success. Refused requests are refused
 * as usual, and do not count.
 */
export interface Fault {
  readonly fault: FaultName;
  /**
   * Which responses are affected, for a fault that could be in any; `"status"` by default. Other faults have a
   * fixed place.
   */
  readonly on?: FaultPlace;
  /**
   * How many responses are affected; `1` by default, but `Infinity` for `redirect-loop` and
   * `never-finished`, which would be different faults if they ended.
   */
  readonly times?: number;
  /** How many responses pass before the first affected one; `0` by default. */
  readonly after?: number;
}

/**
 * Returns a function that applies the faults to a correct response. A response has at most one fault: the
 * first in the list that is not used up, is due, and is applicable.
 *
 * @throws TypeError if a fault is unknown, or has an unknown or invalid option
 */
export function planFaults(
  faults: readonly Fault[],
): (exchange: Omit<Exchange, "previousJob">) => PreparedResponse | RawResponse {
  const plan = faults.map(planFault);
  const jobs = new Map<string, ReportedJob>();

  return ({ response, url, job, download }) => {
    const other = job ? "status" : "operation";
    const place = download ? "download" : other;
    const exchange = { response, url, download, job, previousJob: jobs.get(url) };
    for (const fault of plan) {
      if (fault.on !== place || fault.times === 0) continue;
      if (fault.after > 0) {
        fault.after -= 1;
        continue;
      }
      const faultyResponse = fault.kind.apply(exchange);
      if (faultyResponse === undefined) continue;
      fault.times -= 1;
      return faultyResponse;
    }
    if (job) jobs.set(url, job);
    return response;
  };
}

export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(faultKinds, name);
}

/** The places where a fault can occur. */
export const faultPlaces: readonly FaultPlace[] = ["status", "download", "operation"];

const faultOptionKinds: OptionKinds<Fault> = {
  fault: ["the name of a fault", isNonEmptyString],
  on: [`one of ${faultPlaces.join(", ")}`, (on) => faultPlaces.some((place) => place === on)],
  times: [
    "an integer of at least 1, or Infinity",
    (times) => times === Infinity || isInteger(times, 1),
  ],
  after: ["an integer of at least 0", (after) => isInteger(after, 0)],
};

function isInteger(value: unknown, minimum: number): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= minimum;
}

function planFault(
  options: Fault,
  index: number,
): {
  readonly kind: FaultImplementation;
  readonly on: FaultPlace;
  times: number;
  after: number;
} {
  checkOptions(`faults[${index}]`, options, faultOptionKinds);
  const { fault, on, times, after = 0 } = options;
  if (!isFaultName(fault)) {
    throw new TypeError(
      `there is no fault '${fault}'; the faults are ${Object.keys(faultKinds).join(", ")}`,
    );
  }
  const kind = implementations[fault];
  if (on !== undefined && kind.on !== "any" && kind.on !== on) {
    throw new TypeError(`${fault} applies to the ${kind.on}, not to the ${on}`);
  }
  return {
    kind,
    on: on ?? (kind.on === "any" ? "status" : kind.on),
    times: times ?? (kind.isLasting ? Infinity : 1),
    after,
  };
}

import { operations } from "@audit-logs/generated/audit-logs/operations";
import type { paths } from "@audit-logs/generated/audit-logs/schema";
import { checkPathSegment } from "./address.ts";
import { openCall, type Call, type CallOptions } from "./deadline.ts";
import { ApiError, InvalidResponseError, isObject } from "./errors.ts";
import { retryAfter } from "./retry.ts";
import { sendWithin, type Session } from "./session.ts";

const operation = operations.getExportJobStatus;
const { jobId: jobIdParameter } = operation.parameters;

// What is taken for granted of the description; if it changes, this does not compile.
jobIdParameter satisfies { in: "path" };

type Operation = typeof operations.getExportJobStatus;
type Responses = paths[Operation["path"]][Operation["method"]]["responses"];
type ContentOf<Response> = Response extends { content: infer Content }
  ? Content[keyof Content]
  : never;

/**
 * An export job as the vendor sends it: snake_case fields, times as ISO 8601 strings. As in any
 * `JSON.parse`, numbers beyond 2^53 lose digits, and of equal keys the last counts.
 */
export type ExportJob = {
  [Status in keyof Responses]: `${Status}` extends `2${string}`
    ? ContentOf<Responses[Status]>
    : never;
}[keyof Responses];

/** What the server answers with the statuses that the description has besides success. */
export type Failure = {
  [Status in keyof Responses as `${Status}` extends `2${string}` ? never : Status]: ContentOf<
    Responses[Status]
  >;
};

/**
 * Asks once how far an export job is; retries what may pass by itself.
 *
 * @throws TypeError if the id could leave its place in the path
 * @throws ApiError if the server answers with anything but success
 * @throws InvalidResponseError if it answers with no JSON, no status, or another job
 * @throws ConnectionError, TimeoutError
 */
export async function getExportJobStatus(
  session: Session,
  jobId: string,
  options?: CallOptions,
): Promise<ExportJob> {
  return (await requestExportJob(session, jobId, openCall(labelOf(jobId), options))).job;
}

/** What messages call a request for a job. */
export function labelOf(jobId: string): string {
  const path = operation.path.replace(/\{.*?\}/, checkPathSegment("job id", jobId));
  return `${operation.method.toUpperCase()} ${path}`;
}

/** Asks for a job as a part of a longer call. */
export async function requestExportJob(
  session: Session,
  jobId: string,
  call: Call,
): Promise<{ readonly job: ExportJob; readonly retryAfter: number }> {
  const { data, error, response } = await session.api.request(operation.method, operation.path, {
    params: { path: { [jobIdParameter.name]: jobId } },
    ...sendWithin(session, call),
  });
  const pause = retryAfter(response.headers);
  if (!response.ok) throw new ApiError(call.label, response, error, pause);
  return { job: checkExportJob(data, call, jobId), retryAfter: pause };
}

function checkExportJob(data: ExportJob | undefined, { label }: Call, jobId: string): ExportJob {
  if (!isObject(data)) throw new InvalidResponseError(label, "it holds no job");
  const { property } = operation.job;
  if (typeof data[property] !== "string") {
    throw new InvalidResponseError(label, `the job has no ${property}`);
  }
  // UUIDs are the same in upper and lower case (RFC 9562 §4).
  if (String(data.id).toLowerCase() !== jobId.toLowerCase()) {
    throw new InvalidResponseError(
      label,
      `its id is that of another job, ${JSON.stringify(data.id)}`,
    );
  }
  return data;
}

import { operations } from "@audit-logs/generated/audit-logs/operations";
import type { paths } from "@audit-logs/generated/audit-logs/schema";
import { checkPathSegment } from "./address.ts";
import type { Scope } from "./deadline.ts";
import { ApiError, InvalidResponseError } from "./errors.ts";
import { retryAfter } from "./retry.ts";
import { openCall, sendCall, type CallOptions, type Session } from "./session.ts";

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
  options: CallOptions = {},
): Promise<ExportJob> {
  const scope = openCall(labelOf(jobId), options);
  try {
    return (await requestExportJob(session, jobId, scope)).job;
  } finally {
    scope.close();
  }
}

/** What messages call a request for a job. */
export function labelOf(jobId: string): string {
  const path = operation.path.replace(/\{.*?\}/, checkPathSegment("job id", jobId));
  return `${operation.method.toUpperCase()} ${path}`;
}

/** Asks for a job inside the scope of a longer call. */
export async function requestExportJob(
  session: Session,
  jobId: string,
  scope: Scope,
): Promise<{ readonly job: ExportJob; readonly retryAfter: number }> {
  const label = labelOf(jobId);
  const { data, error, response } = await session.api.request(operation.method, operation.path, {
    params: { path: { [jobIdParameter.name]: jobId } },
    // For this call alone, so that it stays bound even if middleware makes another request of it.
    fetch: (request) => sendCall(session, request, { scope, label }),
  });
  const pause = retryAfter(response.headers);
  if (!response.ok) throw new ApiError(label, response, error, pause);
  return { job: checkExportJob(data, label, jobId), retryAfter: pause };
}

function checkExportJob(data: ExportJob | undefined, label: string, jobId: string): ExportJob {
  if (typeof data !== "object" || data === null) {
    throw new InvalidResponseError(label, "it holds no job");
  }
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

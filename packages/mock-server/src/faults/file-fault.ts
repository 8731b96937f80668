import type { PreparedResponse, RawResponse } from "../response.ts";
import type { Download } from "../download.ts";
import type { FaultImplementation } from "./fault-kind.ts";

type ChangeResponse = (
  response: PreparedResponse,
  download: Download,
) => PreparedResponse | RawResponse | undefined;

/** A fault in the response with a file or a part of it. */
export function fileFault(
  number: number,
  summary: string,
  change: ChangeResponse,
): FaultImplementation {
  return {
    number,
    on: "download",
    summary,
    apply: ({ response, download }) => download && change(response, download),
  };
}

/** A fault in the response with a complete file that is not empty. */
export function fullFileFault(
  number: number,
  summary: string,
  change: ChangeResponse,
): FaultImplementation {
  return fileFault(number, summary, (response, download) =>
    response.status === 200 && download.body.length > 0 ? change(response, download) : undefined,
  );
}

/** A fault in the response with a part of a file, which resumes a download. */
export function partFault(
  number: number,
  summary: string,
  change: ChangeResponse,
): FaultImplementation {
  return fileFault(number, summary, (response, download) =>
    response.status === 206 ? change(response, download) : undefined,
  );
}

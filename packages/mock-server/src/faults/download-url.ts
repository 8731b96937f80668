import { isCompleted } from "../job.ts";
import type { FaultImplementation } from "./fault-kind.ts";

export type DownloadUrlFaultName =
  "file-url" | "data-url" | "link-local-url" | "private-url" | "private-name-url";

/** A completed job has a `download_url` that a client must not request. */
function withDownloadUrl(download_url: string): FaultImplementation {
  return {
    number: 77,
    on: "status",
    summary: `the download_url is ${download_url}`,
    apply: ({ response, job }) =>
      job && isCompleted(job)
        ? { ...response, body: JSON.stringify({ ...job.fields, download_url }) }
        : undefined,
  };
}

export const downloadUrlFaults: Readonly<Record<DownloadUrlFaultName, FaultImplementation>> = {
  "file-url": withDownloadUrl("file:///etc/passwd"),
  "data-url": withDownloadUrl("data:application/x-ndjson,{}"),
  "link-local-url": withDownloadUrl("https://169.254.169.254/latest/meta-data"),
  "private-url": withDownloadUrl("https://10.0.0.1/export"),
  "private-name-url": withDownloadUrl("https://localhost/export"),
};

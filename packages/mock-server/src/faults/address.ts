import { isCompleted } from "../job.ts";
import type { PlayedFault } from "./kind.ts";

export type AddressFaultName =
  "file-url" | "data-url" | "link-local-url" | "private-url" | "private-name-url";

/** A completed job's `download_url` leads where nobody should go. */
function leadsTo(download_url: string): PlayedFault {
  return {
    number: 77,
    on: "status",
    summary: `the download_url is ${download_url}`,
    apply: ({ answer, job }) =>
      job && isCompleted(job)
        ? { ...answer, body: JSON.stringify({ ...job.fields, download_url }) }
        : undefined,
  };
}

export const addressFaults: Readonly<Record<AddressFaultName, PlayedFault>> = {
  "file-url": leadsTo("file:///etc/passwd"),
  "data-url": leadsTo("data:application/x-ndjson,{}"),
  "link-local-url": leadsTo("https://169.254.169.254/latest/meta-data"),
  "private-url": leadsTo("https://10.0.0.1/export"),
  "private-name-url": leadsTo("https://localhost/export"),
};

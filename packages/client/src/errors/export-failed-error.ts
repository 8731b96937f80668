import { ClientError, type Subject } from "@audit-logs/runtime";
import type { ExportJob } from "../export-job.ts";

/** The export job ended in failure. */
export class ExportFailedError extends ClientError<ExportJob> {
  override readonly name = "ExportFailedError";
  readonly #job: ExportJob;

  constructor(job: ExportJob, redact?: Subject["redact"]) {
    super(
      { label: `Export job ${job.id}`, redact },
      `${job.status}: ${job.error_message ?? "the server gives no reason"}; start another export`,
    );
    this.#job = job;
    this.lastJob = job;
  }

  get job(): ExportJob {
    return this.#job;
  }
}

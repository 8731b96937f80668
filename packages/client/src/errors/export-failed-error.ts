import { ClientError, type Subject } from "@audit-logs/runtime";
import type { ExportJob, ExportSource } from "../export-job.ts";

/** The export job ended in failure. */
export class ExportFailedError extends ClientError<ExportJob> {
  override readonly name = "ExportFailedError";
  readonly #job: ExportJob;

  constructor(job: ExportSource, redact?: Subject["redact"]) {
    super(
      { label: `Export job ${job.id}`, redact },
      `${job.status}: ${job.error_message ?? "the server gives no reason"}; start another export`,
    );
    // A caller who has not asked for the job may have given no more of it than is needed.
    this.#job = job as ExportJob;
    this.lastJob = this.#job;
  }

  get job(): ExportJob {
    return this.#job;
  }
}

import { ClientError } from "@audit-logs/runtime";
import type { ExportJob } from "../export-job.ts";

/** The export job ended in failure. */
export class ExportFailedError extends ClientError<ExportJob> {
  override readonly name = "ExportFailedError";
  readonly #job: ExportJob;

  constructor(job: ExportJob) {
    super(
      `Export job ${job.id} ${job.status}: ${job.error_message ?? "the server gives no reason"}`,
    );
    this.#job = job;
    this.lastJob = job;
  }

  get job(): ExportJob {
    return this.#job;
  }
}

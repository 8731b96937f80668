import { ClientError, textOf, toLine, type Subject } from "@audit-logs/runtime";
import type { ExportJob, ExportSource } from "../export-job.ts";

/** The export job failed. */
export class ExportFailedError extends ClientError<ExportJob> {
  override readonly name = "ExportFailedError";
  readonly #job: ExportJob;

  constructor(job: ExportSource, redact?: Subject["redact"]) {
    const subject = { label: `Export job ${job.id}`, redact };
    const { error_message: message }: { readonly error_message?: unknown } = job;
    const reason = toLine(redact, textOf(message) || "the server gave no reason", 300);
    super(subject, `${job.status}: ${reason.replace(/[.\s]+$/, "")}; start another export`);
    // If the caller passed the job to a download, it may have only the fields of ExportSource.
    this.#job = job as ExportJob;
    this.lastJob = this.#job;
  }

  get job(): ExportJob {
    return this.#job;
  }
}

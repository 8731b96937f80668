import { ClientError, type Subject } from "@audit-logs/runtime";
import type { ExportJob } from "../export-job.ts";

/** A download ended before its end, or cannot be gone on with. */
export class DownloadInterruptedError extends ClientError<ExportJob> {
  override readonly name = "DownloadInterruptedError";
  /** The bytes that were delivered before. */
  readonly bytes: number;

  constructor(subject: Subject, fault: string, bytes: number, options?: ErrorOptions) {
    super(subject, `interrupted after ${bytes} bytes: ${fault}`, options);
    this.bytes = bytes;
  }
}

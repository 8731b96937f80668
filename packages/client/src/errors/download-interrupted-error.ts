import { ClientError, type Subject } from "@audit-logs/runtime";
import type { ExportJob } from "../export-job.ts";

/** A download stopped before it was complete, or cannot be resumed. */
export class DownloadInterruptedError extends ClientError<ExportJob> {
  override readonly name = "DownloadInterruptedError";
  /** The number of bytes that were delivered before the interruption. */
  readonly bytes: number;

  constructor(subject: Subject, fault: string, bytes: number, options?: ErrorOptions) {
    super(subject, `interrupted after ${bytes} bytes: ${fault}`, options);
    this.bytes = bytes;
  }
}

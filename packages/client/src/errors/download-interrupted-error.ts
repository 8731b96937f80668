import { ClientError, type Subject } from "@audit-logs/runtime";
import type { ExportJob } from "../export-job.ts";

/** A download stopped before it was complete, or cannot be resumed. */
export class DownloadInterruptedError extends ClientError<ExportJob> {
  override readonly name = "DownloadInterruptedError";
  override readonly isTransient: boolean;
  /** The number of bytes that were delivered before the interruption. */
  readonly bytes: number;

  /** @param cause the failed connection, if the download may succeed later */
  constructor(subject: Subject, fault: string, bytes: number, cause?: ClientError) {
    super(subject, `interrupted after ${bytes} bytes: ${fault}`, cause && { cause });
    this.isTransient = cause !== undefined;
    this.bytes = bytes;
    this.retryAfter = cause?.retryAfter ?? 0;
  }
}

import type { ExportJob } from "@audit-logs/client";
import type { Context } from "./context.ts";
import type { Output } from "./output.ts";

/** Shows how far an export is: a bar on a terminal, or else a line for each change. */
export interface Progress {
  job(job: Pick<ExportJob, "status" | "progress">): void;
  download(bytes: number, length: number | undefined): void;
  /** Leaves the terminal as it was. */
  stop(): void;
}

export async function createProgress(
  { stderr }: Pick<Context, "stderr">,
  output: Output,
): Promise<Progress> {
  if (!output.hasNotes) return { job() {}, download() {}, stop() {} };
  if (output.isInteractive) return drawBar(stderr);
  let last = "";
  return {
    job({ status, progress }) {
      const line = typeof progress === "number" ? `${status}, ${progress} %` : status;
      if (line !== last) output.note(line);
      last = line;
    },
    download(_bytes, length) {
      // The number of bytes changes too often for a line each.
      const line = `downloading${length === undefined ? "" : ` ${formatBytes(length)}`}`;
      if (line !== last) output.note(line);
      last = line;
    },
    stop() {},
  };
}

async function drawBar(stream: Context["stderr"]): Promise<Progress> {
  const { SingleBar } = (await import("cli-progress")).default;
  const bar = new SingleBar({
    stream,
    format: "{bar} {percentage} % | {state} | {duration} s{details}",
    barsize: 20,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    clearOnComplete: true,
    // A killed process would leave the terminal without a cursor.
    hideCursor: false,
    // The command handles signals.
    gracefulExit: false,
  });
  let start: number | undefined;
  bar.start(100, 0, { state: "starting", details: "" });
  return {
    job({ status, progress }) {
      bar.update(progress ?? 0, { state: status });
    },
    download(bytes, length) {
      start ??= performance.now();
      const seconds = Math.max(0.001, (performance.now() - start) / 1000);
      const rate = bytes / seconds;
      const left = length === undefined ? undefined : Math.ceil((length - bytes) / rate);
      const of = length === undefined ? "" : ` of ${formatBytes(length)}`;
      const rest = left === undefined ? "" : `, ${left} s left`;
      const details = ` | ${formatBytes(bytes)}${of}, ${formatBytes(rate)}/s${rest}`;
      const percent = length ? Math.floor((bytes / length) * 100) : 0;
      bar.update(percent, { state: "downloading", details });
    },
    stop() {
      bar.stop();
    },
  };
}

/** A number of bytes for people: `1.5 MB`. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(bytes || 1) / 3)));
  const value = bytes / 1000 ** power;
  return `${power === 0 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

import type { ExportJob } from "@audit-logs/client";
import { createBarTerminal } from "./bar-terminal.ts";
import type { Context } from "./context.ts";
import { escapeControls } from "./escape-controls.ts";
import type { Output } from "./output.ts";

/** Shows how far an export is: a bar on a terminal, or else a line for each change. */
export interface Progress {
  job(job: Pick<ExportJob, "status" | "progress" | "total_records">): void;
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
  const terminal = createBarTerminal(stream);
  let parts: readonly string[] = ["starting"];
  let events: string | undefined;
  let first: { readonly time: number; readonly bytes: number } | undefined;
  const start = performance.now();
  const options = {
    stream,
    terminal,
    format: (_options: unknown, { progress }: { readonly progress: number }): string => {
      const [state = "", ...rest] = parts;
      const percent = `${Math.floor(progress * 100)} %`;
      const elapsed = `${Math.round(secondsSince(start))} s`;
      return formatBar(progress, [percent, state, elapsed, ...rest], terminal.getWidth());
    },
    clearOnComplete: true,
    // The command handles signals.
    gracefulExit: false,
  };
  const bar = new SingleBar(options);
  bar.start(100, 0);
  return {
    job({ status, progress, total_records: total }) {
      if (typeof total === "number") events = formatEvents(total);
      parts = [escapeControls(status)];
      bar.update(progress ?? 0);
    },
    download(bytes, length) {
      // Not from 0: an earlier run may have downloaded a part. Fewer bytes: the file comes again from the start.
      if (!first || bytes < first.bytes) first = { time: performance.now(), bytes };
      const rate = (bytes - first.bytes) / Math.max(0.001, secondsSince(first.time));
      parts = [
        "downloading",
        `${formatBytes(bytes)}${length === undefined ? "" : ` of ${formatBytes(length)}`}`,
        ...(rate > 0 ? [`${formatBytes(rate)}/s`] : []),
        ...(rate > 0 && length !== undefined
          ? [`${Math.ceil((length - bytes) / rate)} s left`]
          : []),
        ...(events === undefined ? [] : [events]),
      ];
      bar.update(length ? (bytes / length) * 100 : 0);
    },
    stop() {
      bar.stop();
    },
  };
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}

const barLength = { least: 5, most: 20 };

/** Formats a bar and as many of the parts as fit, so that a narrow terminal shows none of them in half. */
function formatBar(progress: number, parts: readonly string[], columns: number): string {
  let text = "";
  for (const part of parts) {
    const longer = text === "" ? part : `${text}, ${part}`;
    if (barLength.least + 1 + longer.length > columns) break;
    text = longer;
  }
  const { least, most } = barLength;
  const length = Math.max(least, Math.min(most, columns - text.length - 1));
  const complete = Math.floor(progress * length);
  return `${"█".repeat(complete)}${"░".repeat(length - complete)} ${text}`;
}

/** A number of bytes for people: `1.5 MB`. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(bytes || 1) / 3)));
  const value = bytes / 1000 ** power;
  return `${power === 0 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

/** A number of events for people: `1 event`. */
export function formatEvents(count: number): string {
  return `${count} ${count === 1 ? "event" : "events"}`;
}

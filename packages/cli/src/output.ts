import { once } from "node:events";
import { styleText } from "node:util";
import type { Context } from "./context.ts";
import { escapeControls, formatJson } from "./escape-controls.ts";
import type { FailureReport } from "./failure.ts";
import type { Settings } from "./settings.ts";

/** Where a command writes: data to stdout, everything else to stderr. */
export interface Output {
  /** Writes data. Resolves when the reader can take more, and rejects if the command is aborted before. */
  write(data: string | Uint8Array): Promise<void>;
  /** Prints a line for the user; not with `--quiet` or `--json`. */
  note(text: string): void;
  /** Reports a request, for `--verbose`. */
  trace(text: string): void;
  /** Whether notes are shown, and a line can be drawn over: nothing else is written meanwhile. */
  readonly isInteractive: boolean;
  /** Whether notes are shown. */
  readonly hasNotes: boolean;
}

/** The reader of stdout has closed it, as `head` does. */
export class ClosedOutputError extends Error {
  override readonly name = "ClosedOutputError";
}

export function createOutput(
  { stdout, stderr, env, signal }: Pick<Context, "stdout" | "stderr" | "env" | "signal">,
  { json = false, quiet = false, verbose = false, color = true }: Settings,
): Output {
  const hasNotes = !json && !quiet;
  const canDraw = stderr.isTTY === true && env["TERM"] !== "dumb" && !verbose;
  const dim = (text: string): string =>
    canPaint(stderr, env, color) ? styleText("dim", text, { validateStream: false }) : text;
  return {
    async write(data) {
      // Rejects with the reason if the stream fails, or failed before.
      if (stdout.errored && !isClosed(stdout.errored)) throw stdout.errored;
      if (stdout.destroyed) throw new ClosedOutputError();
      const written = new Promise<void>((resolve, reject) => {
        const abort = (): void => reject(signal.reason);
        signal.addEventListener("abort", abort, { once: true });
        stdout.write(data, (error) => {
          signal.removeEventListener("abort", abort);
          if (error) reject(error);
          else resolve();
        });
      });
      try {
        await written;
      } catch (error) {
        throw isClosed(error) ? new ClosedOutputError("stdout is closed", { cause: error }) : error;
      }
    },
    note(text) {
      if (hasNotes) stderr.write(`${escapeControls(text)}\n`);
    },
    trace(text) {
      stderr.write(`${dim(escapeControls(text))}\n`);
    },
    isInteractive: hasNotes && canDraw,
    hasNotes,
  };
}

function isClosed(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "EPIPE" || code === "ERR_STREAM_DESTROYED";
}

function canPaint(stream: Context["stderr"], env: Context["env"], color: boolean): boolean {
  // https://no-color.org: any value that is not empty.
  return color && stream.isTTY === true && (env["NO_COLOR"] ?? "") === "";
}

/** Writes the report of a failure to stderr, and waits until it is written. */
export async function writeFailure(
  { stderr, env }: Pick<Context, "stderr" | "env">,
  { json = false, color = true }: Settings,
  { code, message, next }: FailureReport,
): Promise<void> {
  const name = canPaint(stderr, env, color)
    ? styleText("red", "audit-logs:", { validateStream: false })
    : "audit-logs:";
  const text = json
    ? formatJson({ code, message, next: next ?? null })
    : `${name} ${escapeControls(message)}\n${next === undefined ? "" : `Next: ${next}\n`}`;
  if (!stderr.write(text) && !stderr.destroyed) await once(stderr, "drain").catch(() => undefined);
}

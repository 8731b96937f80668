import { mkdir, stat } from "node:fs/promises";
import type { Command } from "../command.ts";
import { connect } from "../connect.ts";
import { formatTime, parseDuration, parseTime } from "../dates.ts";
import { withNext } from "../describe-failure.ts";
import { checkFolder } from "../deliver.ts";
import { formatJson } from "../escape-controls.ts";
import { usageError } from "../failure.ts";
import { createProgress, formatEvents } from "../progress.ts";
import { formatCommand } from "../settings.ts";
import { fileOperations } from "../sync/file-operations.ts";
import { missingStart, syncFolder } from "../sync/sync-folder.ts";
import type { Window } from "../sync/window.ts";
import { paceFlags, readPace, waitForJob, type WaitFlags } from "../wait-for-job.ts";

export interface SyncFlags extends WaitFlags {
  readonly dir: string;
  readonly from?: string;
  readonly every?: string;
  readonly lag?: string;
  readonly overlap?: string;
  readonly output?: string;
}

/** Keeps a folder up to date: one file for each window of time. */
export async function sync(command: Command, flags: SyncFlags): Promise<void> {
  const { context, settings, output } = command;
  const { dir: folder, every = "1d", lag = "15m", overlap = "0s", output: path } = flags;
  if (folder === "") throw usageError("--dir is empty; write the path of a folder");
  if (path !== undefined && path !== "-") throw usageError("-o of sync can only be -, for stdout");
  if (path === "-" && settings.json) {
    throw usageError("--json and -o - cannot be combined: both write to stdout");
  }
  const pace = readPace(flags);
  const { signal, now } = context;
  const { from: text } = flags;
  const from = text === undefined ? undefined : { text, time: parseTime("--from", text, now()) };
  const times = {
    // The names of the files have whole milliseconds, and people read them.
    every: parseDuration("--every", every, 1000),
    lag: parseDuration("--lag", lag, 0),
    overlap: parseDuration("--overlap", overlap, 0),
  };
  if (await stat(folder).catch(() => undefined)) await checkFolder(folder, "--dir");
  else if (text === undefined) throw missingStart(folder);
  const auditLogs = await connect(context, settings, output);
  const { saveExport } = await import("@audit-logs/client/node");
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw usageError(`${folder} cannot be created (${String(error)}); choose another with --dir`);
  });

  const next = formatCommand(settings, ["sync"], {
    "--dir": folder,
    "--from": text,
    "--every": every,
    "--lag": lag,
    "--overlap": overlap,
    "-o": path,
    ...paceFlags(flags),
  });
  const exportWindow = async (window: Window, file: string): Promise<void> => {
    const selection = { from: formatTime(window.from), to: formatTime(window.to) };
    output.note(`From ${selection.from} to ${selection.to}, both inclusive`);
    const progress = await createProgress(context, output);
    try {
      const jobId = await auditLogs.startExport(selection, { signal });
      const job = await waitForJob(command, auditLogs, jobId, pace, progress, next);
      await saveExport(auditLogs, job, file, {
        signal,
        onProgress: ({ bytes, length }) => progress.download(bytes, length),
      });
    } finally {
      progress.stop();
    }
  };

  const documents: string[] = [];
  await withNext(command, next, async () => {
    const windows = syncFolder({
      folder,
      from,
      now,
      files: fileOperations,
      exportWindow,
      ...times,
      ...(path === "-" && { onLines: (lines: Uint8Array) => output.write(lines) }),
    });
    for await (const { window, path: file, events, repeated } of windows) {
      const bounds = { from: formatTime(window.from), to: formatTime(window.to) };
      documents.push(formatJson({ ...bounds, path: file, events, repeated }));
      output.note(
        `Saved ${file}: ${formatEvents(events)}, ${repeated} more already in earlier files`,
      );
    }
  });
  output.note(documents.length === 0 ? "Nothing to do: no new window is over" : "Up to date");
  // At the end, because a failure leaves nothing on stdout.
  if (settings.json) await output.write(documents.join(""));
}

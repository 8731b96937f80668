import { lstat } from "node:fs/promises";
import { resolve } from "node:path";
import type { AuditLogsClient, ExportSource } from "@audit-logs/client";
import type { Command } from "./command.ts";
import { withNext } from "./describe-failure.ts";
import { exitCodes, Failure, usageError } from "./failure.ts";
import { formatBytes, type Progress } from "./progress.ts";
import { countLines } from "./json-lines.ts";

/** Where an export goes. */
export interface Destination {
  /** The file's path, or `-` for stdout. */
  readonly path: string;
  readonly force: boolean;
}

/** Checks the destination before anything is sent. */
export async function checkDestination(
  { path, force }: Destination,
  { json = false }: { readonly json?: boolean },
): Promise<void> {
  if (path === "-") {
    if (json) throw usageError("--json and -o - exclude each other: both write to stdout");
    return;
  }
  if (force || !(await exists(path))) return;
  throw new Failure(`${path} exists and is not overwritten`, {
    exitCode: exitCodes.error,
    code: "exists",
    next: "Choose another file with -o, or overwrite it with --force",
  });
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch {
    return false;
  }
}

/** Downloads a completed export to a file, or to stdout. */
export async function deliver(
  command: Command,
  auditLogs: AuditLogsClient,
  source: ExportSource | string,
  { path }: Destination,
  progress: Progress,
  next: string,
): Promise<void> {
  const { context, settings, output } = command;
  const { signal } = context;
  await withNext(next, async () => {
    if (path === "-") return writeToStdout(command, auditLogs, source);
    const { saveExport } = await import("@audit-logs/client/node");
    const saved = await saveExport(auditLogs, source, path, {
      signal,
      onProgress: ({ bytes, length }) => progress.download(bytes, length),
    });
    progress.stop();
    const { bytes, verifiedBy } = saved;
    const jobId = typeof source === "string" ? source : source.id;
    if (settings.json) {
      const document = { job_id: jobId, path: resolve(path), bytes, verified_by: verifiedBy };
      await output.write(`${JSON.stringify(document)}\n`);
    }
    const proof =
      verifiedBy.length > 0
        ? `${verifiedBy.join(" and ")} ${verifiedBy.length > 1 ? "match" : "matches"}`
        : "nothing to check it by";
    output.note(`Saved ${path}: ${formatBytes(bytes)}, ${proof}`);
  });
}

/** No progress is drawn: the data may appear on the same terminal. */
async function writeToStdout(
  { context: { signal }, output }: Command,
  auditLogs: AuditLogsClient,
  source: ExportSource | string,
): Promise<void> {
  const { findHostFault } = await import("@audit-logs/client/node");
  const download = await auditLogs.openDownload(source, { signal, findHostFault });
  const lines = countLines();
  try {
    for await (const chunk of download) {
      lines.add(chunk);
      await output.write(chunk);
    }
  } finally {
    await download.close();
  }
  const { total_records: total } = download.state.job;
  const count = lines.end();
  if (typeof total !== "number" || total === count) return;
  throw new Failure(`${count} events came, and the job counts ${total}; do not rely on them`, {
    code: "download-interrupted",
  });
}

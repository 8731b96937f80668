import type { Stats } from "node:fs";
import { access, constants, lstat, stat } from "node:fs/promises";
import { dirname, resolve, sep } from "node:path";
import type { AuditLogsClient, ExportSource } from "@audit-logs/client";
import type { Command } from "./command.ts";
import { withNext } from "./describe-failure.ts";
import { formatJson } from "./escape-controls.ts";
import { Failure, usageError } from "./failure.ts";
import { formatBytes, formatEvents, type Progress } from "./progress.ts";

/** Where an export goes. */
interface Destination {
  /** The file's path, or `-` for stdout. */
  readonly path: string;
  readonly force: boolean;
}

/**
 * Checks a destination before anything is sent. Without a path, it is a file in the working folder whose name
 * is not known yet.
 */
export async function checkDestination(
  { path, force }: Omit<Destination, "path"> & { readonly path: string | undefined },
  { json = false }: { readonly json?: boolean },
): Promise<void> {
  if (path === "-") {
    if (json) throw usageError("--json and -o - cannot be combined: both write to stdout");
    return;
  }
  if (path === undefined) return checkFolder(".", "-o");
  if (path === "") throw usageError("-o is empty; write the path of a file, or - for stdout");
  const found = await find(path);
  if (found?.isDirectory() || path.endsWith("/") || path.endsWith(sep)) {
    throw usageError(`-o ${path} is a folder; add the name of a file`);
  }
  if (found && !found.isFile()) {
    throw usageError(`-o ${path} is not a regular file; write another path, or - for stdout`);
  }
  for (const ending of unfinishedEndings) {
    if (path.endsWith(ending)) {
      throw usageError(
        `-o must not end in ${ending}, like the files of an unfinished save; choose another name`,
      );
    }
    if ((await find(path + ending))?.isFile() === false) {
      throw usageError(`${path}${ending} is not a regular file; delete it, or choose another path`);
    }
  }
  await checkFolder(dirname(path), "-o");
  if (force || !found) return;
  throw existsFailure(path, "Choose another file with -o, or overwrite it with --force");
}

function existsFailure(path: string, next: string): Failure {
  return new Failure(`${path} exists and is not overwritten`, { code: "exists", next });
}

/** What saving adds to a path for the files that it deletes at the end. */
const unfinishedEndings = [".lock", ".part", ".part.json", ".part.gz"];

function find(path: string): Promise<Stats | undefined> {
  return lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENAMETOOLONG") return undefined;
    throw usageError(`the name of ${path} is too long; choose another with -o`);
  });
}

/** Checks that files can be created in a folder. */
export async function checkFolder(folder: string, option: "-o" | "--dir"): Promise<void> {
  const remedy = `choose another with ${option}`;
  const found = await stat(folder).catch(() => undefined);
  if (!found) throw usageError(`the folder ${folder} does not exist; create it, or ${remedy}`);
  if (!found.isDirectory()) throw usageError(`${folder} is not a folder; ${remedy}`);
  try {
    await access(folder, constants.W_OK | constants.X_OK);
  } catch {
    throw usageError(`the folder ${resolve(folder)} is not writable; ${remedy}`);
  }
}

/** Downloads a completed export to a file, or to stdout. */
export async function deliver(
  command: Command,
  auditLogs: AuditLogsClient,
  source: ExportSource | string,
  destination: Destination,
  progress: Progress,
  next: string,
): Promise<void> {
  const { context, settings, output } = command;
  const { signal } = context;
  const { path, force } = destination;
  if (path === "-") {
    return withNext(command, next, () => writeToStdout(command, auditLogs, source));
  }
  const { bytes, verifiedBy } = await withNext(command, next, async () => {
    // The folder may have changed during the wait.
    await checkDestination({ path, force: true }, settings);
    const { saveExport } = await import("@audit-logs/client/node");
    const saving = saveExport(auditLogs, source, path, {
      signal,
      overwrite: force,
      onProgress: ({ bytes: received, length }) => progress.download(received, length),
    });
    return saving.catch((error: unknown) => {
      // Another program has created the file since it was checked.
      const { name, code } = error as NodeJS.ErrnoException;
      if (name !== "AuditLogsError" || code !== "EEXIST") throw error;
      throw existsFailure(path, `With another -o, or --force: ${next}`);
    });
  });
  progress.stop();
  const jobId = typeof source === "string" ? source : source.id;
  if (settings.json) {
    const document = { job_id: jobId, path: resolve(path), bytes, verified_by: verifiedBy };
    await output.write(formatJson(document));
  }
  const proof =
    verifiedBy.length > 0
      ? `${verifiedBy.join(" and ")} ${verifiedBy.length > 1 ? "match" : "matches"}`
      : "nothing to check it by";
  output.note(`Saved ${path}: ${formatBytes(bytes)}, ${proof}`);
}

/** No progress is drawn: the data may appear on the same terminal. */
async function writeToStdout(
  { context: { signal }, output }: Command,
  auditLogs: AuditLogsClient,
  source: ExportSource | string,
): Promise<void> {
  const { createLineCheck, findHostFault } = await import("@audit-logs/client/node");
  const { DownloadInterruptedError, InvalidResponseError } = await import("@audit-logs/client");
  const download = await auditLogs.openDownload(source, { signal, findHostFault });
  const { state } = download;
  const subject = { label: `Download of export ${state.job.id}` };
  const check = createLineCheck();
  try {
    for await (const chunk of download) {
      const fault = check.add(chunk);
      if (fault !== undefined) throw new InvalidResponseError(subject, fault);
      await output.write(chunk);
    }
  } finally {
    await download.close();
  }
  const { events, isCut, fault } = check.end();
  const { total_records: total } = state.job;
  if (fault !== undefined) throw new InvalidResponseError(subject, fault);
  if (isCut) throw new DownloadInterruptedError(subject, "the last line is truncated", state.bytes);
  if (typeof total !== "number" || total === events) return;
  const counts = `${formatEvents(events)} arrived, but the job counts ${total}; do not rely on them`;
  throw events < total
    ? new DownloadInterruptedError(subject, counts, state.bytes)
    : new InvalidResponseError(subject, counts);
}

import { randomUUID } from "node:crypto";
import { lookup } from "node:dns/promises";
import { constants, createReadStream } from "node:fs";
import { link, lstat, open, readFile, rename, rm, stat } from "node:fs/promises";
import { hostname as nameOfHost } from "node:os";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
// From the main entry, so that its errors are the same classes, and its file stays one.
import {
  AuditLogsError,
  DownloadInterruptedError,
  InvalidResponseError,
  isPrivateHost,
  type AuditLogsClient,
  type DownloadOptions,
  type DownloadState,
  type ExportSource,
  type ReadSummary,
  type Resume,
} from "./index.ts";
import { inspectLines, isGzipFile } from "./node/line-file.ts";

export interface SaveOptions extends Omit<DownloadOptions, "resume"> {
  /**
   * Whether the file is compressed with gzip; by default if the path ends in `.gz`. A file that the
   * server has as gzip stays as it is, and is refused if it is not to be compressed.
   */
  readonly compress?: boolean;
  /** As for a download; by default {@link findHostFault}. */
  readonly findHostFault?: (url: URL) => Promise<string | undefined>;
}

/** A file that was saved, and what speaks for its being whole. */
export interface SavedExport {
  readonly path: string;
  /** The bytes that the server has of it: as many as the file has, unless it was compressed here. */
  readonly bytes: number;
  /** As for what is read. */
  readonly verifiedBy: ReadSummary["verifiedBy"];
}

/**
 * Saves the file of a completed export, by its job or the job's id. The path appears when the file is
 * whole, and replaces what was there. Until then the bytes are in `<path>.part`, and what they are a
 * part of in `<path>.part.json`: after a failure, or when the process was killed, the next call goes
 * on from there, if the server has given a strong entity tag, or else starts anew. The file can be read
 * by its owner alone. While it is saved, `<path>.lock` says which process does so; the lock of one that
 * has died is taken over.
 *
 * @throws AuditLogsError if the path is no regular file, or another process saves to it
 * @throws DownloadInterruptedError, InvalidResponseError, ApiError, ConnectionError, TimeoutError as a
 *   download and the reading of an export do
 * @throws Node's own error if the file cannot be written (`code` is e.g. `"ENOSPC"`)
 */
export async function saveExport(
  auditLogs: Pick<AuditLogsClient, "openDownload">,
  source: ExportSource | string,
  path: string,
  options: SaveOptions = {},
): Promise<SavedExport> {
  if (!["boolean", "undefined"].includes(typeof options.compress)) {
    throw new TypeError("compress has to be true or false");
  }
  const id = typeof source === "string" ? source : source.id;
  const partial: PartialFile = {
    id,
    part: `${path}.part`,
    note: `${path}.part.json`,
    packed: `${path}.part.gz`,
  };
  for (const file of [path, partial.part, partial.note, partial.packed]) await checkRegular(file);
  const unlock = await lock(path);
  try {
    return await saveLocked(auditLogs, source, path, options, partial);
  } finally {
    await unlock();
  }
}

async function saveLocked(
  auditLogs: Pick<AuditLogsClient, "openDownload">,
  source: ExportSource | string,
  path: string,
  { compress = path.endsWith(".gz"), ...options }: SaveOptions,
  partial: PartialFile,
): Promise<SavedExport> {
  const resume = await findResume(partial);
  let state: DownloadState;
  try {
    state = await download(auditLogs, source, partial, options, resume);
  } catch (error) {
    // The server's first answer did not fit the part: that is of another version.
    const isOther =
      error instanceof DownloadInterruptedError &&
      error.cause === undefined &&
      error.bytes === resume?.bytes;
    if (!isOther) throw error;
    state = await download(auditLogs, source, partial, options);
  }
  const isGzip = await isGzipFile(partial.part);
  const verifiedBy = await verify(partial, state, isGzip, compress);
  if (compress && !isGzip) {
    await compressPart(partial, options.signal);
    await rename(partial.packed, path);
    await rm(partial.part);
  } else {
    await rename(partial.part, path);
  }
  await rm(partial.note, { force: true });
  return { path, bytes: state.bytes, verifiedBy };
}

/**
 * Looks the host of an address up, and gives the fault if one of its addresses is not public. The
 * request looks it up again, so this is no defence against who controls the name.
 */
export async function findHostFault({ hostname }: URL): Promise<string | undefined> {
  const found = await lookup(hostname.replaceAll(/^\[|\]$/g, ""), { all: true });
  const hidden = found.find(({ address }) => isPrivateHost(address));
  return hidden && `${hostname} is at ${hidden.address}, which is not on the public internet`;
}

/** Checks that nothing is there but a file: a link may lead to one that is not the caller's to replace. */
async function checkRegular(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (!found || found.isFile()) return;
  const kind = found.isDirectory() ? "a directory" : found.isSymbolicLink() ? "a link" : "a device";
  throw new AuditLogsError({ label: path }, `it is ${kind}; save to the path of a regular file`);
}

/** Opens a file that its owner alone can read, and follows no link. */
const openOwn = (path: string, flags: number): ReturnType<typeof open> =>
  open(path, flags | constants.O_CREAT | constants.O_WRONLY | constants.O_NOFOLLOW, 0o600);

/**
 * Takes the lock of a path, also from a process that has died.
 *
 * @returns what lets go of it
 */
async function lock(path: string): Promise<() => Promise<void>> {
  const file = `${path}.lock`;
  const own = `${file}.${randomUUID()}`;
  for (;;) {
    try {
      const handle = await openOwn(own, constants.O_EXCL);
      await handle.writeFile(`${process.pid} on ${nameOfHost()}`);
      await handle.close();
      // It is there with what is in it, or not at all.
      await link(own, file);
      return () => rm(file, { force: true });
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    } finally {
      await rm(own, { force: true });
    }
    const holder = await readFile(file, "utf8").catch(() => "");
    if (isAlive(holder)) {
      const remedy = `if it does not, delete ${file}`;
      throw new AuditLogsError({ label: path }, `process ${holder} saves to it; ${remedy}`);
    }
    // Of two that find it, one moves it away. Was it a new one, it goes back.
    await rename(file, own).catch(() => undefined);
    const moved = await readFile(own, "utf8").catch(() => holder);
    if (moved === holder) await rm(own, { force: true });
    else await rename(own, file);
  }
}

/** Whether the process of a lock may be at work: that of another host always may. */
function isAlive(holder: string): boolean {
  const [pid = "", , host] = holder.split(" ");
  if (host !== nameOfHost()) return host !== undefined;
  try {
    // Signal 0 asks only.
    return process.kill(Number(pid), 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Where a file is before it is whole. */
interface PartialFile {
  /** The job. */
  readonly id: string;
  /** The bytes so far. */
  readonly part: string;
  /** The job and the entity tag that the bytes are a part of. */
  readonly note: string;
  /** The whole of the bytes, while they are compressed. */
  readonly packed: string;
}

async function findResume({ id, part, note }: PartialFile): Promise<Resume | undefined> {
  try {
    const noted: unknown = JSON.parse(await readFile(note, "utf8"));
    const { size } = await stat(part);
    if (typeof noted !== "object" || noted === null) return undefined;
    if (!("id" in noted && "etag" in noted) || noted.id !== id || size === 0) return undefined;
    // A strong entity tag (RFC 9110 §8.8.3): it becomes a header.
    const etag = String(noted.etag);
    return /^"[\x21\x23-\x7e\x80-\xff]*"$/.test(etag) ? { bytes: size, etag } : undefined;
  } catch {
    // There is none, or it was cut when it was written.
    return undefined;
  }
}

async function download(
  auditLogs: Pick<AuditLogsClient, "openDownload">,
  source: ExportSource | string,
  { id, part, note }: PartialFile,
  options: SaveOptions,
  resume?: Resume,
): Promise<DownloadState> {
  // Nothing is touched before the server has answered.
  const opened = await auditLogs.openDownload(source, {
    findHostFault,
    ...options,
    ...(resume && { resume }),
  });
  try {
    if (resume === undefined) await rm(note, { force: true });
    const file = await openOwn(part, resume === undefined ? constants.O_TRUNC : constants.O_APPEND);
    try {
      // Before the first byte, and never beside bytes of another version.
      const { etag } = opened.state;
      if (resume === undefined && etag !== undefined) {
        const handle = await openOwn(note, constants.O_TRUNC);
        await handle.writeFile(JSON.stringify({ id, etag }));
        await handle.close();
      }
      for await (const chunk of opened) await file.appendFile(chunk);
      await file.sync();
      return opened.state;
    } finally {
      await file.close();
    }
  } finally {
    await opened.close();
  }
}

/** Compresses a part that is whole. It stays, so that the next call can go on from there. */
async function compressPart(
  { part, packed }: PartialFile,
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted();
  try {
    const file = await openOwn(packed, constants.O_TRUNC);
    try {
      await pipeline(
        createReadStream(part),
        createGzip(),
        async (chunks: AsyncIterable<Uint8Array>) => {
          for await (const chunk of chunks) await file.appendFile(chunk);
        },
        { ...(signal && { signal }) },
      );
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    await rm(packed, { force: true });
    signal?.throwIfAborted();
    throw error;
  }
}

/**
 * Checks what is on the disk. If asking for the rest would not help, the next call starts from the
 * beginning.
 */
async function verify(
  { id, part, note }: PartialFile,
  { bytes, length, job }: DownloadState,
  isGzip: boolean,
  mayBeGzip: boolean,
): Promise<SavedExport["verifiedBy"]> {
  const subject = { label: `Download of export ${id}` };
  const total = job.total_records;
  try {
    const { size } = await stat(part);
    if (size !== bytes) {
      const fault = `${part} has ${size} bytes in place of ${bytes}: who else wrote it?`;
      throw new AuditLogsError(subject, fault);
    }
    if (isGzip && !mayBeGzip) {
      const remedy = "save it to a path that ends in .gz";
      throw new InvalidResponseError(subject, `it is gzip, and does not say so: ${remedy}`);
    }
    const { events, isCut, fault } = await inspectLines(part, isGzip);
    const counts = `it holds ${events} events, and the job counts ${total}`;
    if (fault !== undefined) throw new InvalidResponseError(subject, fault);
    if (isCut) throw new DownloadInterruptedError(subject, "the last line is cut short", bytes);
    if (typeof total === "number" && events < total) {
      throw new DownloadInterruptedError(subject, counts, bytes);
    }
    if (typeof total === "number" && events > total)
      throw new InvalidResponseError(subject, counts);
  } catch (error) {
    const mayGoOn = error instanceof DownloadInterruptedError && length === undefined;
    if (!mayGoOn) await rm(note, { force: true });
    throw error;
  }
  return [
    ...(length === undefined ? [] : (["length"] as const)),
    ...(typeof total === "number" ? (["total_records"] as const) : []),
  ];
}

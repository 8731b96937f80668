import { lookup } from "node:dns/promises";
import { constants, createReadStream, createWriteStream } from "node:fs";
import {
  link,
  lstat,
  open,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
  type FileHandle,
} from "node:fs/promises";
import { resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { callOptionNames, checkOptions, isObject } from "@audit-logs/runtime";
import { lockFile } from "@audit-logs/runtime/node/lock-file";
// From the main entry, so that both entries share one file, and the same classes of errors.
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
import { isStrongTag } from "./download/strong-tag.ts";
import { inspectLines, isGzipFile } from "./node/line-file.ts";

export { createLineCheck, type LineCheck, type LineReport } from "./node/line-check.ts";

export interface SaveOptions extends Omit<DownloadOptions, "resume"> {
  /**
   * How long the download may take in total, in milliseconds; 3,600,000 by default. Checking and compressing
   * the file afterwards has no limit, but ends when `signal` aborts.
   */
  readonly timeout?: number;
  /**
   * Whether to compress the file with gzip; by default, if the path ends in `.gz`. If the server's file
   * is gzip already, it is saved as it is, and refused when `compress` is false.
   */
  readonly compress?: boolean;
  /** Whether to replace an existing file, whenever it appeared; true by default. */
  readonly overwrite?: boolean;
  /** Checks the host of the download's URL; {@link findHostFault} by default. */
  readonly findHostFault?: (url: URL) => Promise<string | undefined>;
}

/** A saved file, and the evidence that it is complete. */
export interface SavedExport {
  readonly path: string;
  /** The bytes that were downloaded: the size of the file, unless it was compressed here. */
  readonly bytes: number;
  /** What the file was compared with, as for {@link ReadSummary}. */
  readonly verifiedBy: ReadSummary["verifiedBy"];
}

/**
 * Saves the file of a completed export, given its job or the job's id. The file appears at the path when
 * it is complete, and replaces an existing file, unless `overwrite` is false. Until then its bytes are in
 * `<path>.part`, and the job and the entity tag in `<path>.part.json`. After a failure, or if the process was
 * killed, the next call resumes from there if the server sent a strong entity tag; otherwise it starts again.
 * Only the owner can read the file. `<path>.lock` names the process that is saving; the lock of a dead process
 * is taken over.
 *
 * Checks the length, the number of events, and that each line begins with `{`. `readExport` also parses the
 * lines.
 *
 * @throws TypeError if the path ends like the name of one of those files
 * @throws AuditLogsError if the path is not a regular file, another process saves to it, or, with the `code`
 *   `"EEXIST"`, there is a file that must not be overwritten
 * @throws DownloadInterruptedError, InvalidResponseError, ApiError, ConnectionError, TimeoutError as
 *   `openDownload` and `readExport` do
 * @throws Node's own error if the file cannot be written (`code` is e.g. `"ENOSPC"`)
 */
export async function saveExport(
  auditLogs: Pick<AuditLogsClient, "openDownload">,
  source: ExportSource | string,
  path: string,
  options: SaveOptions = {},
): Promise<SavedExport> {
  checkOptions(options, [
    ...callOptionNames,
    "onProgress",
    "findHostFault",
    "compress",
    "overwrite",
  ]);
  if (typeof path !== "string" || !/[^/]$/.test(path)) {
    throw new TypeError("path must be the path of a file");
  }
  const [ending] = /\.(?:lock|part(?:\.json|\.gz)?)$/.exec(path) ?? [];
  if (ending) throw new TypeError(`path must not end in ${ending}: its temporary files end so`);
  // The process may change its working directory.
  const target = resolve(path);
  const id = typeof source === "string" ? source : source?.id;
  const partial: PartialFile = {
    id,
    part: `${target}.part`,
    note: `${target}.part.json`,
    compressed: `${target}.part.gz`,
  };
  const lock = `${target}.lock`;
  for (const file of [target, partial.part, partial.note, partial.compressed, lock])
    await checkRegular(file);
  const unlock = await lockFile(lock, (holder) => {
    const fault = holder
      ? `${holder} is already saving to it; if the process, or its worker thread, has ended, delete ${lock}`
      : `${lock} is empty, or not a lock of this client; delete it if nothing uses it, or save to another path`;
    return new AuditLogsError({ label: path }, fault);
  });
  try {
    const saved = await saveLocked(auditLogs, source, target, options, partial);
    return { path, ...saved };
  } finally {
    await unlock();
  }
}

async function saveLocked(
  auditLogs: Pick<AuditLogsClient, "openDownload">,
  source: ExportSource | string,
  path: string,
  { compress = path.endsWith(".gz"), overwrite = true, ...options }: SaveOptions,
  partial: PartialFile,
): Promise<Omit<SavedExport, "path">> {
  if (!overwrite && (await lstat(path).catch(() => undefined))) throw createExistsError(path);
  const resume = await findResume(partial);
  let state: DownloadState;
  try {
    state = await download(auditLogs, source, partial, options, resume);
  } catch (error) {
    // The server's first response did not match the part, which is of another version.
    const hasChanged =
      error instanceof DownloadInterruptedError &&
      error.cause === undefined &&
      error.bytes === resume?.bytes;
    if (!hasChanged) throw error;
    state = await download(auditLogs, source, partial, options);
  }
  const isGzip = await isGzipFile(partial.part);
  const verifiedBy = await verify(partial, state, isGzip && compress, options.signal);
  const isCompressed = compress && !isGzip;
  if (isCompressed) await compressPart(partial, options.signal);
  const complete = isCompressed ? partial.compressed : partial.part;
  await (overwrite ? rename : takeName)(complete, path);
  for (const left of [partial.part, partial.compressed, partial.note]) {
    await rm(left, { force: true });
  }
  return { bytes: state.bytes, verifiedBy };
}

/**
 * Looks up the host of a URL, and returns the fault if one of its addresses is not public. The request
 * looks it up again, so this does not protect against an attacker who controls the name.
 */
export async function findHostFault({ hostname }: URL): Promise<string | undefined> {
  const name = hostname.replaceAll(/^\[|\]$/g, "");
  // A failed lookup is no fault: behind some proxies, names cannot be looked up locally.
  const found = await lookup(name, { all: true }).catch(() => []);
  const hidden = found.find(({ address }) => isPrivateHost(address));
  return hidden && `${hostname} resolves to ${hidden.address}, which is not on the public internet`;
}

/** Refuses anything but a regular file: a link may lead to a file that the caller must not replace. */
async function checkRegular(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (!found || found.isFile()) return;
  const kind = found.isDirectory() ? "a directory" : found.isSymbolicLink() ? "a link" : "a device";
  throw new AuditLogsError({ label: path }, `it is ${kind}; save to the path of a regular file`);
}

/** Gives a file another name, unless that is taken. The file may keep its former name, too. */
async function takeName(file: string, name: string): Promise<void> {
  try {
    await link(file, name);
  } catch {
    // FAT and some network shares have no links: there, an empty file takes the name.
    await writeFile(name, "", { flag: "wx", mode: 0o600 }).catch((error: unknown) => {
      throw isObject(error) && error["code"] === "EEXIST" ? createExistsError(name) : error;
    });
    try {
      await rename(file, name);
    } catch (error) {
      await rm(name, { force: true });
      throw error;
    }
  }
}

function createExistsError(path: string): AuditLogsError {
  const error = new AuditLogsError({ label: path }, "it exists, and overwrite is false");
  return Object.assign(error, { code: "EEXIST" });
}

/** Creates a file that only its owner can read, in the place of an existing one. */
async function createPrivate(path: string): Promise<FileHandle> {
  await rm(path, { force: true });
  return open(path, "ax", 0o600);
}

/** Opens a file to append to it, without following links. */
const openToAppend = (path: string): Promise<FileHandle> =>
  open(path, constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW);

/** The files that hold a download before it is complete. */
interface PartialFile {
  /** The job's id. */
  readonly id: string;
  /** The path of the bytes so far. */
  readonly part: string;
  /** The path of the job's id and the entity tag that the bytes belong to. */
  readonly note: string;
  /** The path of the compressed bytes, while they are written. */
  readonly compressed: string;
}

async function findResume({ id, part, note }: PartialFile): Promise<Resume | undefined> {
  try {
    const noted: unknown = JSON.parse(await readFile(note, "utf8"));
    if (!isObject(noted) || noted["id"] !== id || !isStrongTag(noted["etag"])) return undefined;
    const file = await openToAppend(part);
    try {
      const { size, nlink, uid } = await file.stat();
      // Others can read or change a file that they own, or that has a second name.
      if (size === 0 || nlink > 1 || uid !== (process.geteuid?.() ?? uid)) return undefined;
      await file.chmod(0o600);
      return { bytes: size, etag: noted["etag"] };
    } finally {
      await file.close();
    }
  } catch {
    // There is no note, or the process was killed while writing it.
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
  // Changes no file before the server has responded.
  const opened = await auditLogs.openDownload(source, {
    ...options,
    findHostFault: options.findHostFault ?? findHostFault,
    ...(resume && { resume }),
  });
  try {
    if (resume === undefined) await rm(note, { force: true });
    const file = await (resume === undefined ? createPrivate(part) : openToAppend(part));
    try {
      let isNoted = resume !== undefined;
      for await (const chunk of opened) {
        // Not earlier: until the first byte, another version may take the place of this one. Not later: the
        // note must never describe bytes of another version.
        const { etag } = opened.state;
        if (!isNoted && etag !== undefined) {
          await writeFile(note, JSON.stringify({ id, etag }), { flag: "wx", mode: 0o600 });
        }
        isNoted = true;
        await file.appendFile(chunk);
      }
      await file.sync();
      return opened.state;
    } finally {
      await file.close();
    }
  } finally {
    await opened.close();
  }
}

/** Compresses a complete part. The part remains, so that the next call can resume from it. */
async function compressPart(
  { part, compressed }: PartialFile,
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted();
  try {
    await rm(compressed, { force: true });
    await pipeline(
      createReadStream(part),
      createGzip(),
      createWriteStream(compressed, { flags: "wx", mode: 0o600, flush: true }),
      { ...(signal && { signal }) },
    );
  } catch (error) {
    await rm(compressed, { force: true });
    signal?.throwIfAborted();
    throw error;
  }
}

/**
 * Checks the bytes on the disk. Where downloading the rest would not help, it deletes the note, so that
 * the next call starts from the beginning.
 *
 * @param isGzip whether they are expected to be gzip
 */
async function verify(
  { id, part, note }: PartialFile,
  { bytes, length, job }: DownloadState,
  isGzip: boolean,
  signal: AbortSignal | undefined,
): Promise<SavedExport["verifiedBy"]> {
  const subject = { label: `Download of export ${id}` };
  const total = job.total_records;
  try {
    const { size } = await stat(part);
    if (size !== bytes) {
      const fault = `${part} has ${size} bytes instead of ${bytes}: did another process write to it?`;
      throw new AuditLogsError(subject, fault);
    }
    const { events, isCut, fault } = await inspectLines(part, isGzip, signal);
    if (fault !== undefined) throw new InvalidResponseError(subject, fault);
    if (isCut) throw new DownloadInterruptedError(subject, "the last line is truncated", bytes);
    if (typeof total === "number" && events !== total) {
      const counts = `the number of events is ${events}, but the job counts ${total}`;
      throw events < total
        ? new DownloadInterruptedError(subject, counts, bytes)
        : new InvalidResponseError(subject, counts);
    }
  } catch (error) {
    const mayGoOn = error instanceof DownloadInterruptedError && length === undefined;
    if (!mayGoOn && !signal?.aborted) await rm(note, { force: true });
    throw error;
  }
  return [
    ...(length === undefined ? [] : (["length"] as const)),
    ...(typeof total === "number" ? (["total_records"] as const) : []),
  ];
}

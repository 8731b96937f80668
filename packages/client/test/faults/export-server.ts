import { createHash } from "node:crypto";
import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import {
  AuditLogsError,
  type AuditLog,
  type AuditLogsClient,
  type AuditLogsClientOptions,
  type DownloadOptions,
  type DownloadState,
  type ExportJob,
  type ReadOptions,
  type ReadSummary,
} from "../../src/index.ts";
import { listen } from "../listen.ts";
import type { Responder } from "./responses.ts";
import { clientOf, jobId, jobOf, open } from "./setup.ts";

/** A hundred events, and the file that holds them. */
export const events = Array.from({ length: 100 }, (_, id) => ({ id, message: "é".repeat(id) }));
export const file: Buffer = Buffer.from(
  events.map((event) => JSON.stringify(event) + "\n").join(""),
);
/** The strong entity tag of the file. */
export const etag = tagOf(file);

export function tagOf(content: Uint8Array): string {
  return `"${createHash("sha256").update(content).digest("hex").slice(0, 16)}"`;
}

/** A completed job with this download URL. */
export function jobAt(download_url: string | null, total: number | null = null): ExportJob {
  return jobOf({
    id: jobId,
    org_id: "example",
    created_at: "2026-01-01T00:00:00Z",
    status: "completed",
    total_records: total,
    download_url,
  });
}

export interface ExportServer {
  readonly url: string;
  readonly auditLogs: AuditLogsClient;
  /** The job, with the URL from before the first request. */
  readonly job: ExportJob;
  /** The number of requests of the job. */
  readonly jobRequests: () => number;
  /** The requests of the file. */
  readonly requests: readonly { readonly url: string; readonly headers: IncomingHttpHeaders }[];
  /** Closes the connection of a {@link broken} response once the client has its bytes. */
  readonly onProgress: (state: Readonly<DownloadState>) => void;
}

/** The responses to break, by the number of bytes that the client has to receive first. */
const cuts = new Map<number, ServerResponse>();

/**
 * Serves a job and its file. Requests of the file get these responses in turn, and then the last one.
 * The URL of the file contains the number of requests of the job.
 */
export async function serveExport(
  responders: readonly Responder[],
  {
    total = null,
    ...options
  }: Partial<AuditLogsClientOptions> & { readonly total?: number | null } = {},
): Promise<ExportServer> {
  const requests: { url: string; headers: IncomingHttpHeaders }[] = [];
  let jobRequests = 0;
  cuts.clear();
  const server = open(
    await listen((request, response) => {
      const { url = "", headers } = request;
      if (!url.startsWith("/file")) {
        jobRequests += 1;
        return response.end(JSON.stringify(jobAt(`/file?asked=${jobRequests}`, total)));
      }
      requests.push({ url, headers });
      return responders[Math.min(requests.length, responders.length) - 1]?.(response, request);
    }),
  );
  return {
    url: server.url,
    auditLogs: clientOf(server.url, options),
    job: jobAt("/file?asked=0", total),
    jobRequests: () => jobRequests,
    requests,
    onProgress: ({ bytes }) => cuts.get(bytes)?.destroy(),
  };
}

/** The complete file, even if a range was requested. */
export const whole =
  (headers: Record<string, string> = { etag }, content: Uint8Array = file): Responder =>
  (response) =>
    response.writeHead(200, { "content-length": content.byteLength, ...headers }).end(content);

/** The file, or the requested range of it (RFC 9110 §14). */
export const ranged =
  (content: Uint8Array = file): Responder =>
  (response, request) => {
    const { headers } = request;
    const start = Number(/^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1] ?? 0);
    const tag = tagOf(content);
    if (start === 0 || headers["if-range"] !== tag)
      return whole({ etag: tag }, content)(response, request);
    return start < content.byteLength
      ? part(start, {}, content)(response, request)
      : outside(content.byteLength)(response, request);
  };

/** The part of the file from a byte on. */
export const part =
  (start: number, headers: Record<string, string> = {}, content: Uint8Array = file): Responder =>
  (response) =>
    response
      .writeHead(206, {
        etag: tagOf(content),
        "content-range": `bytes ${start}-${content.byteLength - 1}/${content.byteLength}`,
        ...headers,
      })
      .end(content.subarray(start));

/** 416: the range is beyond the end. */
export const outside =
  (length: number | string): Responder =>
  (response) =>
    response.writeHead(416, { "content-range": `bytes */${length}` }).end("Nothing there");

/** An error status instead of the file. */
export const refused =
  (status: number): Responder =>
  (response) =>
    response.writeHead(status, { "content-type": "application/xml" }).end("<Error/>");

/** The file from a byte on. The connection breaks once the client has received the bytes up to `end`. */
export const broken =
  (
    end: number,
    headers: Record<string, string> = { etag },
    start = 0,
    content: Uint8Array = file.subarray(start, end),
  ): Responder =>
  (response) => {
    const length = { "content-length": file.byteLength - start };
    const range = { "content-range": `bytes ${start}-${file.byteLength - 1}/${file.byteLength}` };
    response.writeHead(start === 0 ? 200 : 206, { ...length, ...(start > 0 && range), ...headers });
    response.write(content);
    cuts.set(end, response);
  };

/** Downloads a file, and returns the delivered bytes, with the final state or the error. */
export async function download(
  { auditLogs, onProgress }: Pick<ExportServer, "auditLogs" | "onProgress">,
  source: ExportJob | string,
  options: DownloadOptions = {},
): Promise<{ content: Buffer; state?: DownloadState; error?: unknown }> {
  const chunks: Uint8Array[] = [];
  try {
    const handle = await auditLogs.openDownload(source, { onProgress, ...options });
    for await (const chunk of handle) chunks.push(chunk);
    return { content: Buffer.concat(chunks), state: handle.state };
  } catch (error) {
    if (!(error instanceof AuditLogsError)) throw error;
    return { content: Buffer.concat(chunks), error };
  }
}

/** Reads a file, and returns the events, with the summary or the error. */
export async function read(
  { auditLogs, job, onProgress }: ExportServer,
  options: ReadOptions = {},
): Promise<{ delivered: AuditLog[]; summary?: ReadSummary; error?: unknown }> {
  const delivered: AuditLog[] = [];
  const generator = auditLogs.readExport(job, { onProgress, ...options });
  try {
    let step = await generator.next();
    for (; !step.done; step = await generator.next()) delivered.push(step.value);
    return { delivered, summary: step.value };
  } catch (error) {
    if (!(error instanceof AuditLogsError)) throw error;
    return { delivered, error };
  }
}

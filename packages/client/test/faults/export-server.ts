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
import type { Answer } from "./answers.ts";
import { clientOf, jobId, jobOf, open } from "./setup.ts";

/** A hundred events, and the file of them. */
export const events = Array.from({ length: 100 }, (_, id) => ({ id, message: "é".repeat(id) }));
export const file: Buffer = Buffer.from(
  events.map((event) => JSON.stringify(event) + "\n").join(""),
);
/** A strong entity tag of it. */
export const etag = tagOf(file);

export function tagOf(content: Uint8Array): string {
  return `"${createHash("sha256").update(content).digest("hex").slice(0, 16)}"`;
}

/** A completed job as the server has it, and the file's address in its place. */
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
  /** The job, with the URL that it had before any was asked for. */
  readonly job: ExportJob;
  /** How often the job was asked for. */
  readonly asked: () => number;
  /** The requests of the file. */
  readonly requests: readonly { readonly url: string; readonly headers: IncomingHttpHeaders }[];
  /** Breaks the connection of an answer by {@link broken} when the client has its bytes. */
  readonly onProgress: (state: Readonly<DownloadState>) => void;
}

/** What breaks when the client has so many bytes. */
const cuts = new Map<number, ServerResponse>();

/**
 * Serves a job and its file, which gives one answer after the other, and the last one from then on.
 * The URL of the file counts how often the job was asked for.
 */
export async function serveExport(
  answers: readonly Answer[],
  {
    total = null,
    ...options
  }: Partial<AuditLogsClientOptions> & { readonly total?: number | null } = {},
): Promise<ExportServer> {
  const requests: { url: string; headers: IncomingHttpHeaders }[] = [];
  let asked = 0;
  cuts.clear();
  const server = open(
    await listen((request, response) => {
      const { url = "", headers } = request;
      if (!url.startsWith("/file")) {
        asked += 1;
        return response.end(JSON.stringify(jobAt(`/file?asked=${asked}`, total)));
      }
      requests.push({ url, headers });
      return answers[Math.min(requests.length, answers.length) - 1]?.(response, request);
    }),
  );
  return {
    url: server.url,
    auditLogs: clientOf(server.url, options),
    job: jobAt("/file?asked=0", total),
    asked: () => asked,
    requests,
    onProgress: ({ bytes }) => cuts.get(bytes)?.destroy(),
  };
}

/** The whole file, whatever is asked for. */
export const whole =
  (headers: Record<string, string> = { etag }, content: Uint8Array = file): Answer =>
  (response) =>
    response.writeHead(200, { "content-length": content.byteLength, ...headers }).end(content);

/** The file, and parts of it, as RFC 9110 §14 has it. */
export const ranged =
  (content: Uint8Array = file): Answer =>
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

/** A part of the file, from there on. */
export const part =
  (start: number, headers: Record<string, string> = {}, content: Uint8Array = file): Answer =>
  (response) =>
    response
      .writeHead(206, {
        etag: tagOf(content),
        "content-range": `bytes ${start}-${content.byteLength - 1}/${content.byteLength}`,
        ...headers,
      })
      .end(content.subarray(start));

/** There is nothing there. */
export const outside =
  (length: number | string): Answer =>
  (response) =>
    response.writeHead(416, { "content-range": `bytes */${length}` }).end("Nothing there");

/** A status without the file. */
export const refused =
  (status: number): Answer =>
  (response) =>
    response.writeHead(status, { "content-type": "application/xml" }).end("<Error/>");

/** The file, from a byte on, until the client has so many of it. */
export const broken =
  (
    end: number,
    headers: Record<string, string> = { etag },
    start = 0,
    content: Uint8Array = file.subarray(start, end),
  ): Answer =>
  (response) => {
    const length = { "content-length": file.byteLength - start };
    const range = { "content-range": `bytes ${start}-${file.byteLength - 1}/${file.byteLength}` };
    response.writeHead(start === 0 ? 200 : 206, { ...length, ...(start > 0 && range), ...headers });
    response.write(content);
    cuts.set(end, response);
  };

/** Downloads a file, and gives what was delivered, with the state or the error at the end. */
export async function download(
  { auditLogs, onProgress }: Pick<ExportServer, "auditLogs" | "onProgress">,
  source: ExportJob | string,
  options: DownloadOptions = {},
): Promise<{ content: Buffer; state?: DownloadState; error?: unknown }> {
  const chunks: Uint8Array[] = [];
  try {
    const opened = await auditLogs.openDownload(source, { onProgress, ...options });
    for await (const chunk of opened) chunks.push(chunk);
    return { content: Buffer.concat(chunks), state: opened.state };
  } catch (error) {
    if (!(error instanceof AuditLogsError)) throw error;
    return { content: Buffer.concat(chunks), error };
  }
}

/** Reads a file, and gives the events, with the summary or the error at the end. */
export async function read(
  { auditLogs, job, onProgress }: ExportServer,
  options: ReadOptions = {},
): Promise<{ given: AuditLog[]; summary?: ReadSummary; error?: unknown }> {
  const given: AuditLog[] = [];
  const generator = auditLogs.readExport(job, { onProgress, ...options });
  try {
    let step = await generator.next();
    for (; !step.done; step = await generator.next()) given.push(step.value);
    return { given, summary: step.value };
  } catch (error) {
    if (!(error instanceof AuditLogsError)) throw error;
    return { given, error };
  }
}

import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { jsonAnswer, writeAnswer, type Answer, type RawAnswer } from "./answer.ts";
import type { Api } from "./api.ts";
import { bearerCheck } from "./bearer.ts";
import { statusPath } from "./description.ts";
import { answerDownload, createDownload, downloadTarget } from "./download.ts";
import { defaultEvents, defaultOrgId } from "./events.ts";
import { planFaults, type Fault } from "./faults.ts";
import { playJob, type ExportJob, type MockJob } from "./job.ts";

/** The job that is there when no `jobs` are given. */
export const defaultJobId = "7d9f2c4e-8a1b-4c3d-9e5f-6a7b8c9d0e1f";

export interface MockServerOptions {
  /** The address to listen on; `"127.0.0.1"` by default. */
  readonly host?: string;
  /** The port to listen on; `0`, the default, takes a free one. */
  readonly port?: number;
  /** The bearer token or tokens that are accepted; by default any that is not empty. */
  readonly token?: string | readonly string[];
  /** The jobs by their ids (UUIDs); by default one that completes, {@link defaultJobId}. */
  readonly jobs?: Readonly<Record<string, MockJob>>;
  /** The ways in which the server misbehaves, in the order in which it does; none by default. */
  readonly faults?: readonly Fault[];
}

/** A request as it arrived. */
export interface RecordedRequest {
  readonly method: string;
  /** The request target: path and query, as they were sent. */
  readonly url: string;
  /** Names are in lower case. */
  readonly headers: Readonly<IncomingHttpHeaders>;
}

export interface MockServer extends AsyncDisposable {
  /** Takes the place of the description's server URL; has no slash at its end. */
  readonly url: string;
  /** Every request so far, in order of arrival; downloads and refused ones too. */
  readonly requests: readonly RecordedRequest[];
  /** The URL of a job's status, as the description has it. */
  statusUrl(jobId: string): string;
  /**
   * Stops listening and destroys the open sockets, answers under way included.
   * Resolves when all are gone, however often it is called.
   */
  close(): Promise<void>;
}

/** Starts a server that plays the operations of an OpenAPI description. */
export async function startServer(
  api: Api,
  {
    host = "127.0.0.1",
    port = 0,
    token,
    jobs = { [defaultJobId]: {} },
    faults = [],
  }: MockServerOptions = {},
): Promise<MockServer> {
  const plays = Object.entries(jobs).map(([id, job]) => ({
    id,
    job,
    download: createDownload(id, job.events ?? defaultEvents(job.orgId ?? defaultOrgId)),
  }));
  const downloads = new Map(plays.map(({ download }) => [download.path, download]));
  const states = new Map<string, () => ExportJob>();
  const stage = { jobs: states, isAccepted: bearerCheck(token) };
  const spoil = planFaults(faults);
  const requests: RecordedRequest[] = [];

  async function answer(request: IncomingMessage): Promise<Answer | RawAnswer> {
    const { method = "", url = "", headers } = request;
    const [path = "", ...query] = url.split("?");
    const target = { method, path, query: query.join("?") };
    const download = downloads.get(path);
    const proper = download
      ? answerDownload(download, { ...target, headers })
      : await api.answer({ ...target, headers: presentHeaders(headers) }, stage);
    // A refusal stays what it is, and HEAD has no body to spoil.
    const isSpoilable = method === "GET" && proper.status < 300;
    return isSpoilable ? spoil({ answer: proper, url, download }) : proper;
  }

  const server = createServer(async (request, response) => {
    const { method = "", url = "", headers } = request;
    requests.push({ method, url, headers });
    writeAnswer(
      response,
      await answer(request).catch((error: unknown) => jsonAnswer(500, { detail: String(error) })),
    );
  });
  server.listen(port, host);
  await once(server, "listening");

  const origin = `http://${addressOf(server.address())}`;
  // Only now: a download's URL needs the port.
  for (const { id, job, download } of plays) {
    const url = (): string => origin + downloadTarget(download);
    states.set(id, playJob(id, job, { url, records: download.records }));
  }

  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });

  return {
    url: origin + api.description.basePath,
    requests,
    statusUrl: (jobId) => origin + statusPath(api.description, jobId),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function presentHeaders(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const present: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) present[name] = value;
  }
  return present;
}

function addressOf(address: ReturnType<ReturnType<typeof createServer>["address"]>): string {
  if (address === null || typeof address === "string") {
    throw new Error("The server does not listen on a TCP port.");
  }
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return `${host}:${address.port}`;
}

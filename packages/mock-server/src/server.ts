import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { jsonAnswer, writeAnswer, type Answer, type RawAnswer } from "./answer.ts";
import type { Api, Stage } from "./api.ts";
import { tokenCheck } from "./authentication.ts";
import type { Node } from "./document.ts";
import { answerDownload, createDownload, downloadTarget, type Download } from "./download.ts";
import { defaultEvents, defaultOrgId } from "./events.ts";
import { planFaults, type Fault } from "./faults.ts";
import { createJob, type MockJob, type PlayedJob } from "./job.ts";

/** The job that is there when no `jobs` are given. */
export const defaultJobId = "7d9f2c4e-8a1b-4c3d-9e5f-6a7b8c9d0e1f";

export interface MockServerOptions {
  /** An OpenAPI 3.0 or 3.1 description, parsed and in one piece; by default that of audit logs. */
  readonly description?: object;
  /** The address to listen on; `"127.0.0.1"` by default. */
  readonly host?: string;
  /** The port to listen on; `0`, the default, takes a free one. */
  readonly port?: number;
  /** The tokens or API keys that are accepted; by default any that is not empty. */
  readonly token?: string | readonly string[];
  /** The jobs by their ids; by default one that completes, {@link defaultJobId}. */
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
  /** Its body as text, once it has arrived; empty if there is none. */
  readonly body: string;
}

export interface MockServer extends AsyncDisposable {
  /** Takes the place of the description's server URL; has no slash at its end. */
  readonly url: string;
  /** Every request so far, in order of arrival; downloads and refused ones too. */
  readonly requests: readonly RecordedRequest[];
  /**
   * The URL of a job's status, as the description has it.
   *
   * @throws Error if it has no job, that is no answer with `x-final-states`.
   */
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
  }: Omit<MockServerOptions, "description"> = {},
): Promise<MockServer> {
  const spoil = planFaults(faults);
  const requests: RecordedRequest[] = [];
  const downloads = new Map<string, Download>();
  const played = new Map<string, PlayedJob>();
  let origin = "";

  function startJob(id: string, job: MockJob = {}): PlayedJob {
    const download = createDownload(id, eventsOf(job));
    downloads.set(download.path, download);
    const url = (): string => origin + downloadTarget(download);
    const created = createJob(api.readJobId(id), job, download, url);
    played.set(id, created);
    return created;
  }
  for (const [id, job] of Object.entries(jobs)) startJob(id, job);
  const [firstJob = {}] = Object.values(jobs);
  const stage: Stage = {
    isAccepted: tokenCheck(token),
    findJob: (id) => played.get(id),
    startJob,
    events: eventsOf(firstJob),
  };

  async function answer(incoming: IncomingMessage, body: string): Promise<Answer | RawAnswer> {
    const { method = "", url = "", headers } = incoming;
    const [path = "", ...query] = url.split("?");
    const request = { method, path, query: query.join("?"), headers, body };
    const download = downloads.get(path);
    const outcome = download
      ? { answer: answerDownload(download, request), download }
      : await api.answer(request, stage);
    // A refusal stays what it is, and HEAD has no body to spoil.
    const isSpoilable = method !== "HEAD" && outcome.answer.status < 300;
    return isSpoilable ? spoil({ ...outcome, url }) : outcome.answer;
  }

  const server = createServer(async (incoming, response) => {
    const { method = "", url = "", headers } = incoming;
    const request = { method, url, headers, body: "" };
    requests.push(request);
    try {
      request.body = await text(incoming);
      writeAnswer(response, await answer(incoming, request.body));
    } catch (error) {
      writeAnswer(response, jsonAnswer(500, { detail: String(error) }));
    }
  });
  // A client that reads slowly, or stands in a debugger, takes a connection that is closed after five
  // seconds for one that broke.
  server.keepAliveTimeout = 0;
  server.listen(port, host);
  await once(server, "listening");
  origin = `http://${addressOf(server.address())}`;

  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });

  return {
    url: origin + api.basePath,
    requests,
    statusUrl: (jobId) => origin + api.statusPath(jobId),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function eventsOf({ events, orgId = defaultOrgId }: MockJob): readonly Node[] {
  return events ?? defaultEvents(orgId);
}

function addressOf(address: ReturnType<ReturnType<typeof createServer>["address"]>): string {
  if (address === null || typeof address === "string") {
    throw new Error("The server does not listen on a TCP port.");
  }
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return `${host}:${address.port}`;
}

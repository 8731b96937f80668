import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import {
  jsonResponse,
  writeResponse,
  type PreparedResponse,
  type RawResponse,
} from "./response.ts";
import type { MockApi, ServerState } from "./mock-api.ts";
import { createTokenCheck } from "./authentication.ts";
import { checkDescription, type Node } from "./document.ts";
import { downloadResponse, createDownload, downloadTarget, type Download } from "./download.ts";
import { defaultEvents, defaultOrgId } from "./events.ts";
import { planFaults, type Fault } from "./faults.ts";
import { createJob, jobOptionKinds, type MockJob, type JobPlayer } from "./job.ts";
import { checkOptions, isPlainObject, isNonEmptyString, type OptionKinds } from "./options.ts";

/** The id of the default job, which exists if `jobs` is not set. */
export const defaultJobId = "7d9f2c4e-8a1b-4c3d-9e5f-6a7b8c9d0e1f";

export interface MockServerOptions {
  /** An OpenAPI 3.0 or 3.1 description, parsed and bundled; the one of the Audit Logs API by default. */
  readonly description?: object;
  /** The address to listen on; `"127.0.0.1"` by default. */
  readonly host?: string;
  /** The port to listen on; `0`, the default, selects a free port. */
  readonly port?: number;
  /** The tokens or API keys that are accepted; by default any that is not empty. */
  readonly token?: string | readonly string[];
  /** The jobs, by id; by default one that completes, {@link defaultJobId}. */
  readonly jobs?: Readonly<Record<string, MockJob>>;
  /** The faults of the server, in order; none by default. */
  readonly faults?: readonly Fault[];
}

export const serverOptionKinds: OptionKinds<MockServerOptions> = {
  description: ["an OpenAPI description", (value) => Boolean(checkDescription(value))],
  // Node would listen on every interface if the host were empty.
  host: ["a non-empty string", isNonEmptyString],
  port: ["an integer from 0 to 65535", isPort],
  token: ["a non-empty string, or a list of them", isTokens],
  jobs: ["an object with jobs by id", isPlainObject],
  faults: ["a list", Array.isArray],
};

/** A request as the server received it. */
export interface RecordedRequest {
  readonly method: string;
  /** The request target: the path and query as they were sent. */
  readonly url: string;
  /** The names are in lower case. */
  readonly headers: Readonly<IncomingHttpHeaders>;
  /** The body as text, once it has arrived; empty if there is none. */
  readonly body: string;
}

export interface MockServer extends AsyncDisposable {
  /** Use it instead of the description's server URL. It has no trailing slash. */
  readonly url: string;
  /** Every request so far, in order of arrival, including downloads and refused requests. */
  readonly requests: readonly RecordedRequest[];
  /**
   * The URL of a job's status.
   *
   * @throws Error if the description has no job, that is, no response with `x-final-states`
   */
  statusUrl(jobId: string): string;
  /**
   * Stops listening, and destroys the open sockets, even if a response is in progress. Resolves when all are
   * closed. It can be called more than once.
   */
  close(): Promise<void>;
}

/** Starts a server that plays the operations of an API. */
export async function startServer(
  api: MockApi,
  {
    host = "127.0.0.1",
    port = 0,
    token,
    jobs = { [defaultJobId]: {} },
    faults = [],
  }: Omit<MockServerOptions, "description"> = {},
): Promise<MockServer> {
  const applyFaults = planFaults(faults);
  const requests: RecordedRequest[] = [];
  const downloads = new Map<string, Download>();
  const jobPlayers = new Map<string, JobPlayer>();
  let origin = "";

  function startJob(id: string, job: MockJob = {}): JobPlayer {
    const download = createDownload(id, eventsOf(job));
    downloads.set(download.path, download);
    const url = (): string => origin + downloadTarget(download);
    const created = createJob(api.readJobId(id), job, download, url);
    jobPlayers.set(id, created);
    return created;
  }
  for (const [id, job] of Object.entries(jobs)) {
    checkOptions(`jobs.${id}`, job, jobOptionKinds);
    startJob(id, job);
  }
  const [firstJob = {}] = Object.values(jobs);
  const state: ServerState = {
    isAccepted: createTokenCheck(token),
    findJob: (id) => jobPlayers.get(id),
    startJob: (id) => startJob(id, exportOf(firstJob)),
    events: eventsOf(firstJob),
  };

  async function respond(
    incoming: IncomingMessage,
    body: string,
  ): Promise<PreparedResponse | RawResponse> {
    const { method = "", url: target = "", headers } = incoming;
    // A server must accept the absolute form, which is for proxies, too (RFC 9112 §3.2.2).
    const url = target.replace(/^https?:\/\/[^/?]*/i, "");
    const [path = "", ...query] = url.split("?");
    const request = { method, path, query: query.join("?"), headers, body };
    const download = downloads.get(path);
    const outcome = download
      ? { response: downloadResponse(download, request), download }
      : await api.respond(request, state);
    // Faults do not affect refusals, nor HEAD, whose response has no body.
    const canHaveFault = method !== "HEAD" && outcome.response.status < 300;
    return canHaveFault ? applyFaults({ ...outcome, url }) : outcome.response;
  }

  const server = createServer(async (incoming, outgoing) => {
    const { method = "", url = "", headers } = incoming;
    const request = { method, url, headers, body: "" };
    requests.push(request);
    try {
      request.body = await text(incoming);
      writeResponse(outgoing, await respond(incoming, request.body));
    } catch (error) {
      writeResponse(outgoing, jsonResponse(500, { detail: String(error) }));
    }
  });
  // Node closes idle connections after five seconds by default. To a client that reads slowly or is paused
  // in a debugger, that looks like a broken connection.
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

function isPort(value: unknown): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 65_535;
}

function isTokens(value: unknown): boolean {
  const tokens = [value].flat();
  return tokens.length > 0 && tokens.every(isNonEmptyString);
}

function eventsOf({ events, orgId = defaultOrgId }: MockJob): readonly Node[] {
  return events ?? defaultEvents(orgId);
}

/** What a job exports, without how it proceeds. */
function exportOf({ events, orgId }: MockJob): MockJob {
  return { ...(events && { events }), ...(orgId !== undefined && { orgId }) };
}

function addressOf(address: ReturnType<ReturnType<typeof createServer>["address"]>): string {
  if (address === null || typeof address === "string") {
    throw new Error("the server does not listen on a TCP port");
  }
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return `${host}:${address.port}`;
}

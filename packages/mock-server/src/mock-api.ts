import type { IncomingHttpHeaders } from "node:http";
import { jsonResponse, type PreparedResponse } from "./response.ts";
import { isAuthenticated, type TokenCheck } from "./authentication.ts";
import { checkDescription, items, rootOf, step, textOf, type Node } from "./document.ts";
import { fileResponse, type Download } from "./download.ts";
import { readEventOperations, selectEvents } from "./event-list.ts";
import { defaultEvents, defaultOrgId } from "./events.ts";
import type { ReportedJob } from "./job.ts";
import { createJobOperations, type JobOperations, type JobStore } from "./job-operations.ts";
import { isSupported, readOperations } from "./operation.ts";
import { decodeQuery } from "./parameters.ts";
import { once } from "./once.ts";
import { createPlayer, type Player } from "./player.ts";
import { createRouter } from "./router.ts";
import { createSchemas, DescriptionError } from "./schemas.ts";

interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface ServerState extends JobStore {
  readonly isAccepted: TokenCheck;
  /** The events that the jobs export, for the operations that list them. */
  readonly events: readonly Node[];
}

/** A response, and the job or download that it is about, for the faults. */
interface Outcome {
  readonly response: PreparedResponse;
  readonly job?: ReportedJob;
  readonly download?: Download;
}

/** The operations of a description. Any number of servers can share it. */
export interface MockApi extends Pick<JobOperations, "statusPath" | "readJobId"> {
  /** The path of the description's first server, without a trailing slash. */
  readonly basePath: string;
  readonly respond: (request: Request, state: ServerState) => Promise<Outcome>;
}

/** @throws TypeError if the value is not an OpenAPI 3.0 or 3.1 description */
export function createMockApi(description: unknown): MockApi {
  const document = checkDescription(description);
  const schemas = createSchemas(document);
  const all = readOperations(document);
  const operations = all.filter(isSupported);
  const players = new Map(operations.map((each) => [each, createPlayer(each, schemas)]));
  const findRoutes = createRouter(all);
  const basePath = basePathOf(document);
  const jobs = createJobOperations(operations, schemas, basePath);
  const eventOperations = once(() =>
    readEventOperations(
      jobs.status.size > 0 ? operations : [],
      defaultEvents(defaultOrgId),
      schemas,
    ),
  );

  async function dispatch(request: Request, state: ServerState): Promise<Outcome> {
    const { path, headers, body } = request;
    const method = request.method.toLowerCase();
    const routes = path.startsWith(`${basePath}/`) ? findRoutes(path.slice(basePath.length)) : [];
    const route =
      routes.find(({ target }) => target.method === method) ??
      // HEAD requests the headers of a file.
      routes.find(({ target }) => method === "head" && target === jobs.download);
    if (!route) return { response: refuseRoute(routes.map(({ target }) => target.method)) };
    const operation = route.target;
    if (!isSupported(operation)) throw new DescriptionError(operation.reason);
    const player = players.get(operation) ?? createPlayer(operation, schemas);

    const query = readQuery(request.query);
    const { authentication } = operation;
    if (!isAuthenticated(authentication, headers, query, state.isAccepted)) {
      const takesBearer = authentication.flat().some(({ isBearer }) => isBearer);
      const challenge = takesBearer && { "WWW-Authenticate": "Bearer" };
      return { response: await player.refuse(401, "Not authenticated", { ...challenge }) };
    }
    const input = await player.read({ path: route.path, query, headers }, body);
    if ("refusal" in input) return { response: input.refusal };
    const id = String(input.values.get([...route.path.keys()].at(-1) ?? ""));
    return play(player, request, input.values, id, state);
  }

  /** Responds to a valid request. `id` is the last parameter of the path. */
  async function play(
    player: Player,
    { method, headers }: Request,
    values: ReadonlyMap<string, unknown>,
    id: string,
    state: ServerState,
  ): Promise<Outcome> {
    const { operation } = player;
    const facts = jobs.status.get(operation);
    if (facts || operation === jobs.download) {
      const job = state.findJob(id);
      if (!job) return { response: await player.refuse(404, "Job not found") };
      if (facts) {
        const fields = job.next(facts);
        return { response: player.succeed(fields), job: { fields, facts } };
      }
      const { download } = job;
      const type = operation.mediaTypes.find(({ kind }) => kind === "json-lines")?.name;
      return { response: fileResponse(download, method, headers, type), download };
    }
    if (operation === jobs.start) return { response: await jobs.startJob(player, state) };

    const { list, item, property } = eventOperations();
    if (operation === item) {
      const event = state.events.find((each) => String(each["id"]) === id);
      return { response: event ? player.succeed(event) : await player.refuse(404, "Not Found") };
    }
    if (operation === list) {
      const { page, count } = selectEvents(state.events, values);
      const total = player.properties().has("total_count") && { total_count: count };
      const body = { ...(await player.sampleObject()), ...total, [property]: page };
      return { response: player.succeed(body) };
    }
    return { response: await player.sample(headers.accept) };
  }

  return {
    basePath,
    readJobId: jobs.readJobId,
    statusPath: jobs.statusPath,
    async respond(request, state) {
      try {
        return await dispatch(request, state);
      } catch (error) {
        if (error instanceof URIError) {
          return { response: jsonResponse(400, { detail: "Malformed path or query" }) };
        }
        if (!(error instanceof DescriptionError)) throw error;
        const detail = `${request.method} ${request.path} is not supported by this server: ${error.message}`;
        return { response: jsonResponse(501, { detail }) };
      }
    },
  };
}

function refuseRoute(methods: readonly string[]): PreparedResponse {
  if (methods.length === 0) return jsonResponse(404, { detail: "Not Found" });
  const allowed = [...new Set(methods)].join(", ").toUpperCase();
  return jsonResponse(405, { detail: "Method Not Allowed" }, { Allow: allowed });
}

/** Decodes names, but not values: some styles use delimiters that decoding would hide. */
function readQuery(query: string): readonly (readonly [string, string])[] {
  return query
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const [name = "", ...value] = pair.split("=");
      return [decodeQuery(name), value.join("=")] as const;
    });
}

function basePathOf(document: Node): string {
  const [server] = items(rootOf(document), "servers");
  const url = (textOf(server?.node["url"]) ?? "/").replace(/\{([^}]+)\}/g, (_, name: string) => {
    const variable = server && step(server, "variables", name);
    return textOf(variable?.node["default"]) ?? "";
  });
  // An invalid URL has no path.
  return URL.canParse(url, "http://localhost")
    ? new URL(url, "http://localhost").pathname.replace(/\/+$/, "")
    : "";
}

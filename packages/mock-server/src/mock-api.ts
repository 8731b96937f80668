import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { jsonResponse, type PreparedResponse } from "./response.ts";
import { isAuthenticated, type TokenCheck } from "./authentication.ts";
import { checkDescription, items, rootOf, step, textOf, type Node } from "./document.ts";
import { fileResponse, type Download } from "./download.ts";
import { readEventOperations, selectEvents } from "./event-list.ts";
import { defaultEvents, defaultOrgId } from "./events.ts";
import type { JobPlayer, ReportedJob } from "./job.ts";
import { readJobFacts, readJobOperations } from "./job-facts.ts";
import { isSupported, jsonOf, pathNames, readOperations } from "./operation.ts";
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

/** The state of one server. */
export interface ServerState {
  readonly isAccepted: TokenCheck;
  readonly findJob: (id: string) => JobPlayer | undefined;
  readonly startJob: (id: string) => JobPlayer;
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
export interface MockApi {
  /** The path of the description's first server, without a trailing slash. */
  readonly basePath: string;
  /** The path of a job's status, including the base path. */
  readonly statusPath: (jobId: string) => string;
  /** Converts a job's id to the type that the description gives it, which may be a number. */
  readonly readJobId: (id: string) => unknown;
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
  const jobs = readJobOperations(operations, schemas);
  const [statusOperation] = jobs.status.keys();
  const jobIdParameter = statusOperation?.parameters.find(
    ({ in: where, name }) => where === "path" && name === pathNames(statusOperation.path).at(-1),
  );
  const eventOperations = once(() =>
    readEventOperations(statusOperation ? operations : [], defaultEvents(defaultOrgId), schemas),
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
      if (!job) return { response: await player.refuse(404, "Export job not found") };
      if (facts) {
        const fields = job.next(facts);
        return { response: player.succeed(fields), job: { fields, facts } };
      }
      const { download } = job;
      const type = operation.mediaTypes.find(({ kind }) => kind === "json-lines")?.name;
      return { response: fileResponse(download, method, headers, type), download };
    }
    if (operation === jobs.start) return startJob(player, state);

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

  /** Puts the job's id into a property for ids, the only property, or the Location header. */
  async function startJob(player: Player, state: ServerState): Promise<Outcome> {
    const id = newJobId(state);
    const job = state.startJob(id);
    if (!jsonOf(player.operation)) {
      const response = await player.sample();
      return {
        response: { ...response, headers: { ...response.headers, Location: statusPath(id) } },
      };
    }
    const facts = readJobFacts(player.operation, schemas);
    if (facts) return { response: player.succeed(job.next(facts)) };
    const names = player.properties();
    const parameter = jobIdParameter?.name ?? "id";
    const [only = parameter] = names;
    const name = ["id", parameter].find((each) => names.has(each)) ?? only;
    const rest = names.size > 0 ? await player.sampleObject() : {};
    return { response: player.succeed({ ...rest, [name]: readJobId(id) }) };
  }

  function readJobId(id: string): unknown {
    const wrapped: { value: unknown } = { value: id };
    if (jobIdParameter?.schema) schemas.parameter(jobIdParameter.schema)(wrapped);
    return wrapped.value;
  }

  /** A UUID, or the next number if the description does not accept a UUID. */
  function newJobId({ findJob }: ServerState): string {
    const id = randomUUID();
    const schema = jobIdParameter?.schema;
    if (!schema || schemas.parameter(schema)({ value: id }).length === 0) return id;
    let number = 1;
    while (findJob(String(number))) number += 1;
    return String(number);
  }

  function statusPath(jobId: string): string {
    if (!statusOperation) throw new Error("the description has no job with x-final-states");
    return basePath + statusOperation.path.replace(/\{[^}]+\}/g, encodeURIComponent(jobId));
  }

  return {
    basePath,
    readJobId,
    statusPath,
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

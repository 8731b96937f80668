import { randomUUID } from "node:crypto";
import type { JobPlayer } from "./job.ts";
import { readJobFacts, type JobFacts } from "./job-facts.ts";
import {
  hasNoSchema,
  jsonOf,
  pathNames,
  withoutSlash,
  type MediaType,
  type Operation,
} from "./operation.ts";
import type { Player } from "./player.ts";
import type { PreparedResponse } from "./response.ts";
import type { Schemas } from "./schemas.ts";

/** The jobs of one server. */
export interface JobStore {
  readonly findJob: (id: string) => JobPlayer | undefined;
  readonly startJob: (id: string) => JobPlayer;
}

/** The operations of a description that concern jobs. */
interface FoundOperations {
  /** The operations that report a job. The last parameter of their path is the job's id. */
  readonly status: ReadonlyMap<Operation, JobFacts>;
  /** The operation that starts a job: a POST to the parent of the first status operation's path. */
  readonly start: Operation | undefined;
  /** The operation that returns a job's file: a GET below its status, of JSON Lines or without a schema. */
  readonly download: Operation | undefined;
}

export interface JobOperations extends FoundOperations {
  /** Starts a job. Puts its id into a property for ids, the only property, or the Location header. */
  readonly startJob: (player: Player, store: JobStore) => Promise<PreparedResponse>;
  /** The path of a job's status, including the base path. */
  readonly statusPath: (jobId: string) => string;
  /** Converts a job's id to the type that the description gives it, which may be a number. */
  readonly readJobId: (id: string) => unknown;
}

export function createJobOperations(
  operations: readonly Operation[],
  schemas: Schemas,
  basePath: string,
): JobOperations {
  const found = findOperations(operations, schemas);
  const [statusOperation] = found.status.keys();
  const jobIdParameter = statusOperation?.parameters.find(
    ({ in: where, name }) => where === "path" && name === pathNames(statusOperation.path).at(-1),
  );

  async function startJob(player: Player, store: JobStore): Promise<PreparedResponse> {
    const id = newJobId(store);
    const job = store.startJob(id);
    if (!jsonOf(player.operation)) {
      const response = await player.sample();
      return { ...response, headers: { ...response.headers, Location: statusPath(id) } };
    }
    const facts = readJobFacts(player.operation, schemas);
    if (facts) return player.succeed(job.next(facts));
    const names = player.properties();
    const parameter = jobIdParameter?.name ?? "id";
    const [only = parameter] = names;
    const name = ["id", parameter].find((each) => names.has(each)) ?? only;
    const rest = names.size > 0 ? await player.sampleObject() : {};
    return player.succeed({ ...rest, [name]: readJobId(id) });
  }

  function readJobId(id: string): unknown {
    const wrapped: { value: unknown } = { value: id };
    if (jobIdParameter?.schema) schemas.parameter(jobIdParameter.schema)(wrapped);
    return wrapped.value;
  }

  /** A UUID, or the next number if the description does not accept a UUID. */
  function newJobId({ findJob }: JobStore): string {
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

  return { ...found, startJob, statusPath, readJobId };
}

function findOperations(operations: readonly Operation[], schemas: Schemas): FoundOperations {
  const status = new Map<Operation, JobFacts>();
  for (const operation of operations) {
    const facts = withoutSlash(operation.path).endsWith("}")
      ? readJobFacts(operation, schemas)
      : undefined;
    if (facts) status.set(operation, facts);
  }
  const [first] = status.keys();
  if (!first) return { status, start: undefined, download: undefined };
  const path = withoutSlash(first.path);
  const collection = path.slice(0, path.lastIndexOf("/"));
  return {
    status,
    start: operations.find(
      (each) => each.method === "post" && withoutSlash(each.path) === collection,
    ),
    download: operations.find(
      (each) =>
        each.method === "get" &&
        each.path.startsWith(`${path}/`) &&
        pathNames(each.path).length === pathNames(path).length &&
        each.mediaTypes.some(isFile),
    ),
  };
}

const isFile = (mediaType: MediaType): boolean =>
  mediaType.kind === "json-lines" || hasNoSchema(mediaType);

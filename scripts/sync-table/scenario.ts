import { startMockServer, type RecordedRequest } from "@audit-logs/mock-server";
import { listOf, objectOf } from "../description/tree.ts";

export interface PlayResult {
  readonly requests: readonly RecordedRequest[];
}

/** A client whose methods accept any input, because the compiler does not know the changed types. */
export interface AnyClient {
  readonly [method: string]: (...args: readonly unknown[]) => unknown;
}

const token = "a.b-c";
const invalidId = "no-uuid";
/** Short limits, in case a call hangs. */
const brief = { interval: 1, timeout: 10_000 };

/**
 * Calls every operation and the functions built on them, against a mock server that follows a description.
 *
 * @throws the error of any call that should succeed
 */
export async function play(
  createClient: (options: object) => AnyClient,
  description: object,
  inputs: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {},
): Promise<PlayResult> {
  await using server = await startMockServer({ description, token });
  const client = createClient({ token, baseUrl: server.url, orgName: "acme" });
  const call = async (method: string, ...args: readonly unknown[]): Promise<unknown> => {
    try {
      const returned = client[method]?.(...args.map(withoutUndefined));
      return isGenerator(returned) ? await all(returned) : await returned;
    } catch (error) {
      throw new Error(`${method}: ${messageOf(error)}`, { cause: error });
    }
  };
  const jobId = await call("startExport", { from: "2026-11-01", to: "2026-11-08", q: ["a:b,c"] });
  await call("getExportJobStatus", { jobId, ...inputs["getExportJobStatus"] });
  const job = await call("waitForExportJob", jobId, brief);
  const events = await call("readExport", job, { timeout: brief.timeout });
  if (!Array.isArray(events) || events.length === 0) throw new Error("readExport: no events");
  await call("exportEvents", { from: "2026-11-01" }, brief);
  const body = { q: [], search_operator: "and", ...inputs["createExportJob"] };
  await call("createExportJob", { body });
  const query = { q: ["a:b,c", "d:e"], limit: 2, sort: "-id", ...inputs["getAuditLogs"] };
  const page = await call("getAuditLogs", query);
  const id = firstId(page) ?? firstId({ items: events });
  await call("getAuditLog", { auditLogId: id, ...inputs["getAuditLog"] });
  const file = await call("downloadExport", { jobId });
  if (file instanceof Response) await file.text();
  await call("getExportJobStatus", { jobId: invalidId }).then(
    () => {
      throw new Error("getExportJobStatus: an id that is not a UUID is accepted");
    },
    () => undefined,
  );
  return { requests: server.requests };
}

/** Removes inputs that a change sets to undefined. */
function withoutUndefined(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined));
}

function isGenerator(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

async function all(items: AsyncIterable<unknown>): Promise<unknown[]> {
  const list: unknown[] = [];
  for await (const item of items) list.push(item);
  return list;
}

function firstId(page: unknown): unknown {
  const [first] = listOf(objectOf(page)["items"]);
  return objectOf(first)["id"];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

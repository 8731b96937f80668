import description from "@audit-logs/generated/audit-logs/openapi.json" with { type: "json" };
import { createMockApi, type MockApi } from "./mock-api.ts";
import { checkOptions } from "./options.ts";
import {
  serverOptionKinds,
  startServer,
  type MockServer,
  type MockServerOptions,
} from "./server.ts";

/**
 * Starts a server that conforms to an OpenAPI description.
 *
 * The server validates each request, and responds with an example from the description or a sample of the
 * schema. It simulates jobs: each status request advances a job by one step. Once the job is completed,
 * its events are served as JSON Lines at a signed URL on the server's own origin. If the options of a job
 * lead to a response that the description does not allow, the response is a 500 whose `detail` explains why.
 * `faults` are applied after that check. For an operation that this server does not support, the response
 * is a 501 that says why.
 *
 * @throws TypeError if `description` is not an OpenAPI 3.0 or 3.1 description
 * @throws TypeError that names an unknown or invalid option of the server, a job or a fault
 * @throws Node's own error if the server cannot listen on the address (`code` is e.g. `"EADDRINUSE"`)
 */
export async function startMockServer(options: MockServerOptions = {}): Promise<MockServer> {
  checkOptions("startMockServer", options, serverOptionKinds);
  return startServer(apiOf(options.description ?? description), options);
}

// Cached, because compiling the validators takes a hundred times as long as starting a server.
const apis = new WeakMap<object, MockApi>();

function apiOf(document: object): MockApi {
  const api = apis.get(document) ?? createMockApi(document);
  apis.set(document, api);
  return api;
}

export {
  defaultJobId,
  type MockServer,
  type MockServerOptions,
  type RecordedRequest,
} from "./server.ts";
export { faultKinds, type Fault, type FaultName } from "./faults.ts";
export type { FaultKind, FaultPlace } from "./faults/fault-kind.ts";
export type { MockJob } from "./job.ts";

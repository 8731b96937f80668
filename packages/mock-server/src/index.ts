import description from "@audit-logs/generated/audit-logs/openapi.json" with { type: "json" };
import { createApi, type Api } from "./api.ts";
import { startServer, type MockServer, type MockServerOptions } from "./server.ts";

/**
 * Starts a server that obeys an OpenAPI description.
 *
 * Each request is checked by the description, and answered with an example of it or a sample of its
 * schema, which the description accepts. Jobs are played: each status request moves one on by a
 * step, and once it is completed, its events are JSON Lines at a signed URL on the server's own
 * origin. An answer that the description refuses is a 500 whose `detail` names the fault: a defect
 * of the job's options. What `faults` spoil is past that check. An operation that this server cannot
 * play is answered with a 501 that says why.
 *
 * @throws TypeError if `description` is no OpenAPI 3.0 or 3.1 description.
 * @throws TypeError if `faults` name one that is not known, or ask what it cannot do.
 * @throws Node's own error if the address cannot be listened on (`code` is e.g. `"EADDRINUSE"`).
 */
export async function startMockServer(options: MockServerOptions = {}): Promise<MockServer> {
  return startServer(apiOf(options.description ?? description), options);
}

// Compiling the validators takes a hundred times as long as starting a server.
const apis = new WeakMap<object, Api>();

function apiOf(document: object): Api {
  const api = apis.get(document) ?? createApi(document);
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
export type { FaultKind, FaultPlace } from "./faults/kind.ts";
export type { MockJob } from "./job.ts";

import description from "@audit-logs/generated/audit-logs/openapi.json" with { type: "json" };
import { createApi, type Api } from "./api.ts";
import { startServer, type MockServer, type MockServerOptions } from "./server.ts";

/**
 * Starts a stand-in for the vendor's server that obeys the project's OpenAPI description.
 *
 * Each status request moves a job on by one step. Once it is completed, its events are JSON Lines
 * at a signed URL on the server's own origin. An answer that the description refuses is a 500
 * whose `detail` names the fault: a defect of the job's options, or of this server. What `faults`
 * spoil is past that check.
 *
 * @throws TypeError if `faults` name one that is not known, or ask what it cannot do.
 * @throws Node's own error if the address cannot be listened on (`code` is e.g. `"EADDRINUSE"`).
 */
export async function startMockServer(options: MockServerOptions = {}): Promise<MockServer> {
  api ??= createApi(description);
  return startServer(await api, options);
}

// Compiling the validators takes a hundred times as long as starting a server.
let api: Promise<Api> | undefined;

export {
  defaultJobId,
  type MockServer,
  type MockServerOptions,
  type RecordedRequest,
} from "./server.ts";
export { faultKinds, type Fault, type FaultName } from "./faults.ts";
export type { FaultKind, FaultPlace } from "./faults/kind.ts";
export type { ExportJob, MockJob } from "./job.ts";

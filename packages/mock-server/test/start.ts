import { startMockServer, type MockServer, type MockServerOptions } from "../src/index.ts";
import { exportsDescription } from "./exports-description.ts";

const description = exportsDescription();

/** Starts a server with the invented exports API and the events that the tests need. */
export function startExports(options: MockServerOptions = {}): Promise<MockServer> {
  return startMockServer({ description, ...options });
}

/** The fields of a job. */
export type Job = Readonly<Record<string, unknown>>;

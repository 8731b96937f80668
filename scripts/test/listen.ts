import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { onTestFinished } from "vitest";
import { listenOnLoopback } from "../command/listen-on-loopback.ts";

/** A loopback server with the test's own handler, which runs until the test ends. */
export async function listen(
  handle: (request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<{ readonly url: string; readonly requests: readonly IncomingMessage[] }> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    handle(request, response);
  });
  const listening = await listenOnLoopback(server);
  onTestFinished(() => listening[Symbol.asyncDispose]());
  return { url: listening.origin, requests };
}

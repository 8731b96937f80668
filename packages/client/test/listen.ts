import { EventEmitter, once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** A server on loopback whose responses a test controls. */
export interface Server {
  readonly url: string;
  readonly requests: readonly IncomingMessage[];
  /** Resolves when the next request has arrived. */
  request(): Promise<unknown>;
  close(): Promise<void>;
}

export async function listen(
  handle: (request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<Server> {
  const requests: IncomingMessage[] = [];
  const arrivals = new EventEmitter();
  const server = createServer((request, response) => {
    requests.push(request);
    arrivals.emit("request");
    handle(request, response);
  });
  // If a connection is closed after the response, but before a slow reader has read everything, Node's
  // fetch reports that it broke. On a busy machine every reader is slow.
  server.keepAliveTimeout = 0;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("It has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    request: () => once(arrivals, "request"),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

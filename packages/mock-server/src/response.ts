import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** One response, decided but not yet sent. */
export interface PreparedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** A response that ServerResponse could not send: it writes to the socket itself, and nothing else does. */
export type RawResponse = (socket: Socket) => void;

export function jsonResponse(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): PreparedResponse {
  return {
    status,
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  };
}

export function writeResponse(
  outgoing: ServerResponse,
  response: PreparedResponse | RawResponse,
): void {
  if (typeof response === "function") {
    const { socket } = outgoing;
    // Of pipelined requests, the next one has the socket when the response before it is complete.
    if (socket === null) outgoing.once("socket", response);
    // If the client has already hung up, the response would never learn that the socket is closed.
    else if (socket.writable) response(socket);
    return;
  }
  const { status, headers, body } = response;
  // RFC 9110 §8.6: a 204 has no Content-Length.
  const length = status === 204 ? {} : { "Content-Length": Buffer.byteLength(body) };
  outgoing.writeHead(status, { ...headers, ...length });
  outgoing.end(body);
}

import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** One response, decided but not yet sent. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** An answer that ServerResponse could not send: it writes to the socket itself, and nothing else does. */
export type RawAnswer = (socket: Socket) => void;

export function jsonAnswer(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return {
    status,
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  };
}

/** Sends an answer. No other code does. */
export function writeAnswer(response: ServerResponse, answer: Answer | RawAnswer): void {
  if (typeof answer === "function") {
    // If the client has already hung up, the answer would never learn that the socket is closed.
    if (response.socket?.writable) answer(response.socket);
    return;
  }
  const { status, headers, body } = answer;
  // RFC 9110 §8.6: a 204 has no Content-Length.
  const length = status === 204 ? {} : { "Content-Length": Buffer.byteLength(body) };
  response.writeHead(status, { ...headers, ...length });
  response.end(body);
}

import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** One response, decided but not yet sent. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** What no response object would send: it is given the socket, and nothing else is written to it. */
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

/** The one place where an answer reaches the socket. */
export function writeAnswer(response: ServerResponse, answer: Answer | RawAnswer): void {
  if (typeof answer === "function") {
    // The client may have hung up meanwhile: what begins then would hear of no end.
    if (response.socket?.writable) answer(response.socket);
    return;
  }
  const { status, headers, body } = answer;
  // RFC 9110 §8.6: a 204 has no Content-Length.
  const length = status === 204 ? {} : { "Content-Length": Buffer.byteLength(body) };
  response.writeHead(status, { ...headers, ...length });
  response.end(body);
}

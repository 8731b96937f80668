import type { IncomingMessage, ServerResponse } from "node:http";
import { listen, type Server } from "../listen.ts";
import { open } from "./setup.ts";

export type Answer = (response: ServerResponse, request: IncomingMessage) => unknown;

/** A server that sends these answers in turn, and then repeats the last one. */
export async function serveAnswers(...answers: Answer[]): Promise<Server> {
  let count = 0;
  return open(
    await listen((request, response) => {
      const answer = answers[Math.min(count, answers.length - 1)];
      count += 1;
      return answer?.(response, request);
    }),
  );
}

/** An answer from the API. */
export const json =
  (body: unknown, status = 200, headers = {}): Answer =>
  (response) =>
    response
      .writeHead(status, { "content-type": "application/json", ...headers })
      .end(JSON.stringify(body));

/** An answer from a proxy. */
export const html =
  (status: number, headers = {}): Answer =>
  (response) =>
    response.writeHead(status, { "content-type": "text/html", ...headers }).end("<h1>Sorry</h1>");

/** Sends the answer only to requests with this token. */
export const only =
  (valid: string, answer: Answer): Answer =>
  (response, request) =>
    request.headers.authorization === `Bearer ${valid}`
      ? answer(response, request)
      : json({ detail: "expired" }, 401)(response, request);

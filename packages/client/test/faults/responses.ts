import type { IncomingMessage, ServerResponse } from "node:http";
import { listen, type Server } from "../listen.ts";
import { open } from "./setup.ts";

export type Responder = (response: ServerResponse, request: IncomingMessage) => unknown;

/** A server that sends these responses in turn, and then repeats the last one. */
export async function serveResponses(...responders: Responder[]): Promise<Server> {
  let count = 0;
  return open(
    await listen((request, response) => {
      const responder = responders[Math.min(count, responders.length - 1)];
      count += 1;
      return responder?.(response, request);
    }),
  );
}

/** A response from the API. */
export const json =
  (body: unknown, status = 200, headers = {}): Responder =>
  (response) =>
    response
      .writeHead(status, { "content-type": "application/json", ...headers })
      .end(JSON.stringify(body));

/** A response from a proxy. */
export const html =
  (status: number, headers = {}): Responder =>
  (response) =>
    response.writeHead(status, { "content-type": "text/html", ...headers }).end("<h1>Sorry</h1>");

/** Sends the response only to requests with this token. */
export const only =
  (valid: string, responder: Responder): Responder =>
  (response, request) =>
    request.headers.authorization === `Bearer ${valid}`
      ? responder(response, request)
      : json({ detail: "expired" }, 401)(response, request);

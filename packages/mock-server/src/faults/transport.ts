import type { Socket } from "node:net";
import { jsonResponse, type PreparedResponse } from "../response.ts";
import { inAny, type FaultImplementation } from "./fault-kind.ts";
import { chunked, contentLength, halfOf, headOf } from "./message.ts";

export type TransportFaultName =
  | "reset-before-headers"
  | "close-before-headers"
  | "reset-in-body"
  | "short-body"
  | "truncated-chunked-body"
  | "not-http"
  | "two-content-lengths"
  | "no-headers"
  | "dripping-body"
  | "long-body";

const dripInterval = 100;

// libuv treats a reset that arrives together with data as a normal end, so the reset waits. The immediate
// after the timer lets a client in the same process read first, even if the process is busy.
const resetDelay = 10;

const unsolicited = jsonResponse(200, { detail: "Unsolicited response" });

function onSocket(
  number: number,
  summary: string,
  send: (socket: Socket, response: PreparedResponse) => void,
): FaultImplementation {
  return inAny(
    number,
    summary,
    ({ response }) =>
      (socket) =>
        send(socket, response),
  );
}

export const transportFaults: Readonly<Record<TransportFaultName, FaultImplementation>> = {
  "reset-before-headers": onSocket(1, "a reset before any byte", (socket) => {
    socket.resetAndDestroy();
  }),
  "close-before-headers": onSocket(2, "a close before any byte", (socket) => {
    socket.end();
  }),
  "reset-in-body": onSocket(3, "half of the body, then a reset", (socket, response) => {
    const head = headOf(response, contentLength(Buffer.byteLength(response.body)));
    socket.write(head);
    socket.write(halfOf(response.body));
    setTimeout(() => setImmediate(() => socket.resetAndDestroy()), resetDelay);
  }),
  "short-body": onSocket(4, "a close before the end of Content-Length", (socket, response) => {
    socket.write(headOf(response, contentLength(Buffer.byteLength(response.body) + 9)));
    socket.end(response.body);
  }),
  "truncated-chunked-body": onSocket(
    5,
    "a chunked body without its last chunk",
    (socket, response) => {
      socket.end(chunked(response, [Buffer.from(response.body)]));
    },
  ),
  "not-http": onSocket(7, "the greeting of another protocol", (socket) => {
    socket.end("220 ready\r\n");
  }),
  "two-content-lengths": onSocket(8, "two Content-Lengths that disagree", (socket, response) => {
    const length = Buffer.byteLength(response.body);
    socket.write(headOf(response, { ...contentLength(length), "content-length": `${length + 1}` }));
    socket.end(response.body);
  }),
  "no-headers": onSocket(9, "no bytes on an open connection", () => undefined),
  "dripping-body": onSocket(10, "an endless body, a space at a time", (socket, response) => {
    socket.write(headOf(response, contentLength(Number.MAX_SAFE_INTEGER)));
    const drip = setInterval(() => socket.write(" "), dripInterval);
    socket.on("close", () => clearInterval(drip));
  }),
  "long-body": onSocket(11, "a response, then an unsolicited one", (socket, response) => {
    // The connection stays open. If a client reuses it, it takes the second one for its next response.
    for (const each of [response, unsolicited]) {
      const length = contentLength(Buffer.byteLength(each.body));
      socket.write(headOf(each, { ...length, Connection: "keep-alive" }));
      socket.write(each.body);
    }
  }),
};

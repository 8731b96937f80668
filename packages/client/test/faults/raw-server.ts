import { once } from "node:events";
import { createServer, type Socket } from "node:net";

/** A server that sends raw bytes, so its responses need not be HTTP. */
export interface RawServer {
  readonly url: string;
  /** The heads of the requests, in order of arrival. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** Listens on loopback. `responder` gets the socket and the number of the request, from 0. */
export async function listenRaw(
  responder: (socket: Socket, request: number) => void,
): Promise<RawServer> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let received = "";
    socket.setEncoding("latin1");
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    socket.on("data", (data) => {
      const heads = (received + String(data)).split("\r\n\r\n");
      received = heads.pop() ?? "";
      for (const head of heads) responder(socket, requests.push(head) - 1);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("It has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** A complete response with a Content-Length and a JSON body. */
export function message(body: unknown): string {
  const text = JSON.stringify(body);
  return `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${text.length}\r\n\r\n${text}`;
}

import { once } from "node:events";
import type { Server } from "node:http";

/** A server on a free port of loopback. Disposing of it closes it, with all connections. */
interface LoopbackServer extends AsyncDisposable {
  /** Its origin, without a slash at the end. */
  readonly origin: string;
}

export async function listenOnLoopback(server: Server): Promise<LoopbackServer> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port");
  return {
    origin: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

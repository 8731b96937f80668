import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";

const mediaTypes: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".svg": "image/svg+xml",
};

/** A server of files on loopback. */
export interface FileServer {
  /** The URL of the folder, with a slash at its end. */
  readonly url: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Serves a folder under a path, where a site's absolute links would lead out of it. A folder has no page: a
 * browser that opens the site from the disk would not find one either.
 */
export async function serveFiles(folder: string): Promise<FileServer> {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "", "http://localhost");
    const file = decodeURIComponent(pathname).replace(/^\/site\//u, "");
    const content = pathname.startsWith("/site/")
      ? await readFile(join(folder, file)).catch(() => undefined)
      : undefined;
    response.setHeader("content-type", mediaTypes[extname(file)] ?? "application/octet-stream");
    response.writeHead(content === undefined ? 404 : 200).end(content);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/site/`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

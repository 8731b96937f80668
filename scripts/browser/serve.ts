import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { listenOnLoopback } from "../command/listen-on-loopback.ts";

const mediaTypes: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".svg": "image/svg+xml",
};

/** A server of files on loopback. */
interface FileServer extends AsyncDisposable {
  /** The URL of the folder, with a slash at its end. */
  readonly url: string;
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
  });
  const { origin, ...disposable } = await listenOnLoopback(server);
  return { url: `${origin}/site/`, ...disposable };
}

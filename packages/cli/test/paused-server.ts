import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/**
 * A server of one completed export, which sends half of the file and then nothing more. A request for the
 * rest of the file gets a complete response.
 */
export async function startPausedServer(
  id: string,
  file: Buffer,
): Promise<{ url: string; ranges: string[] }> {
  const ranges: string[] = [];
  const headers = { ETag: '"one"', "Accept-Ranges": "bytes" };
  const server = createServer(({ url: path = "", headers: { range } }, response) => {
    const { port } = server.address() as AddressInfo;
    if (path !== "/file") {
      response.setHeader("Content-Type", "application/json");
      const download_url = `http://127.0.0.1:${port}/file`;
      response.end(JSON.stringify({ id, status: "completed", download_url }));
    } else if (range === undefined) {
      response.writeHead(200, { ...headers, "Content-Length": file.byteLength });
      response.write(file.subarray(0, file.byteLength / 2));
    } else {
      ranges.push(range);
      const start = Number(/\d+/.exec(range)?.[0]);
      const place = `bytes ${start}-${file.byteLength - 1}/${file.byteLength}`;
      response.writeHead(206, { ...headers, "Content-Range": place });
      response.end(file.subarray(start));
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, ranges };
}

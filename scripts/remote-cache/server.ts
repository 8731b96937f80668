import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { listen } from "../test/listen.ts";

/** Turbo's artifacts by hash: the files, and the signature (turbo.build, remote cache API v8). */
type Artifacts = Map<string, { readonly body: Buffer; readonly tag: string | undefined }>;

/** A remote cache on loopback that requires the token. It checks no signatures: turbo does. */
export async function startRemoteCache(
  token: string,
): Promise<{ url: string; artifacts: Artifacts }> {
  const artifacts: Artifacts = new Map();
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const { method, url = "", headers } = request;
    if (headers.authorization !== `Bearer ${token}`) return response.writeHead(401).end();
    const [, hash] = /^\/v8\/artifacts\/([0-9a-f]+)\?/u.exec(url) ?? [];
    if (hash === undefined) return response.writeHead(200).end(`{ "status": "enabled" }`);
    if (method === "PUT") {
      const tag = headers["x-artifact-tag"];
      artifacts.set(hash, { body: await buffer(request), tag: tag?.toString() });
      return response.writeHead(202).end("{}");
    }
    const artifact = artifacts.get(hash);
    if (artifact === undefined) return response.writeHead(404).end();
    const { body, tag } = artifact;
    response.writeHead(200, {
      "content-length": body.byteLength,
      ...(tag !== undefined && { "x-artifact-tag": tag }),
    });
    return response.end(method === "HEAD" ? undefined : body);
  };
  const { url } = await listen(handle);
  return { url, artifacts };
}

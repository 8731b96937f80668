import { request, type IncomingMessage } from "node:http";
import { listen, type Server } from "./listen.ts";

/** A request and its response in the format of HAR 1.2, with the fields that drift needs. */
export interface Entry {
  readonly startedDateTime: string;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: readonly Field[];
    readonly postData?: { readonly mimeType: string; readonly text: string };
  };
  readonly response: {
    readonly status: number;
    readonly statusText: string;
    readonly headers: readonly Field[];
    readonly content: { readonly mimeType: string; readonly text: string };
  };
}

interface Field {
  readonly name: string;
  readonly value: string;
}

/** A proxy on loopback that records its traffic. */
export interface Recorder extends Server {
  readonly entries: readonly Entry[];
}

/** Starts a proxy for a server. `change` can modify the text of the responses. */
export async function record(
  target: string,
  change: (text: string) => string = (text) => text,
): Promise<Recorder> {
  const entries: Entry[] = [];
  const server = await listen(async (incoming, response) => {
    const url = new URL(incoming.url ?? "", target);
    const { method = "", headers } = incoming;
    const body = await textOf(incoming);
    const outgoing = request(url, { method, headers }, async (upstream) => {
      const { statusCode: status = 0, statusMessage: statusText = "" } = upstream;
      const text = change(await textOf(upstream));
      entries.push({
        startedDateTime: new Date().toISOString(),
        request: {
          method,
          url: url.href,
          headers: fieldsOf(incoming),
          ...(body && { postData: { mimeType: headers["content-type"] ?? "", text: body } }),
        },
        response: {
          status,
          statusText,
          headers: fieldsOf(upstream),
          content: { mimeType: upstream.headers["content-type"] ?? "", text },
        },
      });
      response.writeHead(status, { "content-type": upstream.headers["content-type"] }).end(text);
    });
    // The server may close the connection.
    outgoing.on("error", () => undefined);
    outgoing.end(body);
  });
  return { ...server, entries };
}

function fieldsOf({ rawHeaders }: IncomingMessage): Field[] {
  return rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? { name, value: rawHeaders[index + 1] ?? "" } : [],
  );
}

async function textOf(message: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of message.setEncoding("utf8")) text += String(chunk);
  return text;
}

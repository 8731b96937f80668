import { request, type IncomingMessage } from "node:http";
import { listen, type Server } from "./listen.ts";

/** One request and its answer, as HAR 1.2 has them: what a reader of traffic wants of it. */
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

/** A server on loopback before another, which writes down what passes through it. */
export interface Recorder extends Server {
  readonly entries: readonly Entry[];
}

/** Records what is asked of a server. `change` makes another of the text of its answers. */
export async function record(
  target: string,
  change: (text: string) => string = (text) => text,
): Promise<Recorder> {
  const entries: Entry[] = [];
  const server = await listen(async (asked, response) => {
    const url = new URL(asked.url ?? "", target);
    const { method = "", headers } = asked;
    const body = await textOf(asked);
    const forwarded = request(url, { method, headers }, async (answered) => {
      const { statusCode: status = 0, statusMessage: statusText = "" } = answered;
      const text = change(await textOf(answered));
      entries.push({
        startedDateTime: new Date().toISOString(),
        request: {
          method,
          url: url.href,
          headers: fieldsOf(asked),
          ...(body && { postData: { mimeType: headers["content-type"] ?? "", text: body } }),
        },
        response: {
          status,
          statusText,
          headers: fieldsOf(answered),
          content: { mimeType: answered.headers["content-type"] ?? "", text },
        },
      });
      response.writeHead(status, { "content-type": answered.headers["content-type"] }).end(text);
    });
    // The other side may hang up.
    forwarded.on("error", () => undefined);
    forwarded.end(body);
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

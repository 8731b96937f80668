import { connect } from "node:net";
import { expect } from "vitest";

/** What came over the wire in answer to one request, until the connection was closed. */
export interface Seen {
  readonly bytes: Buffer;
  /** The code of the error that the connection ended with. */
  readonly code?: string;
}

/** What came, read as HTTP: the body is as it was sent, framing included. */
export interface Message {
  readonly status: number;
  /** Each field apart, by its name in lower case. */
  readonly fields: readonly (readonly [string, string])[];
  readonly body: Buffer;
}

/** Sends one GET on a connection of its own, and hangs up when it has seen enough. */
export function ask(
  url: string,
  headers: Readonly<Record<string, string>> = {},
  isEnough: (bytes: Buffer) => boolean = () => false,
): Promise<Seen> {
  const { hostname, port, host, pathname, search } = new URL(url);
  const socket = connect(Number(port), hostname);
  const lines = Object.entries({ Host: host, Connection: "close", ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  socket.write(`GET ${pathname}${search} HTTP/1.1\r\n${lines.join("")}\r\n`);
  const chunks: Buffer[] = [];
  let code: string | undefined;
  socket.on("data", (chunk) => {
    chunks.push(chunk);
    // A small answer is awaited, or a whole one.
    if (chunks.length < 100 && isEnough(Buffer.concat(chunks))) socket.destroy();
  });
  socket.on("error", (error: NodeJS.ErrnoException) => (code = error.code));
  return new Promise((resolve) => {
    socket.on("close", () => {
      const bytes = Buffer.concat(chunks);
      resolve(code === undefined ? { bytes } : { bytes, code });
    });
  });
}

export function messageOf({ bytes }: Seen): Message {
  const end = bytes.indexOf("\r\n\r\n");
  const [start = "", ...lines] = bytes.subarray(0, end).toString("latin1").split("\r\n");
  const status = /^HTTP\/1\.1 (\d{3}) \S/.exec(start)?.[1];
  expect(status, `no HTTP: ${start}`).toBeDefined();
  return {
    status: Number(status),
    fields: lines.map((line) => {
      const [name = "", ...value] = line.split(": ");
      return [name.toLowerCase(), value.join(": ")] as const;
    }),
    body: bytes.subarray(end + 4),
  };
}

/** The only value of a field. */
export function field({ fields }: Message, wanted: string): string | undefined {
  const values = fields.filter(([name]) => name === wanted).map(([, value]) => value);
  expect(values.length, `${wanted} is there more than once`).toBeLessThan(2);
  return values[0];
}

/** The chunks of a chunked body, the last and empty one too. */
export function chunksOf(message: Message): string[] {
  expect(field(message, "transfer-encoding")).toBe("chunked");
  const chunks: string[] = [];
  for (let at = 0; at < message.body.length;) {
    const end = message.body.indexOf("\r\n", at);
    const size = Number.parseInt(message.body.subarray(at, end).toString(), 16);
    // One character for each byte, so that a chunk may cut one of UTF-8.
    chunks.push(message.body.subarray(end + 2, end + 2 + size).toString("latin1"));
    at = end + 2 + size + 2;
  }
  return chunks;
}

/** The body of an answer that came whole. */
export function contentOf(seen: Seen): Buffer {
  expect(seen.code).toBeUndefined();
  const message = messageOf(seen);
  expect(field(message, "content-length")).toBe(String(message.body.length));
  return message.body;
}

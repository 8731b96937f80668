import { connect } from "node:net";
import { expect } from "vitest";

/** The bytes of the response to one request, until the connection was closed. */
export interface RawMessage {
  readonly bytes: Buffer;
  /** The code of the error that the connection ended with. */
  readonly code?: string;
}

/** A response parsed as HTTP. The body is raw, including its framing. */
export interface Message {
  readonly status: number;
  /** Every field separately, by its name in lower case. */
  readonly fields: readonly (readonly [string, string])[];
  readonly body: Buffer;
}

/** Sends one GET on a separate connection, and closes it once `isEnough` holds. */
export function ask(
  url: string,
  headers: Readonly<Record<string, string>> = {},
  isEnough?: (bytes: Buffer) => boolean,
): Promise<RawMessage> {
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
    if (isEnough?.(Buffer.concat(chunks))) socket.destroy();
  });
  socket.on("error", (error: NodeJS.ErrnoException) => (code = error.code));
  return new Promise((resolve) => {
    socket.on("close", () => {
      const bytes = Buffer.concat(chunks);
      resolve(code === undefined ? { bytes } : { bytes, code });
    });
  });
}

export function messageOf({ bytes }: RawMessage): Message {
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

/** The chunks of a chunked body, including the last, empty chunk. */
export function chunksOf(message: Message): string[] {
  expect(field(message, "transfer-encoding")).toBe("chunked");
  const chunks: string[] = [];
  for (let at = 0; at < message.body.length;) {
    const end = message.body.indexOf("\r\n", at);
    const size = Number.parseInt(message.body.subarray(at, end).toString(), 16);
    // One character per byte, because a chunk may end within a UTF-8 character.
    chunks.push(message.body.subarray(end + 2, end + 2 + size).toString("latin1"));
    at = end + 2 + size + 2;
  }
  return chunks;
}

/** The body of a response with a Content-Length, which must be complete. */
export function contentOf(raw: RawMessage): Buffer {
  expect(raw.code).toBeUndefined();
  const message = messageOf(raw);
  expect(field(message, "content-length")).toBe(String(message.body.length));
  return message.body;
}

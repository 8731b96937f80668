import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { checkHeader, fieldOf } from "../src/header.ts";

test("a field has no white space at its end, which Node.js 20 leaves there", async () => {
  const server = createServer((socket) => {
    socket.once("data", () => socket.end('HTTP/1.1 200 OK\r\nETag:\t"a" \t\r\n\r\n'));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const { headers } = await fetch(`http://127.0.0.1:${port}`);
  server.close();
  expect(fieldOf(headers, "etag")).toBe('"a"');
  expect(fieldOf(headers, "x-missing")).toBe("");
});

test.each(["a", "a b", "Bearer", "~", "!", "\u00a0", "\u00e9\u00ff", "a".repeat(10_000)])(
  "%j can be sent in a header",
  (value) => {
    expect(checkHeader("option", value)).toBe(value);
  },
);

test.each([
  "",
  " ",
  " a",
  "a ",
  "a\nb",
  "\na",
  "a\n",
  "\t",
  "\u007f",
  "\u0080",
  "\u009f",
  "\u0100",
])(
  "%j cannot be sent in a header, and the message names the option, but not the value",
  (value) => {
    const message =
      "option cannot be sent in a header: it is empty, or contains a control character or a character beyond Latin-1";
    expect(() => checkHeader("option", value)).toThrow(new TypeError(message));
  },
);

test("a value that is not a string cannot be sent", () => {
  // JavaScript callers have no type check.
  const value: string = JSON.parse("1");
  expect(() => checkHeader("option", value)).toThrow(TypeError);
});

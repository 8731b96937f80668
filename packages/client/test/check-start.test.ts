import { openCall } from "@audit-logs/runtime";
import { expect, test, vi } from "vitest";
import { checkStart, type Part } from "../src/download/check-start.ts";
import type { DownloadState } from "../src/download/state.ts";
import { isStrongTag } from "../src/download/strong-tag.ts";
import { jobAt } from "./faults/export-server.ts";

const call = openCall({ label: "Download" });
const job = jobAt("/file");

/** What comes of a response to the request of a file, or of the rest of one. */
function check(
  status: number,
  headers: Record<string, string>,
  before: Omit<DownloadState, "job"> = { bytes: 0 },
  type = "default",
  lastPart: Part = { skip: 0 },
): object {
  const cancel = vi.fn<() => void>();
  const response = new Response(new ReadableStream({ cancel }), { headers });
  Object.defineProperties(response, { status: { value: status }, type: { value: type } });
  const state: DownloadState = { ...before, job };
  try {
    const part = checkStart(call, response, state, lastPart);
    expect(cancel).not.toHaveBeenCalled();
    const { job: _, ...after } = state;
    return { ...part, ...after };
  } catch (error) {
    // Nobody will read it.
    expect(cancel).toHaveBeenCalledOnce();
    const { name, message, bytes } = Object(error);
    return { name, fault: message.replace(/^Download: /, ""), bytes };
  }
}

const begun = { bytes: 100, length: 300, etag: '"a"' };
const interrupted = (fault: string) => ({
  name: "DownloadInterruptedError",
  fault: `interrupted after 100 bytes: ${fault}`,
  bytes: 100,
});

test.each<[string, Record<string, string>, object]>([
  ["nothing", {}, { skip: 0, bytes: 0 }],
  ["a length", { "content-length": "300" }, { skip: 0, bytes: 0, length: 300 }],
  ["an empty length", { "content-length": "" }, { skip: 0, bytes: 0 }],
  ["a length that is no number", { "content-length": "many" }, { skip: 0, bytes: 0 }],
  ["a negative length", { "content-length": "-1" }, { skip: 0, bytes: 0 }],
  ["a strong tag", { etag: '"a"' }, { skip: 0, bytes: 0, etag: '"a"' }],
  ["an empty tag", { etag: '""' }, { skip: 0, bytes: 0, etag: '""' }],
  ["a weak tag", { etag: 'W/"a"' }, { skip: 0, bytes: 0 }],
  ["two tags", { etag: '"a", "b"' }, { skip: 0, bytes: 0 }],
  ["a tag that does not end", { etag: '"a' }, { skip: 0, bytes: 0 }],
  [
    "an encoding",
    { "content-encoding": "gzip", "content-length": "9", etag: '"a"' },
    { skip: 0, bytes: 0 },
  ],
])("the start of a file with %s", (_, headers, expected) => {
  expect(check(200, headers)).toStrictEqual(expected);
});

test("a complete file does not go on with bytes whose tag is not known", () => {
  const unknown = { bytes: 100 };
  const changed = interrupted("the file has changed in the meantime; start again");
  expect(check(200, {}, unknown)).toEqual(changed);
  expect(check(200, { etag: '"a"' }, unknown)).toEqual(changed);
});

test("a part that ends beyond its own total is not taken", () => {
  expect(check(206, { "content-range": "bytes 100-299/299" }, { bytes: 100, etag: '"a"' })).toEqual(
    interrupted(
      "the server sent bytes 100-299 of 299, which does not fit the file or the Content-Length",
    ),
  );
});

test("a strong tag is text", () => {
  expect([isStrongTag('"a"'), isStrongTag(['"a"']), isStrongTag(undefined)]).toEqual([
    true,
    false,
    false,
  ]);
});

test("the length and the tag of another origin in a browser may be those of encoded bytes", () => {
  const headers = { "content-length": "300", etag: '"a"' };
  expect(check(200, headers, { bytes: 0 }, "cors")).toEqual({ skip: 0, bytes: 0 });
  expect(check(200, headers, { bytes: 0 }, "basic")).toMatchObject({ length: 300, etag: '"a"' });
});

test("an HTML page is not the file, whatever its character set", () => {
  for (const type of ["text/html", "Text/HTML; charset=utf-8", "application/xhtml+xml"]) {
    expect(check(200, { "content-type": type })).toMatchObject({
      name: "InvalidResponseError",
      fault: expect.stringContaining("it is an HTML page; does the download need a login?"),
    });
  }
  expect(check(200, { "content-type": "application/text/html" })).toEqual({ skip: 0, bytes: 0 });
});

test.each<[string, Record<string, string>, object]>([
  ["the same tag", { etag: '"a"' }, { skip: 100, bytes: 100, etag: '"a"', length: 300 }],
  [
    "the same tag and length",
    { etag: '"a"', "content-length": "300" },
    { skip: 100, bytes: 100, etag: '"a"', length: 300 },
  ],
  [
    "another length",
    { etag: '"a"', "content-length": "299" },
    interrupted("the file has changed in the meantime; start again"),
  ],
  [
    "another tag",
    { etag: '"b"' },
    interrupted("the file has changed in the meantime; start again"),
  ],
  ["no tag", {}, interrupted("the file has changed in the meantime; start again")],
  [
    "a weak tag",
    { etag: 'W/"a"' },
    interrupted("the file has changed in the meantime; start again"),
  ],
  [
    "an encoding",
    { etag: '"a"', "content-encoding": "gzip" },
    interrupted("the file has changed in the meantime; start again"),
  ],
])("the complete file instead of the rest, with %s", (_, headers, expected) => {
  expect(check(200, headers, begun)).toEqual(expected);
});

test("the complete file must not be shorter than the bytes that were delivered", () => {
  const unknown = { bytes: 100, etag: '"a"' };
  expect(check(200, { etag: '"a"', "content-length": "100" }, unknown)).toEqual({
    skip: 100,
    ...unknown,
    length: 100,
  });
  expect(check(200, { etag: '"a"', "content-length": "99" }, unknown)).toEqual(
    interrupted("the file has changed in the meantime; start again"),
  );
});

test("a file that starts again forgets the length of its other version", () => {
  expect(check(200, { etag: '"b"' }, { ...begun, bytes: 0 })).toEqual({
    skip: 0,
    bytes: 0,
    etag: '"b"',
  });
});

test("a length that is said twice is read once", () => {
  // Bun and Deno join the two.
  expect(check(200, { "content-length": "37, 37" })).toEqual({ skip: 0, bytes: 0, length: 37 });
});

const rest = { skip: 0, end: 300, bytes: 100, length: 300, etag: '"a"' };
test.each<[string, Record<string, string>, object]>([
  ["all of it", { "content-range": "bytes 100-299/300" }, rest],
  ["its unit in capitals", { "content-range": "Bytes 100-299/300" }, rest],
  [
    "the encoding that changes nothing",
    { "content-range": "bytes 100-299/300", "content-encoding": "Identity", etag: '"a"' },
    rest,
  ],
  ["the same tag", { "content-range": "bytes 100-299/300", etag: '"a"' }, rest],
  ["its length", { "content-range": "bytes 100-299/300", "content-length": "200" }, rest],
  ["a total that is unknown", { "content-range": "bytes 100-299/*" }, rest],
  ["a part of it", { "content-range": "bytes 100-199/300" }, { ...rest, end: 200 }],
  ["one byte", { "content-range": "bytes 100-100/300" }, { ...rest, end: 101 }],
  [
    "another tag",
    { "content-range": "bytes 100-299/300", etag: '"b"' },
    interrupted("the file has changed in the meantime"),
  ],
  [
    "an encoding",
    { "content-range": "bytes 100-299/300", "content-encoding": "gzip" },
    interrupted("the rest is compressed, or a web page cannot see that it is not"),
  ],
  [
    "another first byte",
    { "content-range": "bytes 99-299/300" },
    interrupted("the server sent an unexpected range, from byte 99"),
  ],
  ...[
    "",
    "bytes */300",
    "items 100-299/300",
    "bytes 100-299/300, bytes 0-1/300",
    "xbytes 100-299/300",
  ].map((range): [string, Record<string, string>, object] => [
    `the range ${JSON.stringify(range)}`,
    { "content-range": range },
    interrupted("the server sent an unexpected range, from byte ?"),
  ]),
  ...[
    ["100-99", "300"],
    ["100-50", "*"],
    ["100-299", "299"],
    ["100-298", "299"],
    ["100-299", "301"],
  ].map(([range, total]): [string, Record<string, string>, object] => [
    `the range ${range} of ${total}`,
    { "content-range": `bytes ${range}/${total}` },
    interrupted(
      `the server sent bytes ${range} of ${total}, which does not fit the file or the Content-Length`,
    ),
  ]),
  ...["199", "201"].map((length): [string, Record<string, string>, object] => [
    `a length of ${length}`,
    { "content-range": "bytes 100-299/300", "content-length": length },
    interrupted(
      "the server sent bytes 100-299 of 300, which does not fit the file or the Content-Length",
    ),
  ]),
])("the rest of a file with %s", (_, headers, expected) => {
  expect(check(206, headers, begun)).toEqual(expected);
});

test("the rest of a file whose length was not announced announces it", () => {
  const { length: _, ...unknown } = begun;
  expect(check(206, { "content-range": "bytes 100-299/300" }, unknown)).toEqual(rest);
  const { length: _length, ...expected } = rest;
  expect(check(206, { "content-range": "bytes 100-299/*" }, unknown)).toEqual(expected);
});

test("a part is not taken where the complete file was requested", () => {
  expect(check(206, { "content-range": "bytes 0-299/300" })).toEqual({
    name: "DownloadInterruptedError",
    fault: "interrupted after 0 bytes: the server sent an unexpected range, from byte 0",
    bytes: 0,
  });
});

test("a file ends where there are no more bytes, if its length says so", () => {
  const { length: _, ...unknown } = begun;
  expect(check(416, { "content-range": "bytes */100" }, unknown)).toEqual({
    skip: 0,
    bytes: 100,
    length: 100,
    etag: '"a"',
  });
  for (const range of ["bytes */101", "bytes */99", "bytes */*"]) {
    expect(check(416, { "content-range": range }, unknown)).toEqual(
      interrupted("the server has no more bytes"),
    );
  }
  expect(check(416, {}, unknown)).toEqual(interrupted("the server has no more bytes"));
});

test("a file of unknown length ends after its last part, if the server has no more bytes", () => {
  const { length: _, ...unknown } = begun;
  const none = interrupted("the server has no more bytes");
  for (const range of ["bytes */*", "bytes */?", ""]) {
    const headers = { "content-range": range };
    expect(check(416, headers, unknown, "default", { skip: 0, end: 100 })).toEqual({
      skip: 0,
      ...unknown,
    });
    expect(check(416, headers, unknown, "default", { skip: 0, end: 200 })).toEqual(none);
    expect(check(416, headers, begun, "default", { skip: 0, end: 100 })).toEqual(none);
  }
  const other = { "content-range": "bytes */*", etag: '"b"' };
  expect(check(416, other, unknown, "default", { skip: 0, end: 100 })).toEqual(none);
});

test("a file does not end before its announced length, or at the end of another version", () => {
  const none = interrupted("the server has no more bytes");
  expect(check(416, { "content-range": "bytes */100" }, begun)).toEqual(none);
  const ended = { bytes: 100, etag: '"a"', length: 100 };
  expect(check(416, { "content-range": "bytes */100", etag: '"b"' }, ended)).toEqual(none);
  expect(check(416, { "content-range": "bytes */100", etag: '"a"' }, ended)).toMatchObject(ended);
});

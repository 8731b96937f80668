import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readArguments, UsageError } from "../src/arguments.ts";
import { faultKinds } from "../src/index.ts";
import { describeOperation } from "./exports-description.ts";

const folder = mkdtempSync(join(tmpdir(), "mock-server-"));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(text: string): string {
  const file = join(folder, "openapi.json");
  writeFileSync(file, text);
  return file;
}

function refusalOf(args: readonly string[]): string {
  try {
    readArguments(args);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error("It was not refused");
}

test("reads the options of a server", () => {
  const description = describeOperation({});
  // Some programs write a byte order mark.
  const file = fileOf(`\ufeff${JSON.stringify(description)}`);
  const faults = ["--fault", "bad-gateway:2", "--fault=no-content@operation:always"];

  expect(readArguments([])).toEqual({ host: "127.0.0.1", port: 0, faults: [] });
  expect(
    readArguments(["--description", file, "--port=4010", "--token", "it's", ...faults]),
  ).toEqual({
    host: "127.0.0.1",
    port: 4010,
    token: "it's",
    description,
    faults: [
      { fault: "bad-gateway", times: 2 },
      { fault: "no-content", on: "operation", times: Infinity },
    ],
  });
});

test.each([
  [["--prot", "1"], "unknown option '--prot'"],
  [["4010"], "unexpected argument '4010'"],
  [["--port"], "option '--port <value>' argument missing"],
  [["--port", "x"], "--port must be a number from 0 to 65535, not 'x'"],
  [["--port", "65536"], "--port must be a number from 0 to 65535, not '65536'"],
  [["--host="], "--host must not be empty"],
  [["--token", "a b"], "--token must be printable ASCII without spaces"],
  [["--fault", "bad-gatewy"], "there is no fault 'bad-gatewy'; --help lists them"],
  [["--fault", "toString"], "there is no fault 'toString'; --help lists them"],
  [["--fault", "crlf@status"], "crlf applies to the download, not to the status"],
  ...["", "crlf:", "crlf:0", "crlf:1e3", "crlf@file", ":2"].map((fault): [string[], string] => [
    [`--fault=${fault}`],
    `--fault must be NAME, with @status or @download or @operation, and :TIMES or :always, not '${fault}'`,
  ]),
])("refuses %j with a single message and the usage", (args, message) => {
  const lines = refusalOf(args).split("\n");

  expect(lines).toEqual([message, expect.stringMatching(/^Usage: /)]);
});

test.each([
  ["is not there", undefined, "ENOENT"],
  ["is not JSON", "openapi: 3.1.0", "is not valid JSON"],
  ["is another document", '{"swagger":"2.0"}', "not an OpenAPI 3.0 or 3.1 document"],
  ["is not an object", "null", "not an OpenAPI 3.0 or 3.1 document"],
])("refuses a description that %s, names the file, and says how to fix it", (_, text, reason) => {
  const file = text === undefined ? join(folder, "none.json") : fileOf(text);
  const message = refusalOf(["--description", file]);

  expect(message).toContain(`${file} cannot be served: `);
  expect(message).toContain(reason);
  expect(message).toMatch(/redocly\/cli bundle .* --output openapi\.json$/);
});

test("--help explains every option and the exit codes, and lists every fault with its number", () => {
  const help = readArguments(["--help"]);

  expect(help).toMatch(/^Usage: /);
  for (const flag of [
    "FILE",
    "--port N",
    "--host H",
    "--token T",
    "PLACE",
    "TIMES",
    "Exit codes",
  ]) {
    expect(help).toMatch(new RegExp(`^${flag}\\b`, "m"));
  }
  for (const [name, { number }] of Object.entries(faultKinds)) {
    expect(help).toMatch(new RegExp(`^ +${number} +(any|status|download) +${name} +\\S`, "m"));
  }
});

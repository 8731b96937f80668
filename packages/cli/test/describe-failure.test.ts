import { once } from "node:events";
import { createServer } from "node:net";
import { ConnectionError } from "@audit-logs/client";
import { expect, test } from "vitest";
import { explain } from "../src/describe-failure.ts";
import { run } from "./run.ts";

test("says which host refused a connection, for people, for programs, and with --verbose", async () => {
  const server = createServer().listen(0, "localhost");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  await new Promise((resolve) => server.close(resolve));
  const list = ["list", "--from", "1d", "--base-url", `http://localhost:${port}`];

  const [person, program] = await Promise.all([
    run([...list, "--verbose"]),
    run([...list, "--json"]),
  ]);

  const fault = new RegExp(`the connection failed \\(localhost:${port}: .*ECONNREFUSED.*\\)`, "g");
  expect([person.exitCode, program.exitCode]).toEqual([1, 1]);
  // Three attempts that are repeated, and the last one.
  expect(person.stderr.match(fault)).toHaveLength(4);
  expect(JSON.parse(program.stderr)).toEqual({
    code: "connection",
    message: expect.stringMatching(fault),
    next: null,
  });
});

test.each([
  ["getaddrinfo ENOTFOUND logs.example", "ENOTFOUND", "getaddrinfo ENOTFOUND logs.example"],
  // What Node.js reports if a name has several addresses.
  ["", "ECONNREFUSED", "logs.example: ECONNREFUSED"],
  ["read ECONNRESET", "ECONNRESET", "logs.example: read ECONNRESET"],
  ["80F:error:0A00010B:SSL routines:…", "ERR_SSL_X", "logs.example: ERR_SSL_X"],
])("explains a failed connection whose cause is %j", (message, code, explanation) => {
  const cause = Object.assign(new Error(message), { code });
  const subject = { label: "GET /logs", method: "GET", path: "/logs" };
  const error = new ConnectionError(subject, "the connection failed", cause);

  expect(explain(error, "https://logs.example/api")).toBe(
    `GET /logs: the connection failed (${explanation})`,
  );
});

test("does not take the API for the host of a download", () => {
  const cause = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
  const error = new ConnectionError({ label: "Download" }, "the connection failed", cause);

  expect(explain(error, "https://logs.example/api")).toBe(
    "Download: the connection failed (read ECONNRESET)",
  );
});

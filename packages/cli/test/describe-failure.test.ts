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

  const fault = new RegExp(
    `localhost:${port}: .*: the connection failed \\(.*ECONNREFUSED.*\\)`,
    "g",
  );
  expect([person.exitCode, program.exitCode]).toEqual([1, 1]);
  // Three attempts that are repeated, and the last one.
  expect(person.stderr.match(fault)).toHaveLength(4);
  expect(JSON.parse(program.stderr)).toEqual({
    code: "connection",
    message: expect.stringMatching(fault),
    next: null,
  });
});

const subject = { label: "GET /logs", method: "GET", path: "/logs" };

test.each([
  ["getaddrinfo ENOTFOUND logs.example", ""],
  ["read ECONNRESET", "logs.example: "],
])("names the host of a failed connection if its reason %j does not", (reason, host) => {
  const error = new ConnectionError(subject, "the connection failed", new Error(reason));
  expect(explain(error, "https://logs.example/api")).toBe(
    `${host}GET /logs: the connection failed (${reason})`,
  );
});

test("does not take the API for the host of a download", () => {
  const error = new ConnectionError({ label: "Download" }, "it was lost", new Error("reset"));
  expect(explain(error, "https://logs.example/api")).toBe("Download: it was lost (reset)");
});

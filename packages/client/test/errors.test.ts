import { inspect } from "node:util";
import { ConnectionError } from "@audit-logs/runtime";
import { expect, test } from "vitest";
import type * as source from "../src/index.ts";
import { DownloadInterruptedError } from "../src/errors/download-interrupted-error.ts";
import { ExportFailedError } from "../src/errors/export-failed-error.ts";
import { jobOf } from "./faults/setup.ts";

const job = jobOf({ id: "1", org_id: "acme", status: "failed", created_at: "" });

test("the errors of exports say what happened to which export, and hold its facts", () => {
  const failed = new ExportFailedError(job);
  expect(failed).toMatchObject({
    name: "ExportFailedError",
    message: "Export job 1: failed: the server gave no reason; start another export",
  });
  expect(failed.job).toBe(job);
  expect(failed.lastJob).toBe(job);
  expect(new ExportFailedError({ ...job, error_message: "full" }).message).toBe(
    "Export job 1: failed: full; start another export",
  );
  const single = new DownloadInterruptedError({ label: "Download" }, "it broke", 5);
  expect(single).toMatchObject({ isTransient: false, retryAfter: 0 });
  expect(single).not.toHaveProperty("cause");
  const cause = new ConnectionError({ label: "Download" }, "away");
  cause.retryAfter = 7000;
  expect(new DownloadInterruptedError({ label: "Download" }, "it broke", 5, cause)).toMatchObject({
    isTransient: true,
    retryAfter: 7000,
    name: "DownloadInterruptedError",
    message: "Download: interrupted after 5 bytes: it broke",
    bytes: 5,
    cause,
  });
});

test("Node prints each error of the built package by the name that is caught", async () => {
  const entry = new URL("../dist/index.js", import.meta.url).href;
  const built: typeof source = await import(entry);
  const subject = { label: "GET /" };
  const response = new Response(null, { status: 500 });
  const printed = [
    new built.ApiError(subject, response, undefined),
    new built.AuditLogsError(subject, "it is running"),
    new built.ConnectionError(subject, "reset"),
    new built.DownloadInterruptedError(subject, "it broke", 5),
    new built.ExportFailedError({ id: "1", status: "failed" }),
    new built.InvalidResponseError(subject, "empty"),
    new built.TimeoutError(subject, "total", 1),
  ].map((error) => [inspect(error).split(":")[0], error.name]);
  const names = Object.keys(built).filter((name) => name.endsWith("Error"));
  expect(printed).toEqual(names.toSorted().map((name) => [name, name]));
});

test.each([
  [42, "42"],
  [{ code: 7 }, '{"code":7}'],
  ["", "the server gave no reason"],
  ["a".repeat(1000), `${"a".repeat(300)}…`],
])("a failed job's message may be %j", (error_message, reason) => {
  const failed = new ExportFailedError({ id: "1", status: "failed", error_message } as never);
  expect(failed.message).toBe(`Export job 1: failed: ${reason}; start another export`);
});

import { describe, expect, test } from "vitest";
import { hasWord, namedValues, valuesMentioned } from "../../description/named-values.js";

const known = ["pending", "running", "completed", "failed"];

test.each([
  "Status of the job: pending, running, completed, failed or cancelled.",
  "Status of the job, for example pending, running, cancelled, completed, or failed.",
  "Can be cancelled, pending, running, completed or failed.",
  "One of: cancelled | pending | running | completed | failed",
  "pending/running/completed/failed/cancelled",
  "pending → running → completed, failed or cancelled",
  "The job is pending, then running, and then completed or cancelled.",
  'Either "pending", "running", "completed", "failed" or "cancelled".',
  "The status: 'pending', 'running', 'cancelled', 'completed', 'failed'.",
  "Either pending or running. Once it is **cancelled**, it stays so.",
  "It is <code>cancelled</code> when its owner stops it.",
  "It is <b>cancelled</b> when its owner stops it.",
  "It is “cancelled” when its owner stops it.",
  "It is `cancelled` when its owner stops it.",
  "The state:\n- pending\n- running\n- completed\n- failed\n- cancelled",
  "The state:\n* `pending`: It waits.\n* `running`: It runs.\n* cancelled: It was stopped, or so.",
  "1. pending - It waits.\n2. running - It runs, and so on.\n3. cancelled - It was stopped.",
  "| State | Meaning |\n| --- | --- |\n| pending | It waits |\n| running | It runs |\n| cancelled | It was stopped |",
  "<ul><li>pending</li>\n<li>running</li>\n<li>cancelled</li></ul>",
  "pending (it waits), running (it runs), cancelled (it was stopped)",
  "It is pending, running, completed, failed, or cancelled by its owner.",
])("finds the unknown value in %j", (text) => {
  expect(namedValues(text, known).filter((value) => !known.includes(value))).toEqual(["cancelled"]);
});

test.each([
  "Current status of the job, for example `pending`, `running`, `completed`, or `failed`.",
  "Status of the export: pending, running, completed, failed, etc.",
  "A job is pending until it is running, and ends completed or failed.",
  "The job's status (pending, running, completed or failed). It's null at first; don't rely on it.",
  "Note: a job that has failed, or was completed, stays so.",
  "The status. More may come.",
  "",
])("finds nothing unknown in %j", (text) => {
  expect(namedValues(text, known).filter((value) => !known.includes(value))).toEqual([]);
});

test("quoted words of another text need not be values", () => {
  const text = "Send `job_id`. It answers with pending, running, cancelled or completed.";
  expect(namedValues(text, known, false)).toEqual(["pending", "running", "cancelled", "completed"]);
});

test("finds upper-case values among upper-case values", () => {
  expect(
    namedValues("One of PENDING, RUNNING, CANCELLED or whatever", ["PENDING", "RUNNING"]),
  ).toEqual(["PENDING", "RUNNING", "CANCELLED"]);
});

test("a value matches only as a separate word", () => {
  expect(hasWord("a pending job", "pending")).toBe(true);
  expect(hasWord("a pending-ish job", "pending")).toBe(false);
  expect(hasWord("state a.b", "a.b")).toBe(true);
  expect(hasWord("state aXb", "a.b")).toBe(false);
});

function unknown(text: string, isAboutThem?: boolean): string[] {
  return valuesMentioned(text, known, "status", isAboutThem).filter(
    (value) => !known.includes(value),
  );
}

describe("in a text about any subject", () => {
  test.each([
    "Retrieve the status of a job. A job may also be `cancelled`.",
    "When the job was `completed` or `cancelled`.",
    "When the job was completed or cancelled.",
    "A job may also be cancelled.",
    "Cancelled jobs are kept for a day.",
    "Jobs that were cancelled cannot be downloaded.",
    'Answers with `{ "status": "cancelled" }` once its owner stopped it.',
    "Poll until status=cancelled.",
    '```json\n{ "status": "cancelled" }\n```',
    "A job in the cancelled state has no file.",
    "Its status then becomes cancelled.",
    "<b>cancelled</b> exports have no file",
    "`pending` → `running` → `cancelled`",
  ])("finds the unknown value in %j", (text) => {
    expect(unknown(text)).toEqual(["cancelled"]);
  });

  test.each([
    "Request succeeded and the export job status is returned.",
    "Time when the export job finished processing, if it has completed.",
    "API version identifier (for example, `v1` or `v2`). Defaults to `v1` when not provided.",
    "**Response** containing the state of a bulk export job and, when complete, its URL.",
    "The request parameters failed validation.",
    "The job is created by POST and kept for a week. Its file can be downloaded then.",
    "Events are skipped that are older. Requests are throttled to 10 a second.",
    "Items are sorted `ascending`. Deprecated: use v2.",
    "The URL expires after an hour; the link is then invalid.",
    "The status code is 200. Status: see the table below.",
    "If the job was not started by this organization, the answer is 404.",
    "The job is processed in the background, and the status is never null.",
  ])("finds nothing unknown in %j", (text) => {
    expect(unknown(text)).toEqual([]);
  });

  test("a quoted word alone counts only in a text about the values", () => {
    expect(unknown("Answers are `throttled`.")).toEqual(["throttled"]);
    expect(unknown("Answers are `throttled`.", false)).toEqual([]);
  });
});

import { expect, test } from "vitest";
import { defaultJobId, type MockJob } from "../src/index.ts";
import { startExports, type Job } from "./start.ts";

/** Requests the status of the default job a number of times. */
async function play(job: MockJob, times: number): Promise<unknown[]> {
  await using server = await startExports({ jobs: { [defaultJobId]: job } });
  const responses: unknown[] = [];
  for (let i = 0; i < times; i++) {
    const response = await fetch(server.statusUrl(defaultJobId), {
      headers: { Authorization: "Bearer secret" },
    });
    responses.push(await response.json());
  }
  return responses;
}

test("a job goes from pending through running to completed, and stays there", async () => {
  const responses = await play({}, 6);

  expect(responses).toMatchObject([
    { id: defaultJobId, status: "pending", progress: 0 },
    { status: "running", progress: 25 },
    { status: "running", progress: 50 },
    { status: "running", progress: 75 },
    { status: "completed", progress: 100, total_records: 5 },
    { status: "completed", progress: 100, total_records: 5 },
  ]);
  expect(responses[4]).toMatchObject({
    completed_at: expect.any(String),
    download_url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/.*signature=[0-9a-f]{64}$/),
  });
  expect(responses[3]).not.toHaveProperty("download_url");
});

test("a failed job reports the reason, and has no download", async () => {
  const failed = (await play({ outcome: "failed" }, 5)).at(-1);

  expect(failed).toMatchObject({ status: "failed", error_message: expect.any(String) });
  expect(failed).not.toHaveProperty("download_url");
});

test("plays the given steps in order, independently of each other", async () => {
  const responses = await play(
    { steps: [{ status: "completed" }, { status: "running", progress: 10 }, { progress: null }] },
    4,
  );

  expect(responses).toMatchObject([
    { status: "completed", download_url: expect.any(String) },
    { status: "running", progress: 10 },
    { status: "pending", progress: null },
    { status: "pending", progress: null },
  ]);
  expect(responses[1]).not.toHaveProperty("download_url");
});

test("a step overrides the fields of its status", async () => {
  const steps = [{ status: "completed", download_url: null, total_records: 7 }];

  expect(await play({ steps }, 1)).toMatchObject([{ download_url: null, total_records: 7 }]);
});

test("text beyond ASCII arrives intact", async () => {
  const steps = [{ status: "failed", error_message: "größer als erlaubt – 中" }];

  expect(await play({ steps }, 1)).toMatchObject(steps);
});

test("a job without steps stays pending", async () => {
  expect(await play({ steps: [] }, 2)).toMatchObject([
    { status: "pending" },
    { status: "pending" },
  ]);
});

test("a job counts its own events and has its own organization", async () => {
  const orgId = "11111111-2222-4333-8444-555555555555";
  const steps = [{ status: "completed" }];

  expect(await play({ orgId, steps, events: [{ a: 1 }, { a: 2 }] }, 1)).toMatchObject([
    { org_id: orgId, total_records: 2 },
  ]);
});

test.each<[string, Job]>([
  ["/progress must be <= 100", { progress: 101 }],
  ["/progress must be integer", { progress: 0.5 }],
  ['/org_id must match format "uuid"', { org_id: "nobody" }],
  ['/created_at must match format "date-time"', { created_at: "yesterday" }],
  ['/download_url must match format "uri-reference"', { download_url: "http://a b" }],
])(
  "responds with 500 if the description does not allow a step, and says why: %s",
  async (fault, step) => {
    const [response] = await play({ steps: [step] }, 1);

    expect(response).toEqual({ detail: expect.stringContaining(fault) });
  },
);

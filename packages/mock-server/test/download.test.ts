import { expect, test } from "vitest";
import { defaultJobId, type MockJob, type MockServer } from "../src/index.ts";
import { startExports, type Job } from "./start.ts";

const events = [{ text: "ä" }, { text: "b" }];
const file = '{"text":"ä"}\n{"text":"b"}\n';
const size = Buffer.byteLength(file);

function startWith(job: MockJob): Promise<MockServer> {
  return startExports({
    jobs: { [defaultJobId]: { ...job, steps: [{ status: "completed" }] } },
  });
}

async function downloadUrl(server: MockServer): Promise<string> {
  const headers = { Authorization: "Bearer secret" };
  const response = await fetch(server.statusUrl(defaultJobId), { headers });
  const job: Job = JSON.parse(await response.text());
  expect(job["download_url"]).toBeTypeOf("string");
  return String(job["download_url"]);
}

test("serves the events as JSON Lines, without a token", async () => {
  await using server = await startWith({ events });

  const response = await fetch(await downloadUrl(server));

  expect(response.status).toBe(200);
  expect(response.headers.get("Content-Type")).toBe("application/x-ndjson");
  expect(response.headers.get("Content-Length")).toBe(String(size));
  expect(response.headers.get("Accept-Ranges")).toBe("bytes");
  expect(response.headers.get("ETag")).toMatch(/^"[0-9a-f]{32}"$/);
  expect(await response.text()).toBe(file);
});

test("the default events belong to the job's organization, and never change", async () => {
  const orgId = "11111111-2222-4333-8444-555555555555";
  await using server = await startWith({ orgId });
  await using other = await startWith({ orgId });

  const text = await (await fetch(await downloadUrl(server))).text();

  const lines = text.trimEnd().split("\n");
  for (const line of lines) {
    expect(JSON.parse(line)).toMatchObject({
      org_id: orgId,
      action_key: expect.any(String),
      actor_id: expect.any(String),
      target_id: expect.any(String),
      occurred_at: expect.any(String),
    });
  }
  expect(new Set(lines.map((line) => JSON.parse(line).id)).size).toBe(lines.length);
  expect(await (await fetch(await downloadUrl(other))).text()).toBe(text);
});

test("an export without events is an empty file", async () => {
  await using server = await startWith({ events: [] });

  const response = await fetch(await downloadUrl(server));

  expect(response.headers.get("Content-Length")).toBe("0");
  expect(await response.text()).toBe("");
});

test.each(["", "?signature=", `?signature=${"0".repeat(64)}`])(
  "refuses the query '%s' with 403",
  async (query) => {
    await using server = await startWith({ events });
    const { origin, pathname } = new URL(await downloadUrl(server));

    expect((await fetch(origin + pathname + query)).status).toBe(403);
  },
);

test("two servers do not share a signature", async () => {
  await using one = await startWith({ events });
  await using two = await startWith({ events });
  const [first, second] = await Promise.all([downloadUrl(one), downloadUrl(two)]);

  expect(new URL(first).search).not.toBe(new URL(second).search);
});

test.each([
  ["bytes=0-2", 0, 2],
  ["bytes=14-14", 14, 14],
  ["bytes=5-", 5, size - 1],
  ["bytes=-4", size - 4, size - 1],
  ["bytes=-999", 0, size - 1],
  ["bytes=20-999", 20, size - 1],
])("responds to %s with 206 and that range", async (range, first, last) => {
  await using server = await startWith({ events });

  const response = await fetch(await downloadUrl(server), { headers: { Range: range } });

  expect(response.status).toBe(206);
  expect(response.headers.get("Content-Range")).toBe(`bytes ${first}-${last}/${size}`);
  expect(response.headers.get("Content-Length")).toBe(String(last - first + 1));
  expect(response.headers.get("ETag")).toBeTruthy();
  expect(Buffer.from(await response.arrayBuffer())).toEqual(
    Buffer.from(file).subarray(first, last + 1),
  );
});

test.each([`bytes=${size}-`, "bytes=999-1000", "bytes=-0"])(
  "responds to %s with 416",
  async (range) => {
    await using server = await startWith({ events });

    const response = await fetch(await downloadUrl(server), { headers: { Range: range } });

    expect(response.status).toBe(416);
    expect(response.headers.get("Content-Range")).toBe(`bytes */${size}`);
  },
);

test("no range of an empty file can be satisfied", async () => {
  await using server = await startWith({ events: [] });
  const url = await downloadUrl(server);
  const statusOf = async (range: string) =>
    (await fetch(url, { headers: { Range: range } })).status;

  expect([await statusOf("bytes=0-"), await statusOf("bytes=-5")]).toEqual([416, 416]);
});

test.each(["bytes=3-1", "bytes=-", "bytes=0-1,3-4", "lines=0-1", "bytes"])(
  "ignores the range %s",
  async (range) => {
    await using server = await startWith({ events });

    const response = await fetch(await downloadUrl(server), { headers: { Range: range } });

    expect([response.status, await response.text()]).toEqual([200, file]);
  },
);

test("If-Range serves the range of the same version, and the full file otherwise", async () => {
  await using server = await startWith({ events });
  const url = await downloadUrl(server);
  const etag = (await fetch(url)).headers.get("ETag") ?? "";
  const statusOf = async (ifRange: string) =>
    (await fetch(url, { headers: { Range: "bytes=0-2", "If-Range": ifRange } })).status;

  expect(await statusOf(etag)).toBe(206);
  expect(await statusOf('"other"')).toBe(200);
  expect(await statusOf(`W/${etag}`)).toBe(200);
  expect(await statusOf("Thu, 15 Jan 2026 09:00:00 GMT")).toBe(200);
});

test("HEAD reports the length of the full file, with or without Range", async () => {
  await using server = await startWith({ events });

  const response = await fetch(await downloadUrl(server), {
    method: "HEAD",
    headers: { Range: "bytes=0-2" },
  });

  expect(response.status).toBe(200);
  expect(response.headers.get("Content-Length")).toBe(String(size));
});

test("methods other than GET and HEAD are refused with 405", async () => {
  await using server = await startWith({ events });

  const response = await fetch(await downloadUrl(server), { method: "PUT" });

  expect(response.status).toBe(405);
  expect(response.headers.get("Allow")).toBe("GET, HEAD");
});

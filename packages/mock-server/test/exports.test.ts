import { expect, test } from "vitest";
import { defaultJobId, type MockServer } from "../src/index.ts";
import { exportsDescription } from "./exports-description.ts";
import { startExports } from "./start.ts";

// Jobs, their files and their events, in an invented description.

const bearer = { Authorization: "Bearer secret" };

async function get(server: MockServer, target: string): Promise<unknown> {
  const response = await fetch(server.url + target, { headers: bearer });
  expect(response.status).toBe(200);
  return response.json();
}

async function start(server: MockServer): Promise<string> {
  const response = await fetch(`${server.url}/exports`, {
    method: "POST",
    headers: { ...bearer, "Content-Type": "application/json" },
    body: JSON.stringify({ from_date: "2026-01-01T00:00:00Z" }),
  });
  expect(response.status).toBe(200);
  const started: object = JSON.parse(await response.text());
  const values: unknown[] = Object.values(started);
  expect(values).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/)]);
  return String(values[0]);
}

test("a started job has its own id, and plays like the default job", async () => {
  await using server = await startExports();
  const ids = [await start(server), await start(server)];

  expect(new Set([...ids, defaultJobId]).size).toBe(3);
  for (const id of [...ids, defaultJobId]) {
    const reported: unknown[] = [];
    for (let step = 0; step < 5; step += 1) reported.push(await get(server, `/exports/${id}`));
    expect(reported).toMatchObject([
      { id, status: "pending" },
      { id, status: "running", progress: 25 },
      { id, status: "running", progress: 50 },
      { id, status: "running", progress: 75 },
      { id, status: "completed", download_url: expect.stringContaining(`/downloads/${id}`) },
    ]);
  }
});

test("a started job exports the events of the first job", async () => {
  const events = [{ id: "1" }, { id: "2" }];
  await using server = await startExports({ jobs: { [defaultJobId]: { events } } });
  const id = await start(server);
  for (let step = 0; step < 4; step += 1) await get(server, `/exports/${id}`);
  const job = await get(server, `/exports/${id}`);

  expect(job).toMatchObject({ status: "completed", total_records: 2 });
});

test.each<[string, object, (response: Response) => Promise<unknown>]>([
  [
    "among other fields",
    {
      "201": {
        description: "Started",
        content: {
          "application/json": {
            schema: {
              type: "object",
              required: ["name", "export_id"],
              properties: { name: { type: "string" }, export_id: { type: "string" } },
            },
          },
        },
      },
    },
    async (response) => Reflect.get(Object(await response.json()), "export_id"),
  ],
  [
    "in the job of the response",
    { "200": exportsDescription().paths["/exports/{export_id}"].get.responses["200"] },
    async (response) => Reflect.get(Object(await response.json()), "id"),
  ],
  [
    "in Location",
    { "202": { description: "Accepted" } },
    async (response) => response.headers.get("Location")?.split("/").at(-1),
  ],
])("a started job's id is %s, if the description says so", async (_, responses, read) => {
  const { paths, ...rest } = exportsDescription();
  const description = { ...rest, paths: { ...paths, "/exports": { post: { responses } } } };
  await using server = await startExports({ description });

  const started = await fetch(`${server.url}/exports`, { method: "POST", headers: bearer });
  expect(String(started.status)).toBe(Object.keys(responses)[0]);
  const id = await read(started);

  expect(id).toBeTypeOf("string");
  expect(await get(server, `/exports/${String(id)}`)).toMatchObject({ id });
});

test("a started job's id is the next number, if the description accepts only numbers", async () => {
  const description = JSON.parse(
    JSON.stringify(exportsDescription()).replaceAll(
      '{"type":"string","format":"uuid"}',
      '{"type":"integer"}',
    ),
  );
  await using server = await startExports({ description, jobs: { 1: {} } });

  const started = await fetch(`${server.url}/exports`, {
    method: "POST",
    headers: { ...bearer, "Content-Type": "application/json" },
    body: JSON.stringify({ from_date: null }),
  });

  expect(await started.json()).toEqual({ export_id: 2 });
  expect((await fetch(server.statusUrl("2"), { headers: bearer })).status).not.toBe(404);
});

test("the described download path serves the file, too, with ranges, HEAD and authentication", async () => {
  const events = [{ a: 1 }, { a: 2 }];
  await using server = await startExports({ jobs: { [defaultJobId]: { events } } });
  const url = `${server.url}/exports/${defaultJobId}/file`;

  const full = await fetch(url, { headers: bearer });
  expect(full.headers.get("Content-Type")).toBe("application/jsonl");
  expect(await full.text()).toBe('{"a":1}\n{"a":2}\n');
  const part = await fetch(url, { headers: { ...bearer, Range: "bytes=8-" } });
  expect([part.status, await part.text()]).toEqual([206, '{"a":2}\n']);
  const head = await fetch(url, { method: "HEAD", headers: bearer });
  expect([head.status, head.headers.get("Content-Length")]).toEqual([200, "16"]);
  expect((await fetch(url)).status).toBe(401);
  const unknown = url.replace(defaultJobId, "00000000-0000-4000-8000-000000000000");
  expect((await fetch(unknown, { headers: bearer })).status).toBe(404);
});

test("faults of downloads apply to that path, too", async () => {
  await using server = await startExports({ faults: [{ fault: "empty-file" }] });
  const url = `${server.url}/exports/${defaultJobId}/file`;

  expect(await (await fetch(url, { headers: bearer })).text()).toBe("");
  expect(await (await fetch(url, { headers: bearer })).text()).not.toBe("");
});

async function idsOf(server: MockServer, query: string): Promise<string> {
  const list = await get(server, `/events?${query}`);
  expect(list).toMatchObject({ items: expect.any(Array), total_count: expect.any(Number) });
  const { items, total_count: total }: { items: { id: string }[]; total_count: number } =
    JSON.parse(JSON.stringify(list));
  return `${items.map(({ id }) => id.slice(-1)).join("")} of ${total}`;
}

test.each([
  ["", "12345 of 5"],
  ["limit=2", "12 of 5"],
  ["limit=2&offset=4", "5 of 5"],
  ["offset=9", " of 5"],
  ["sort=-occurred_at", "54321 of 5"],
  ["sort=service_name,-occurred_at", "31542 of 5"],
  ["from_date=2026-01-13T00:00:00Z", "345 of 3"],
  ["from_date=2026-01-12T08:00:00.125Z&to_date=2026-01-12T08:03:41.007Z", "12 of 2"],
  ["q=service_name:auth", "13 of 2"],
  ["q=service_name:auth,organizations", "123 of 3"],
  ["q=service_name:auth&q=actor_type:service", "135 of 3"],
  ["q=service_name:auth&q=action_verb:login&search_operator=and", "1 of 1"],
])("lists the events of the jobs, by '%s'", async (query, expected) => {
  await using server = await startExports();

  expect(await idsOf(server, query)).toBe(expected);
});

test("lists the same events as the file, and returns each by its id", async () => {
  await using server = await startExports();
  const file = await fetch(`${server.url}/exports/${defaultJobId}/file`, { headers: bearer });
  const events: { id: string }[] = (await file.text())
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

  expect(await get(server, "/events")).toEqual({ items: events, total_count: events.length });
  for (const event of events) expect(await get(server, `/events/${event.id}`)).toEqual(event);
  expect((await fetch(`${server.url}/events/none`, { headers: bearer })).status).toBe(404);
});

test("does not mistake a list without a specific schema for a list of events", async () => {
  const { paths, ...rest } = exportsDescription();
  const schema = {
    type: "object",
    properties: { values: { type: "array", items: {}, examples: [[7]] } },
  };
  const responses = {
    "200": { description: "Values", content: { "application/json": { schema } } },
  };
  const description = { ...rest, paths: { "/any": { get: { responses } }, ...paths } };
  await using server = await startExports({ description });

  expect(await get(server, "/any")).toEqual({ values: [7] });
  expect(await get(server, "/events")).toMatchObject({ total_count: 5 });
});

test("refuses a page that the description does not allow", async () => {
  await using server = await startExports();

  const response = await fetch(`${server.url}/events?limit=0&offset=x`, { headers: bearer });

  expect(response.status).toBe(422);
  expect(await response.json()).toMatchObject({
    detail: [
      { loc: ["query", "limit"], msg: "must be >= 1" },
      { loc: ["query", "offset"], msg: "must be integer" },
    ],
  });
});

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { defaultJobId, startMockServer } from "@audit-logs/mock-server";
import { expect, onTestFinished, test } from "vitest";
import { run, type RunResult } from "./run.ts";

const time = (index: number): string => new Date(Date.UTC(2026, 10, 20) + index).toISOString();
const events = Array.from({ length: 250 }, (_, index) => ({
  id: `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
  org_id: "5f0c1c52-6d0b-4a35-9a3e-1f6a0c7d2b10",
  action_key: "auth.login",
  occurred_at: time(index),
  created_at: time(index),
  message: "signed in",
}));

test("prints every event once, page by page", async () => {
  await using server = await startMockServer({ jobs: { [defaultJobId]: { events } } });

  const { exitCode, stdout, stderr } = await run(
    ["list", "--from", "30d", "--base-url", server.url],
    {},
  );

  expect({ exitCode, stderr }).toEqual({
    exitCode: 0,
    stderr: "From 2026-10-29T12:00:00Z to now, both inclusive\n250 events\n",
  });
  expect(
    stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).id),
  ).toEqual(events.map(({ id }) => id));
  expect(server.requests).toHaveLength(3);
  // Of one moment, so that new events do not shift the pages.
  for (const { url } of server.requests) expect(url).toContain("to_date=2026-11-28T12%3A00%3A00Z");
});

test("prints no more than --limit, and asks for no more", async () => {
  await using server = await startMockServer({ jobs: { [defaultJobId]: { events } } });

  const { stdout } = await run([
    "list",
    "--from",
    "30d",
    "--base-url",
    server.url,
    "--limit",
    "120",
    "--quiet",
  ]);

  expect(stdout.trimEnd().split("\n")).toHaveLength(120);
  expect(server.requests.map(({ url }) => /limit=(\d+)/.exec(url)?.[1])).toEqual(["100", "20"]);
});

test("ends if the server has no more events than it counts", async () => {
  await using server = await startMockServer({ jobs: { [defaultJobId]: { events: [] } } });

  expect(await run(["list", "--from", "30d", "--base-url", server.url])).toMatchObject({
    exitCode: 0,
    stdout: "",
  });
});

test("counts a single event in the singular", async () => {
  await using server = await startMockServer({ jobs: { [defaultJobId]: { events } } });

  const args = ["list", "--from", "30d", "--base-url", server.url, "--limit", "1"];
  expect((await run(args)).stderr).toMatch(/\n1 event\n$/);
});

test("refuses a limit that is not a whole number", async () => {
  for (const limit of ["0", "-1", "1.5", "many"]) {
    expect(await run(["list", "--from", "30d", `--limit=${limit}`])).toMatchObject({ exitCode: 2 });
  }
});

async function listFrom(
  respond: (offset: number) => unknown,
  ...args: readonly string[]
): Promise<RunResult> {
  const server = createServer(({ url = "" }, response) => {
    const offset = Number(new URL(url, "http://localhost").searchParams.get("offset"));
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify(respond(offset)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return run(["list", "--from", "30d", "--base-url", `http://127.0.0.1:${port}`, ...args]);
}

test.each([undefined, null, -1, 0, 10])(
  "if the server's count is %s, prints all pages",
  async (count) => {
    const { exitCode, stdout } = await listFrom((offset) => ({
      items: events.slice(offset, offset + 100),
      total_count: count,
    }));

    expect(exitCode).toBe(0);
    expect(stdout.trimEnd().split("\n")).toHaveLength(events.length);
  },
);

test.each([251, 0])(
  "ends with an error if fewer events arrive than the server counted, even if it counts %s at the end",
  async (count) => {
    const { exitCode, stdout, stderr } = await listFrom((offset) => ({
      items: events.slice(offset, offset + 100),
      total_count: offset < events.length ? 251 : count,
    }));

    expect(exitCode).toBe(1);
    expect(stdout.trimEnd().split("\n")).toHaveLength(events.length);
    expect(stderr).toContain(
      "250 events arrived, but the server counts 251; do not rely on them\n",
    );
  },
);

test("prints no more than --limit, even if the server sends more", async () => {
  const { stdout, stderr } = await listFrom(
    (offset) => ({ items: events.slice(offset, offset + 100), total_count: events.length }),
    "--limit",
    "120",
  );

  expect(stdout.trimEnd().split("\n")).toHaveLength(120);
  expect(stderr).toMatch(/\n120 events\n$/);
});

test.each(["200", "150"])(
  "ends with an error if the server sends the same page again and again, with --limit %s",
  async (limit) => {
    const { exitCode, stdout, stderr } = await listFrom(
      () => ({ items: events.slice(0, 100) }),
      "--limit",
      limit,
    );

    expect(exitCode).toBe(1);
    expect(stdout.trimEnd().split("\n")).toHaveLength(100);
    expect(stderr).toContain("it repeats the page before it\n");
  },
);

test.each([{}, { items: "none" }, []])("%j is no page of events", async (page) => {
  const { exitCode, stderr } = await listFrom(() => page);

  expect(exitCode).toBe(1);
  expect(stderr).toContain("does not match the description: it has no list of items\n");
});

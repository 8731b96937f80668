import type { AuditLog } from "@audit-logs/client";
import { startMockServer } from "@audit-logs/mock-server";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { inBatches, postBatch } from "../splunk-hec/post-batch.ts";
import { recordRequests } from "./record-requests.ts";
import { runExample } from "./run-example.ts";

const token = "a-secret-hec-token";
const success = '{"text":"Success","code":0}';

const pauses = vi.hoisted((): number[] => []);
vi.mock("node:timers/promises", () => ({
  setTimeout: async (pause: number) => void pauses.push(pause),
}));
afterEach(() => void pauses.splice(0));

async function* stream(events: readonly object[]): AsyncGenerator<AuditLog> {
  yield* events as AuditLog[];
}

async function batchesOf(events: readonly object[]): Promise<(readonly string[])[]> {
  const batches: (readonly string[])[] = [];
  for await (const batch of inBatches(stream(events))) batches.push(batch);
  return batches;
}

describe("batches", () => {
  test("hold at most 1000 events", async () => {
    const batches = await batchesOf(Array.from({ length: 2001 }, (_, id) => ({ id })));
    expect(batches.map(({ length }) => length)).toEqual([1000, 1000, 1]);
    expect(await batchesOf([])).toEqual([]);
  });

  test("hold at most 512 KiB, but for an event that is longer itself", async () => {
    // Two bytes each in UTF-8.
    const letters = [300_000, 100_000, 100_000, 100_000, 300_000];
    const batches = await batchesOf(letters.map((count) => ({ message: "ü".repeat(count) })));
    expect(batches.map(({ length }) => length)).toEqual([1, 2, 1, 1]);
  });

  test("have the time at which each event occurred, in seconds, in UTC if it has no zone", async () => {
    vi.stubEnv("TZ", "Asia/Tokyo");
    onTestFinished(() => void vi.unstubAllEnvs());
    const [batch = []] = await batchesOf([
      { id: 1, occurred_at: "2026-01-12T08:00:00.125Z" },
      { id: 2, occurred_at: null },
      { id: 3, occurred_at: "2026-01-12T08:00:00" },
      { id: 4, occurred_at: "2026-01-12T08:00:00+01:00" },
    ]);
    expect(batch.map((line) => JSON.parse(line))).toEqual([
      {
        time: 1768204800.125,
        source: "anaconda-audit-logs",
        sourcetype: "_json",
        event: { id: 1, occurred_at: "2026-01-12T08:00:00.125Z" },
      },
      {
        source: "anaconda-audit-logs",
        sourcetype: "_json",
        event: { id: 2, occurred_at: null },
      },
      expect.objectContaining({ time: 1768204800 }),
      expect.objectContaining({ time: 1768201200 }),
    ]);
  });
});

/** Starts a collector that refuses as many batches, and then accepts. */
async function serveBusy(
  refusals: readonly (readonly [status: number, retryAfter?: string])[],
): ReturnType<typeof recordRequests> {
  const left = [...refusals];
  return recordRequests((response) => {
    const [status, retryAfter] = left.shift() ?? [200];
    if (retryAfter !== undefined) response.setHeader("Retry-After", retryAfter);
    response.writeHead(status).end(status === 200 ? success : '{"text":"Server is busy","code":9}');
  });
}

describe("a batch", () => {
  test("is sent again after the pause that Splunk asks for", async () => {
    const { url, requests } = await serveBusy([[503, "7"], [429, "0"], [503], [503, "soon"]]);
    await postBatch({ url, token }, ["{}\n"]);
    expect(pauses).toEqual([7000, 0, 5000, 5000]);
    expect(requests).toHaveLength(5);
  });

  test("waits until the date that Splunk names", async () => {
    const at = new Date(Date.now() + 60_000).toUTCString();
    const { url } = await serveBusy([[503, at]]);
    await postBatch({ url, token }, ["{}\n"]);
    const [pause] = pauses;
    expect(pause).toBeGreaterThan(0);
    expect(pause).toBeLessThanOrEqual(60_000);
  });

  test.each<[string, readonly (readonly [number, string?])[], number]>([
    ["after five attempts", Array.from({ length: 9 }, () => [503, "0"]), 5],
    ["when the pause would be longer than five minutes", [[429, "301"]], 1],
    ["at another status", [[500]], 1],
  ])("is given up %s", async (_, refusals, attempts) => {
    const { url, requests } = await serveBusy(refusals);
    const posted = postBatch({ url, token }, ["{}\n"]);
    await expect(posted).rejects.toThrow(
      `Splunk refused a batch: HTTP ${refusals[0]?.[0]}, Server is busy (code 9)`,
    );
    expect(requests).toHaveLength(attempts);
  });

  test("does not follow a redirect", async () => {
    const elsewhere = await recordRequests((response) => response.end(success));
    const { url } = await recordRequests((response) =>
      response.writeHead(307, { location: elsewhere.url }).end(),
    );
    await expect(postBatch({ url, token }, ["{}\n"])).rejects.toThrow("fetch failed");
    expect(elsewhere.requests).toEqual([]);
  });
});

function environmentOf(api: string, url: string, hecToken = token): Record<string, string> {
  return {
    AUDIT_LOGS_TOKEN: "a-token",
    AUDIT_LOGS_BASE_URL: api,
    SPLUNK_HEC_URL: url,
    SPLUNK_HEC_TOKEN: hecToken,
  };
}

describe("the script", () => {
  const span = ["2026-01-12", "2026-01-15"];
  test("sends the events of a time span, with the token", async () => {
    await using server = await startMockServer({ faults: [{ fault: "service-unavailable" }] });
    const { url, requests } = await recordRequests((response) => response.end(success));
    const run = await runExample("splunk-hec", span, environmentOf(server.url, url));
    expect(run).toEqual({ exitCode: 0, stdout: "Sent 5 events\n", stderr: "" });
    expect(requests).toMatchObject([
      {
        method: "POST",
        url: "/services/collector/event",
        headers: { authorization: `Splunk ${token}` },
      },
    ]);
    const sent = String(requests[0]?.body).trimEnd().split("\n");
    expect(sent.map((line) => JSON.parse(line))).toMatchObject([
      { time: 1768204800.125, event: { occurred_at: "2026-01-12T08:00:00.125Z" } },
      ...Array.from({ length: 4 }, () => ({ time: expect.any(Number) })),
    ]);
    expect(JSON.parse(server.requests[0]?.body ?? "")).toEqual({
      from_date: "2026-01-12T00:00:00Z",
      to_date: "2026-01-15T00:00:00Z",
    });
  });

  test("stops with Splunk's own message, and never prints the token", async () => {
    await using server = await startMockServer();
    const { url } = await recordRequests((response, { headers }) => {
      const text = `Invalid token: ${headers.authorization}`;
      response.writeHead(403).end(JSON.stringify({ text, code: 4 }));
    });
    const run = await runExample("splunk-hec", span, environmentOf(server.url, url));
    expect(run).toMatchObject({ exitCode: 1, stdout: "" });
    expect(run.stderr).toContain("HTTP 403, Invalid token: Splunk <token> (code 4)");
    expect(run.stderr).toContain("Sent 0 events before that");
  });

  test("exits with 2 without the collector's token", async () => {
    const environment = environmentOf("http://127.0.0.1:9", "http://127.0.0.1:9", "");
    const run = await runExample("splunk-hec", span, environment);
    expect(run).toMatchObject({ exitCode: 2, stdout: "" });
    expect(run.stderr).toMatch(/^Set SPLUNK_HEC_TOKEN /u);
  });
});

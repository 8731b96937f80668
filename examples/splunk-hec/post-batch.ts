import { setTimeout as sleep } from "node:timers/promises";
import type { AuditLog } from "@audit-logs/client";

/** Splunk's HTTP Event Collector: its URL, such as `https://splunk.example:8088`, and a token. */
interface Collector {
  readonly url: string;
  readonly token: string;
}

// Splunk Cloud refuses requests of more than 1 MB.
const maxEvents = 1000;
const maxBytes = 512 * 1024;

const maxAttempts = 5;
const defaultPause = 5;
const longestPause = 300;

/** Collects events in batches, each event in the collector's JSON envelope. */
export async function* inBatches(
  events: AsyncIterable<AuditLog>,
): AsyncGenerator<readonly string[]> {
  let batch: string[] = [];
  let bytes = 0;
  for await (const event of events) {
    const { occurred_at: text } = event;
    // JavaScript takes a time without a zone for local time, but it is UTC.
    const zone = /(?:Z|[+-]\d\d:?\d\d)$/i.test(text ?? "") ? "" : "Z";
    const time = Date.parse(`${text}${zone}`) / 1000;
    const envelope = {
      // Without a time, Splunk takes that of arrival.
      ...(Number.isNaN(time) ? {} : { time }),
      source: "anaconda-audit-logs",
      sourcetype: "_json",
      event,
    };
    const line = `${JSON.stringify(envelope)}\n`;
    const size = Buffer.byteLength(line);
    if (batch.length === maxEvents || (batch.length > 0 && bytes + size > maxBytes)) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(line);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

/** Posts a batch. Waits and tries again while Splunk is busy, as long as it asks for. */
export async function postBatch(
  { url, token }: Collector,
  batch: readonly string[],
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(new URL("/services/collector/event", url), {
      method: "POST",
      headers: { Authorization: `Splunk ${token}` },
      body: batch.join(""),
      // A redirect must not lead the token elsewhere.
      redirect: "error",
      signal: AbortSignal.timeout(60_000),
    });
    const text = await response.text();
    if (response.ok) return;
    const isBusy = response.status === 429 || response.status === 503;
    const pause = pauseOf(response.headers.get("Retry-After"));
    if (!isBusy || attempt === maxAttempts || pause > longestPause) {
      throw new Error(`Splunk refused a batch: HTTP ${response.status}, ${reasonIn(text)}`);
    }
    await sleep(pause * 1000);
  }
}

/** The seconds that a Retry-After header asks for, which is a number or a date (RFC 9110 §10.2.3). */
function pauseOf(retryAfter: string | null): number {
  const seconds = Number(retryAfter ?? defaultPause);
  const pause = Number.isNaN(seconds)
    ? (Date.parse(retryAfter ?? "") - Date.now()) / 1000
    : seconds;
  return Number.isNaN(pause) ? defaultPause : Math.max(0, pause);
}

/** What Splunk says in its JSON: `{"text":"Invalid token","code":4}`. */
function reasonIn(body: string): string {
  try {
    const { text, code } = JSON.parse(body);
    return `${text} (code ${code})`;
  } catch {
    return "without a message of Splunk's own";
  }
}

import { createAuditLogsClient } from "@audit-logs/client";

// Reads an export of a given number of megabytes, or parses its lines. Runs in a separate process.

const [, , subject, size] = process.argv;
const chunkSize = 65_536;
const eventOf = (index: number): object => ({
  id: `evt_${String(index).padStart(12, "0")}`,
  org_id: "acme",
  action_key: "user.login",
  action_verb: "login",
  created_at: "2026-01-15T09:00:00.000000Z",
  occurred_at: "2026-01-15T09:00:00.000000Z",
  message: `User ${index} logged in from a browser`,
  actor_id: `usr_${index}`,
  actor_email: `user-${index}@example.com`,
  actor_type: "user",
  target_id: `ses_${index}`,
  target_type: "session",
  service_name: "auth",
  org_name: "Acme",
  meta: { ip: "192.0.2.1", agent: "Mozilla/5.0", attempt: index % 3 },
});
const lines = Array.from({ length: 2400 }, (_, index) => `${JSON.stringify(eventOf(index))}\n`);
const block = new TextEncoder().encode(lines.join(""));

// Made beforehand: what a network delivers costs memory and time that no reader could save.
const chunks = Array.from({ length: Math.ceil(block.byteLength / chunkSize) }, (_, index) =>
  block.slice(index * chunkSize, (index + 1) * chunkSize),
);

async function read(blocks: number): Promise<number> {
  let index = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const chunk = chunks[index % chunks.length];
      if (chunk && index < blocks * chunks.length) controller.enqueue(chunk);
      else controller.close();
      index += 1;
    },
  });
  const auditLogs = createAuditLogsClient({
    token: "token",
    fetch: async () => new Response(body),
  });
  const job = {
    id: "job",
    status: "completed",
    download_url: "https://files.example.com/export.jsonl",
    total_records: blocks * lines.length,
  };
  let events = 0;
  for await (const { id } of auditLogs.readExport(job)) if (id) events += 1;
  return events;
}

/** Complete lines, several kilobytes at a time: that is the fastest known way. */
function* textsOf(blocks: number): Generator<string> {
  const decoder = new TextDecoder();
  for (let index = 0; index < blocks; index += 1) {
    for (let start = 0, end = 0; start < block.byteLength; start = end) {
      end = block.indexOf(0x0a, Math.min(start + chunkSize, block.byteLength - 1)) + 1;
      yield decoder.decode(block.subarray(start, end));
    }
  }
}

function parse(blocks: number): number {
  let events = 0;
  for (const text of textsOf(blocks)) {
    for (let from = 0, to = 0; (to = text.indexOf("\n", from)) >= 0; from = to + 1) {
      if (JSON.parse(text.slice(from, to)).id) events += 1;
    }
  }
  return events;
}

/** The same, with nothing but a generator between the lines and their reader. */
async function parseInGenerator(blocks: number): Promise<number> {
  async function* parseAll(): AsyncGenerator<{ readonly id?: string }> {
    for (const text of textsOf(blocks)) {
      for (let from = 0, to = 0; (to = text.indexOf("\n", from)) >= 0; from = to + 1) {
        yield JSON.parse(text.slice(from, to));
      }
    }
  }
  let events = 0;
  for await (const { id } of parseAll()) if (id) events += 1;
  return events;
}

const work = { client: read, generator: parseInGenerator, parse }[String(subject)];
if (!work) throw new Error(`No measurement is named ${subject}`);
const blocks = Math.round((Number(size) * 1e6) / block.byteLength);
await work(5);
globalThis.gc?.();
const idle = process.memoryUsage.rss();
const start = performance.now();
const events = await work(blocks);
const seconds = (performance.now() - start) / 1000;
if (events !== blocks * lines.length) throw new Error(`${events} events were read`);
console.log(
  JSON.stringify({
    megabytesPerSecond: (blocks * block.byteLength) / 1e6 / seconds,
    mebibytes: process.resourceUsage().maxRSS / 1024 - idle / 2 ** 20,
  }),
);

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FaultName } from "@audit-logs/mock-server";
import type { Command } from "../command.ts";
import type { Timeouts } from "../connect.ts";
import { usageError } from "../failure.ts";
import { createOutput } from "../output.ts";
import { quote } from "../quote.ts";
import type { WaitFlags } from "../wait-for-job.ts";
import { exportLogs } from "./export.ts";

export interface DemoFlags extends WaitFlags {
  readonly fault?: string;
  readonly records?: string;
}

const from = "2026-01-01";
const to = "2026-02-01";

/** Short enough to watch a fault of the server. */
const shortTimeouts: Timeouts = { attemptTimeout: 5000, idleTimeout: 5000 };

/** Plays an export against a mock server in this process. Nothing else is contacted. */
export async function demo(
  { context, settings, output }: Command,
  { fault, records, timeout = "30s", interval = "300ms" }: DemoFlags,
  timeouts: Timeouts = shortTimeouts,
): Promise<void> {
  const count = readRecords(records);
  const { defaultJobId, faultKinds, startMockServer } = await import("@audit-logs/mock-server");
  const isFault = (name: string): name is FaultName => Object.hasOwn(faultKinds, name);
  if (fault !== undefined && !isFault(fault)) {
    throw usageError(
      `there is no fault '${fault}'; there are ${Object.keys(faultKinds).join(", ")}`,
    );
  }
  const token = "a-token-for-the-demo";
  await using server = await startMockServer({
    token,
    jobs: { [defaultJobId]: count === undefined ? {} : { events: createEvents(count) } },
    ...(fault !== undefined && { faults: [{ fault }] }),
  });
  const { json = false, quiet = false, verbose = false, color = true } = settings;
  const demoSettings = { json, quiet, verbose, color, baseUrl: server.url };
  const demoContext = { ...context, env: { ...context.env, AUDIT_LOGS_TOKEN: token } };
  const folder = await mkdtemp(join(tmpdir(), "audit-logs-demo-"));
  const path = join(folder, "audit-logs.jsonl");
  try {
    if (fault !== undefined) output.note(`The mock server sends ${faultKinds[fault].summary}`);
    output.note(`$ audit-logs export --from ${from} --to ${to} -o ${quote(path)}`);
    const command = {
      context: demoContext,
      settings: demoSettings,
      output: createOutput(demoContext, demoSettings),
    };
    await exportLogs(command, { from, to, output: path, timeout, interval }, timeouts);
    output.note(`$ cat ${quote(path)}`);
    if (!json) await output.write(await readFile(path));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function readRecords(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const count = Number(text);
  if (/^\d+$/.test(text) && count <= 1_000_000) return count;
  throw usageError(`--records '${text}' is no whole number up to 1000000`);
}

/** Invented events. */
function createEvents(count: number): readonly Readonly<Record<string, unknown>>[] {
  const start = Date.parse(`${from}T00:00:00Z`);
  return Array.from({ length: count }, (_, index) => {
    const time = new Date(start + index * 1000).toISOString();
    return {
      id: `00000000-0000-4000-8000-${index.toString(16).padStart(12, "0")}`,
      org_id: "5f0c1c52-6d0b-4a35-9a3e-1f6a0c7d2b10",
      action_key: "auth.login",
      action_verb: "login",
      occurred_at: time,
      created_at: time,
      message: "member@example.com signed in",
      actor_email: "member@example.com",
    };
  });
}

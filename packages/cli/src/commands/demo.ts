import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Fault, FaultName } from "@audit-logs/mock-server";
import { Command as Program } from "commander";
import type { Command } from "../command.ts";
import type { Timeouts } from "../connect.ts";
import { Failure, usageError } from "../failure.ts";
import { faultNames } from "../fault-names.ts";
import { readLines } from "../json-lines.ts";
import { createOutput } from "../output.ts";
import { quote } from "../quote.ts";
import { formatCommand } from "../settings.ts";
import { readPace, type WaitFlags } from "../wait-for-job.ts";
import { exportLogs } from "./export.ts";

export interface DemoFlags extends WaitFlags {
  readonly fault?: string;
  readonly events?: string;
}

const from = "2026-01-01";
const fileName = "logs.jsonl";

/** How many events are shown on a terminal. */
const shownEvents = 3;

/** Short enough to watch a fault of the server. */
const shortTimeouts: Timeouts = { attemptTimeout: 5000, idleTimeout: 5000 };

/**
 * How many events there are for a fault of the download. Of a small file nothing may have arrived when the
 * connection breaks off, and then the client asks for the whole file again.
 */
const eventsOfDownloadFault = 1000;

/** The faults that only occur after another. */
const faultsBefore: Readonly<Partial<Record<FaultName, FaultName>>> = {
  // Only a second poll can contradict the first.
  "running-again": "expired-url",
  // They are faults of the rest of a file.
  "expired-url-on-resume": "interrupted-download",
  "wrong-range": "interrupted-download",
  "range-ignored": "interrupted-download",
  "changed-etag": "interrupted-download",
  "changed-file": "interrupted-download",
  "range-not-satisfiable": "interrupted-download",
  "gzip-range": "interrupted-download",
  "shorter-total": "interrupted-download",
  "short-part": "interrupted-download",
};

/** Plays an export against a mock server in this process. Nothing else is contacted. */
export async function demo(
  { context, settings, output }: Command,
  { fault: name, events, timeout = "30s", interval = "300ms" }: DemoFlags,
  timeouts: Timeouts = shortTimeouts,
): Promise<void> {
  const wanted = readEvents(events);
  const fault = faultNames.find((each) => each === name);
  if (name !== undefined && fault === undefined) {
    throw usageError(
      `there is no fault '${name}'${suggest(name)}; 'audit-logs demo --help' lists them`,
    );
  }
  const { defaultJobId, faultKinds, startMockServer } = await import("@audit-logs/mock-server");
  const faults = fault === undefined ? [] : planFaults(fault);
  // Of a large file, a chunk for each byte takes seconds.
  const isLarge =
    fault !== undefined && fault !== "split-utf8" && faultKinds[fault].on === "download";
  const count = wanted ?? (isLarge ? eventsOfDownloadFault : undefined);
  await using server = await startMockServer({
    jobs: { [defaultJobId]: count === undefined ? {} : { events: createEvents(count) } },
    faults,
  });
  // The server takes any token. The user's own is needed only to watch how it is renewed.
  const { org: _org, baseUrl: _baseUrl, ...demoSettings } = settings;
  const env = {
    ...context.env,
    AUDIT_LOGS_BASE_URL: server.url,
    AUDIT_LOGS_TOKEN: "a-token-for-the-demo",
  };
  const demoContext = { ...context, env };
  const folder = await mkdtemp(join(tmpdir(), "audit-logs-demo-"));
  const path = join(folder, fileName);
  const shorten = (text: string): string =>
    text
      .replaceAll(quote(path), fileName)
      .replaceAll(JSON.stringify(path), JSON.stringify(fileName))
      .replaceAll(path, fileName);
  const demoOutput = createOutput(demoContext, demoSettings);
  const command = {
    context: demoContext,
    settings: demoSettings,
    output: {
      ...demoOutput,
      note: (text: string) => demoOutput.note(shorten(text)),
      write: (data: string | Uint8Array) =>
        demoOutput.write(typeof data === "string" ? shorten(data) : data),
    },
  };
  try {
    output.note("# A mock server in this process plays the API.");
    for (const each of faults) output.note(`# Its fault: ${faultKinds[each.fault].summary}`);
    const words = ["export", "--from", from, "-o", fileName];
    output.note(`$ ${formatCommand(demoSettings, words)}`);
    const pace = readPace({ timeout, interval });
    await exportLogs(command, { from, output: path }, timeouts, pace);
    if (settings.json) return;
    if (!context.stdout.isTTY) {
      for await (const chunk of createReadStream(path)) await output.write(chunk);
      return;
    }
    output.note(`$ head -n ${shownEvents} ${fileName} | jq -r .message`);
    await output.write(await readMessages(path));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { message, exitCode, code, next, cause } = error;
    if (next !== undefined) {
      // The server is gone, so that only a real one could be asked again.
      output.note("# Outside the demo, the command would also print:");
      output.note(`# Next: ${shorten(next)}`);
    }
    throw new Failure(shorten(message), { exitCode, code, cause });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A fault, after the one without which it does not occur. */
export function planFaults(fault: FaultName): readonly Fault[] {
  const before = faultsBefore[fault];
  return [...(before === undefined ? [] : [{ fault: before }]), { fault }];
}

/** What a mistyped fault may mean. Commander knows what is near, but only for the names of commands. */
function suggest(fault: string): string {
  const program = new Program().exitOverride().configureOutput({ outputError: () => undefined });
  for (const name of faultNames) program.command(name);
  try {
    program.parse(["--", fault], { from: "user" });
  } catch (error) {
    const [suggestion] = /\(Did you mean .*\)/.exec(String(error)) ?? [];
    if (suggestion !== undefined) return ` ${suggestion}`;
  }
  return "";
}

/** The messages of the first events. */
async function readMessages(path: string): Promise<string> {
  const messages: string[] = [];
  for await (const line of readLines(path, { fatal: false })) {
    messages.push(`${JSON.parse(line).message}\n`);
    if (messages.length === shownEvents) break;
  }
  return messages.join("");
}

function readEvents(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const count = Number(text);
  if (/^\d+$/.test(text) && count <= 1_000_000) return count;
  throw usageError(`--events '${text}' is not a whole number up to 1000000`);
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

import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { createAuditLogsClient, type AuditLogsClient } from "@audit-logs/client";
import { saveDay } from "./save-day.ts";

// Saves one file per day: yesterday and the days that were interrupted, or the days given.
//
// Exit codes: 0 every day is saved, 1 a day could not be saved, 2 wrong usage or environment.

const args = process.argv.slice(2);
const suffix = args.includes("--plain") ? ".jsonl" : ".jsonl.gz";
const [folder, ...days] = args.filter((arg) => arg !== "--plain");
if (folder === undefined || folder.startsWith("-")) {
  stop("Usage: node --import tsx main.ts [--plain] <folder> [YYYY-MM-DD …]");
}
const today = dayOf(new Date());
const wrong = days.find((day) => !isDay(day) || day >= today);
if (wrong !== undefined) {
  stop(`${wrong} is not a day before today, ${today} (UTC): give days as YYYY-MM-DD`);
}
const auditLogs = createClient();
await mkdir(folder, { recursive: true, mode: 0o700 });
if (days.length === 0) {
  const yesterday = dayOf(new Date(Date.now() - 24 * 60 * 60 * 1000));
  const unfinished = (await readdir(folder)).filter((name) => name.endsWith(`${suffix}.job`));
  days.push(...unfinished.map((name) => name.slice(0, yesterday.length)), yesterday);
}
for (const day of new Set(days)) {
  try {
    console.log(`${day}: ${await saveDay(auditLogs, day, join(folder, day + suffix))}`);
  } catch (error) {
    // One day's failure does not keep the others from being saved.
    console.error(`${day}: ${messageOf(error)}`);
    process.exitCode = 1;
  }
}

function createClient(): AuditLogsClient {
  const { AUDIT_LOGS_TOKEN, ANACONDA_AUTH_API_KEY, AUDIT_LOGS_ORG, AUDIT_LOGS_BASE_URL } =
    process.env;
  const token = AUDIT_LOGS_TOKEN || ANACONDA_AUTH_API_KEY;
  if (!token) stop("Set AUDIT_LOGS_TOKEN or ANACONDA_AUTH_API_KEY to a token of the API");
  try {
    return createAuditLogsClient({
      token,
      ...(AUDIT_LOGS_ORG && { orgName: AUDIT_LOGS_ORG }),
      ...(AUDIT_LOGS_BASE_URL && { baseUrl: AUDIT_LOGS_BASE_URL }),
    });
  } catch (error) {
    return stop(messageOf(error));
  }
}

/** The day of a time, in UTC. */
function dayOf(time: Date): string {
  return time.toISOString().slice(0, "YYYY-MM-DD".length);
}

function isDay(text: string): boolean {
  // JavaScript takes February 30 for March 2.
  return !Number.isNaN(Date.parse(text)) && dayOf(new Date(text)) === text;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function stop(message: string): never {
  console.error(message);
  process.exit(2);
}

import { createAuditLogsClient, type AuditLogsClient } from "@audit-logs/client";
import { inBatches, postBatch } from "./post-batch.ts";

// Sends the events of a time span to Splunk's HTTP Event Collector.
//
// Exit codes: 0 all are sent, 1 some are not, 2 wrong usage or environment.

const [from = "", to = "", ...more] = process.argv.slice(2);
if ([from, to].some((time) => Number.isNaN(Date.parse(time))) || more.length > 0) {
  stop("Usage: node --import tsx main.ts <from> <to>, each a date or an ISO 8601 time");
}
const { SPLUNK_HEC_URL, SPLUNK_HEC_TOKEN } = process.env;
if (!SPLUNK_HEC_TOKEN) stop("Set SPLUNK_HEC_TOKEN to a token of the HTTP Event Collector");
if (!SPLUNK_HEC_URL || !URL.canParse(SPLUNK_HEC_URL)) {
  stop("Set SPLUNK_HEC_URL to the collector's URL, such as https://splunk.example:8088");
}
const auditLogs = createClient();

let sent = 0;
try {
  for await (const batch of inBatches(auditLogs.exportEvents({ from, to }))) {
    await postBatch({ url: SPLUNK_HEC_URL, token: SPLUNK_HEC_TOKEN }, batch);
    sent += batch.length;
  }
  console.log(`Sent ${sent} events`);
} catch (error) {
  const { message, cause } = error instanceof Error ? error : new Error(String(error));
  // fetch throws a TypeError that says "fetch failed", and its cause says why.
  const isFetch = error instanceof TypeError && cause instanceof Error;
  const reason = isFetch ? `${message}: ${cause.message}` : message;
  // fetch quotes a token that it cannot send.
  console.error(reason.replaceAll(SPLUNK_HEC_TOKEN, "<token>"));
  console.error(`Sent ${sent} events before that; another run starts from the beginning`);
  process.exitCode = 1;
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
    return stop(error instanceof Error ? error.message : String(error));
  }
}

function stop(message: string): never {
  console.error(message);
  process.exit(2);
}

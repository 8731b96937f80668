import { createAuditLogsClient } from "@audit-logs/client";
import { startMockServer } from "@audit-logs/mock-server";
import { escapeControls } from "./command/problem.ts";
import { terminal } from "./command/terminal.js";

// Demonstrates the client against the mock server, after `npm start` has run the pipeline and built the
// packages.

const shownEvents = 3;

await using server = await startMockServer();
const auditLogs = createAuditLogsClient({
  token: "a-token-for-the-mock-server",
  orgName: "example-org",
  baseUrl: server.url,
});

terminal.print(`
${terminal.paint("bold", "The calls in action")}, against a mock server that follows the description

  const jobId = await auditLogs.startExport({ from: "2026-11-01", to: "2026-11-08" });
  const job = await auditLogs.waitForExportJob(jobId);
`);
const jobId = await auditLogs.startExport({ from: "2026-11-01", to: "2026-11-08" });
const job = await auditLogs.waitForExportJob(jobId, {
  interval: 500,
  onProgress({ status, progress }) {
    const bar = "█".repeat((progress ?? 0) / 5).padEnd(20, "░");
    terminal.print(`  ${status.padEnd(10)} ${terminal.paint("cyan", bar)} ${progress} %`);
  },
});

terminal.print(`
  for await (const event of auditLogs.readExport(job)) { … }
`);
let events = 0;
for await (const { occurred_at: time, message } of auditLogs.readExport(job)) {
  events += 1;
  if (events > shownEvents) continue;
  terminal.print(`  ${terminal.paint("dim", String(time))}  ${escapeControls(String(message))}`);
}
terminal.print(`  … ${events} events in total

Next: packages/client/README.md for your own code, CONTRIBUTING.md for a changed description.`);

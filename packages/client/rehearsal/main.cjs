const { createAuditLogsClient } = require("@audit-logs/client");
const { saveExport } = require("@audit-logs/client/node");
const description = require("@audit-logs/client/schema.json");

const [baseUrl = "", jobId = "", path = ""] = process.argv.slice(2);

async function main() {
  const auditLogs = createAuditLogsClient({
    token: () => "a-token",
    orgName: "example-org",
    baseUrl,
  });
  const job = await auditLogs.waitForExportJob(jobId, { interval: 1 });
  let events = 0;
  for await (const event of auditLogs.readExport(job.id)) if (event.message) events += 1;
  const { bytes } = await saveExport(auditLogs, jobId, path);
  console.log(
    `${job.status}, ${events} events, OpenAPI ${description.openapi}, ${bytes} bytes saved`,
  );
}

void main();

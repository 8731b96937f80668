import { saveExport } from "@audit-logs/client/node";
import { createClient, summarizeExport } from "./status.js";

const [baseUrl = "", jobId = "", path = ""] = process.argv.slice(2);
const auditLogs = createClient(baseUrl);
const summary = await summarizeExport(auditLogs, jobId);
const { bytes } = await saveExport(auditLogs, jobId, path);
console.log(`${summary}, ${bytes} bytes saved`);

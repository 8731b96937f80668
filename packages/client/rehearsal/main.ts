import { saveExport } from "@audit-logs/client/node";
import { createClient, tell } from "./status.js";

const [baseUrl = "", jobId = "", path = ""] = process.argv.slice(2);
const auditLogs = createClient(baseUrl);
const told = await tell(auditLogs, jobId);
const { bytes } = await saveExport(auditLogs, jobId, path);
console.log(`${told}, ${bytes} bytes saved`);

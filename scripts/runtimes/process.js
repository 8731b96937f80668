import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { saveExport } from "@audit-logs/client/node";
import { play } from "./scenario.js";

// Plays the scenario in runtimes with a file system: Node.js, Bun and Deno.

const [, , baseUrl = "", folder = ""] = process.argv;

const report = await play(baseUrl, async (auditLogs, job) => {
  const { path } = await saveExport(auditLogs, job, join(folder, "events.jsonl"));
  return readFile(path, "utf8");
});
console.log(JSON.stringify(report));

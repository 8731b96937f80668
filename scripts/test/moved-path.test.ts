import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runProgram } from "../command/program.js";
import { generateVerb } from "../generate.ts";
import { copyRepository, type Copy } from "./copy.ts";

// A changed description in a copy of the whole repository: nothing but the vendor's page is edited.

let copy: Copy;
beforeAll(async () => {
  copy = await copyRepository();
});
afterAll(() => copy.remove());

const askOnce = `
  import { createAuditLogsClient } from "./dist/index.js";
  import { defaultJobId, startMockServer } from "@audit-logs/mock-server";
  const server = await startMockServer();
  const auditLogs = createAuditLogsClient({ token: "token", baseUrl: server.url });
  const { status } = await auditLogs.getExportJobStatus({ jobId: defaultJobId });
  console.log(JSON.stringify({ status, url: server.requests[0].url.replace(defaultJobId, "ID") }));
  await server.close();
`;

test("a path that the vendor moves is followed by regenerating, with no other edit", async () => {
  const page = await copy.read("spec/audit-logs/sources/get-export-job-status.md");
  await copy.pull(
    page
      .replaceAll("/api/audit-logs/export/{job_id}", "/api/v2/audit-logs/exports/{job_id}")
      .replaceAll(
        "get_export_job_status_export__job_id__get",
        "get_export_job_status_exports__job_id__get",
      ),
  );
  await copy.verb(generateVerb);
  await copy.run("packages/mock-server", "tsdown");
  await copy.run("packages/client", "tsdown");
  const answer = await copy.run(
    "packages/client",
    process.execPath,
    "--input-type=module",
    "--eval",
    askOnce,
  );
  expect(JSON.parse(answer)).toEqual({ status: "pending", url: "/api/v2/audit-logs/exports/ID" });
});

/** An edit of the first such text of an operation. */
function inOperation(name: string, from: string, to: string): readonly [RegExp, string] {
  return [new RegExp(String.raw`(const ${name} = \{.*?)${from}`, "su"), `$1${to}`];
}

test.each<
  [what: string, edits: readonly (readonly [from: string | RegExp, to: string])[], said: string[]]
>([
  [
    "operation",
    [
      ["const getExportJobStatus ", "const getTheStatus "],
      ["const getAuditLogs ", "const listAuditLogs "],
    ],
    [
      "getExportJobStatus is no operation of the description",
      "getAuditLogs is no operation of the description",
    ],
  ],
  [
    "fact of an operation",
    [
      ["orgName:", "organization:"],
      ['scheme: "accessToken"', 'scheme: "apiKey"'],
      ['property: "status"', 'property: "state"'],
    ],
    [
      "getExportJobStatus does not take orgName, an option of the client",
      "getExportJobStatus is not reached by the one scheme accessToken",
      "The status of an export job is no string",
    ],
  ],
  [
    "fact of its other operations",
    [
      inOperation("getAuditLogs", "orgName:", '"X-Org":'),
      inOperation("createExportJob", "apiVersion:", "version:"),
      inOperation("getAuditLog", 'scheme: "accessToken"', 'scheme: "apiKey"'),
      inOperation("downloadExport", "clientOption: true", "allowReserved: true"),
    ],
    [
      "getAuditLogs does not take orgName, an option of the client",
      "createExportJob does not take apiVersion, an option of the client",
      "getAuditLog is not reached by the one scheme accessToken",
      "downloadExport does not take orgName, an option of the client",
    ],
  ],
])(
  "a changed %s that the client relies on stops the type-check, which says what it is",
  async (_, edits, said) => {
    const file = "generated/audit-logs/operations.ts";
    const generated = await copy.read(file);
    await copy.write(
      file,
      edits.reduce((text, [from, to]) => text.replace(from, to), generated),
    );
    const { exitCode, stdout } = await runProgram("tsc", [], {
      cwd: join(copy.path, "packages/client"),
    });
    await copy.write(file, generated);
    expect(exitCode).not.toBe(0);
    for (const sentence of said) expect(stdout).toContain(sentence);
  },
);

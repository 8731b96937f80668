import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runProgram } from "../command/program.js";
import { generateCommand } from "../generate.ts";
import { copyRepository, type RepositoryCopy } from "../fixtures/repository-copy.ts";

// Changes only the vendor's page, in a copy of the whole repository.

let copy: RepositoryCopy;
beforeAll(async () => {
  copy = await copyRepository();
});
afterAll(() => copy.remove());

const callScript = `
  import description from "./dist/schema.json" with { type: "json" };
  import { createAuditLogsClient } from "./dist/index.js";
  import { defaultJobId, startMockServer } from "@audit-logs/mock-server";
  const server = await startMockServer({ description });
  const auditLogs = createAuditLogsClient({ token: "token", baseUrl: server.url });
  const { status } = await auditLogs.getExportJobStatus({ jobId: defaultJobId });
  console.log(JSON.stringify({ status, url: server.requests[0].url.replace(defaultJobId, "ID") }));
  await server.close();
`;

test("regenerating is enough to follow a moved path", async () => {
  const page = await copy.read("spec/audit-logs/sources/get-export-job-status.md");
  await copy.pull(
    page
      .replaceAll("/api/audit-logs/export/{job_id}", "/api/v2/audit-logs/exports/{job_id}")
      .replaceAll(
        "get_export_job_status_export__job_id__get",
        "get_export_job_status_exports__job_id__get",
      ),
  );
  await copy.runCommand(generateCommand);
  // The mock server does not change here, so its existing build will do.
  const built = fileURLToPath(new URL("../../packages/mock-server/dist", import.meta.url));
  await symlink(built, join(copy.path, "packages/mock-server/dist"));
  await copy.run("packages/client", "tsdown");
  const output = await copy.run(
    "packages/client",
    process.execPath,
    "--input-type=module",
    "--eval",
    callScript,
  );
  expect(JSON.parse(output)).toEqual({ status: "pending", url: "/api/v2/audit-logs/exports/ID" });
});

type Edit = readonly [
  file: "operations.ts" | "schema.ts",
  from: string | RegExp,
  to: string,
  sentence: string,
];

/** Edits the first match in an operation's facts. */
function inFacts(name: string, from: string, to: string, sentence: string): Edit {
  return [
    "operations.ts",
    new RegExp(String.raw`(const ${name} = \{.*?)${from}`, "su"),
    `$1${to}`,
    sentence,
  ];
}

// The edits of one row do not hide each other.
test.each<[what: string, edits: readonly Edit[]]>([
  [
    "operation",
    [
      [
        "operations.ts",
        "const getExportJobStatus ",
        "const getTheStatus ",
        "getExportJobStatus is missing in the description",
      ],
      [
        "operations.ts",
        "const getAuditLogs ",
        "const listAuditLogs ",
        "getAuditLogs is missing in the description",
      ],
    ],
  ],
  [
    "fact",
    [
      inFacts(
        "getExportJobStatus",
        '"orgName":',
        '"organization":',
        "getExportJobStatus does not take orgName, an option of the client",
      ),
      inFacts(
        "getExportJobStatus",
        '"property": "status"',
        '"property": "state"',
        "The status of an export job is not a string",
      ),
      inFacts(
        "getAuditLogs",
        '"orgName":',
        '"X-Org":',
        "getAuditLogs does not take orgName, an option of the client",
      ),
      inFacts(
        "createExportJob",
        '"apiVersion":',
        '"version":',
        "createExportJob does not take apiVersion, an option of the client",
      ),
      inFacts(
        "getAuditLog",
        '"scheme": "accessToken"',
        '"scheme": "apiKey"',
        "getAuditLog (apiKey) cannot be called with the scheme accessToken alone",
      ),
      inFacts(
        "downloadExport",
        '"clientOption": true',
        '"allowReserved": true',
        "downloadExport does not take orgName, an option of the client",
      ),
    ],
  ],
  [
    "input",
    [
      [
        "schema.ts",
        "from_date?:",
        "since?:",
        "The body of createExportJob no longer takes from_date",
      ],
      [
        "schema.ts",
        "to_date?:",
        "reason: string;\n to_date?:",
        "The body of createExportJob requires reason although startExport may omit it",
      ],
      inFacts(
        "getExportJobStatus",
        String.raw`"parameters": \{`,
        '"parameters": { tenant: { in: "query", name: "tenant", required: true, type: "string" },',
        "getExportJobStatus requires tenant in addition to the jobId",
      ),
      inFacts(
        "createExportJob",
        String.raw`"parameters": \{`,
        '"parameters": { tenant: { in: "query", name: "tenant", required: true, type: "string" },',
        "createExportJob requires tenant in addition to its body",
      ),
    ],
  ],
  [
    "response",
    [
      [
        "schema.ts",
        "[key: string]: string;",
        "job_id: string;\n state: string;",
        "createExportJob must return exactly one value, but returns ",
      ],
      inFacts(
        "getExportJobStatus",
        String.raw`"responses": \{\s*"200": `,
        '"responses": { "202": ["text/csv"], "200": ',
        "The response 202 of getExportJobStatus is not an export job",
      ),
    ],
  ],
  [
    "value",
    [
      [
        "schema.ts",
        "[key: string]: string;",
        "[key: string]: number;",
        "createExportJob does not return strings",
      ],
    ],
  ],
])("the type-check names a changed %s that the client relies on", async (_, edits) => {
  const folder = "generated/audit-logs";
  const generated = new Map<string, string>();
  for (const file of ["operations.ts", "schema.ts"]) {
    generated.set(file, await copy.read(`${folder}/${file}`));
  }
  const changed = new Map(generated);
  for (const [file, from, to] of edits) {
    const text = changed.get(file) ?? "";
    changed.set(file, text.replace(from, to));
    expect(changed.get(file)).not.toBe(text);
  }
  for (const [file, text] of changed) await copy.write(`${folder}/${file}`, text);
  const { exitCode, stdout } = await runProgram("tsc", ["--checkers", "1"], {
    cwd: join(copy.path, "packages/client"),
  });
  for (const [file, text] of generated) await copy.write(`${folder}/${file}`, text);
  expect(exitCode).not.toBe(0);
  for (const [, , , sentence] of edits) expect(stdout).toContain(sentence);
});

test("an alternative authentication, another media type and an optional body are absorbed", async () => {
  const file = "generated/audit-logs/operations.ts";
  const generated = await copy.read(file);
  const key = `[{ scheme: "key", in: "header", name: "X", prefix: "" }]`;
  let changed = generated;
  for (const [from, to] of [
    [/"authentication": \[/gu, `"authentication": [${key}, `],
    [/"200": \[\s*"application\/json"\s*\]/u, '"200": ["application/xml", "application/json"]'],
    [/"body": \{\s*"required": true/u, '"body": { "required": false'],
  ] as const) {
    const before = changed;
    changed = changed.replace(from, to);
    expect(changed).not.toBe(before);
  }
  await copy.write(file, changed);
  await expect(copy.run("packages/client", "tsc", "--checkers", "1")).resolves.toBe("");
  await copy.write(file, generated);
});

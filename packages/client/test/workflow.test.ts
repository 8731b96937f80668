import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startMockServer } from "@audit-logs/mock-server";
import description from "@audit-logs/generated/audit-logs/openapi.json" with { type: "json" };
import * as operations from "@audit-logs/generated/audit-logs/operations";
import { expect, onTestFinished, test } from "vitest";
import { token } from "./faults/setup.ts";

// Runs an export from its start to its file without the client: redocly's respect calls the operations
// one after the other, and compares each response with the description.

const root = fileURLToPath(new URL("../../../", import.meta.url));
const cli = createRequire(join(root, "package.json")).resolve("@redocly/cli/bin/cli.js");
const { createExportJob, getExportJobStatus, downloadExport } = operations;
const { job, parameters } = getExportJobStatus;

function idOf({ method, path }: { readonly method: string; readonly path: string }): unknown {
  const item: Readonly<Record<string, unknown>> | undefined = Object.entries(
    description.paths,
  ).find(([template]) => template === path)?.[1];
  const operation = item?.[method];
  return typeof operation === "object" && operation !== null && "operationId" in operation
    ? operation.operationId
    : undefined;
}

const jobId = {
  in: parameters.jobId.in,
  name: parameters.jobId.name,
  value: "$steps.start.outputs.jobId",
};

const workflowOf = (api: string) => ({
  arazzo: "1.0.1",
  info: { title: "An export", version: "1" },
  sourceDescriptions: [{ name: api, type: "openapi", url: "openapi.json" }],
  workflows: [
    {
      workflowId: "export",
      inputs: { type: "object", properties: { token: { type: "string", format: "password" } } },
      parameters: [{ in: "header", name: "Authorization", value: "Bearer {$inputs.token}" }],
      steps: [
        {
          stepId: "start",
          operationId: idOf(createExportJob),
          requestBody: { contentType: "application/json", payload: { q: [] } },
          successCriteria: [{ condition: "$statusCode == 200" }],
          // The description names no key. The mock server uses the name of the path parameter.
          outputs: { jobId: `$response.body#/${jobId.name}` },
        },
        {
          stepId: "wait",
          operationId: idOf(getExportJobStatus),
          parameters: [jobId],
          successCriteria: [
            { condition: `$response.body#/${job.property} == '${job.succeeded[0]}'` },
          ],
          onFailure: [{ name: "again", type: "retry", retryAfter: 0.01, retryLimit: 20 }],
        },
        {
          stepId: "download",
          operationId: idOf(downloadExport),
          parameters: [jobId],
          successCriteria: [{ condition: "$statusCode == 200" }],
        },
      ],
    },
  ],
});

/**
 * Runs the workflow against two servers in one process, because redocly takes most of a second to load.
 * Returns the exit code, and what is printed of each server.
 */
async function respect(
  right: string,
  wrong: string,
): Promise<{ readonly code: unknown; readonly outputs: readonly string[] }> {
  const folder = await mkdtemp(join(tmpdir(), "workflow-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "openapi.json"), JSON.stringify(description));
  await writeFile(join(folder, "right.arazzo.json"), JSON.stringify(workflowOf("right")));
  await writeFile(join(folder, "wrong.arazzo.json"), JSON.stringify(workflowOf("wrong")));
  const files = ["right.arazzo.json", "wrong.arazzo.json"];
  const servers = ["--server", `right=${right}`, "--server", `wrong=${wrong}`];
  const args = [cli, "respect", ...files, ...servers];
  // In the environment, because every user can read the arguments of a process.
  const env = { ...process.env, REDOCLY_CLI_RESPECT_INPUT: `token=${token}` };
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: folder, env }, (error, stdout, stderr) => {
      const outputs = (stdout + stderr).split("Running workflow ").slice(1);
      resolve({ code: error?.code ?? 0, outputs });
    });
  });
}

test("an export works with only the description, and fails if a response does not match it", async () => {
  const other = JSON.parse(JSON.stringify(description).replaceAll('"org_id"', '"organization"'));
  await using right = await startMockServer({ token });
  await using wrong = await startMockServer({ token, description: other });
  const { code, outputs } = await respect(right.url, wrong.url);
  const [passed = "", failed = ""] = outputs;
  expect(outputs).toHaveLength(2);
  expect(passed).toContain("Workflows: 1 passed, 1 total");
  expect(passed).toContain("Steps: 3 passed, 3 total");
  expect(right.requests.length).toBeGreaterThan(3);
  expect(code).toBe(1);
  expect(failed).toContain("Workflows: 1 failed, 1 total");
  expect(failed).toContain("org_id");
  expect(outputs.join("")).not.toContain(token);
});

import { absorbed, either, remove, rename, replace, set, stopped, type Kind } from "../change.ts";

const id = "get_export_job_status_export__job_id__get";
const path = "/api/audit-logs/export/{job_id}";
const name = "getExportJobStatus";
const bearer = [{ "JWT or Access Token": [] }];
const jobId = { in: "path", name: "job_id", required: true, schema: { type: "string" } };
const cancel = {
  summary: "Cancel Export Job",
  operationId: "cancel_export_job_export__job_id__delete",
  parameters: [jobId],
  responses: { 204: { description: "Done." }, 422: { description: "It is not valid." } },
  security: bearer,
};

export const operations: Kind = {
  kind: "Operations",
  changes: [
    either(
      "The paths of exports move, and the operationIds with them",
      "major",
      ["create_export_job_export_post"],
      [
        replace("/api/audit-logs/export", "/api/audit-logs/exports"),
        replace("job_export_post", "job_exports_post"),
        replace("_export__job_id__", "_exports__job_id__"),
      ],
      { base: "whole", facts: { [name]: { path: "/api/audit-logs/exports/{job_id}" } } },
    ),
    absorbed("All paths move", "major", [replace("/api/audit-logs", "/api/v2/audit-logs")], {
      base: "whole",
      calls: ({ requests }) =>
        requests.some(({ url }) => url.startsWith("/api/v2/audit-logs/export")),
    }),
    absorbed("A path ends with a slash", "major", [rename(`root.paths.${path}`, `${path}/`)], {
      facts: { [name]: { path: `${path}/` } },
    }),
    absorbed(
      "A path and its operationId end with a slash",
      "major",
      [
        rename(`root.paths.${path}`, `${path}/`),
        set(`root.paths.${path}/.get.operationId`, id.replace(/_get$/u, "__get")),
      ],
      { facts: { [name]: { path: `${path}/` } } },
    ),
    absorbed(
      "The path of a start ends with a slash",
      "major",
      [rename("root.paths./api/audit-logs/export", "/api/audit-logs/export/")],
      { base: "whole", facts: { createExportJob: { path: "/api/audit-logs/export/" } } },
    ),
    // FastAPI could also derive this operationId from a function `get` at this path.
    either(
      "The path of a list ends with a slash",
      "major",
      ["getAuditLogs"],
      [rename("root.paths./api/audit-logs", "/api/audit-logs/")],
      { base: "whole" },
    ),
    absorbed("An operationId is the client's name", "major", [set("status.operationId", name)], {
      facts: { [name]: { path } },
    }),
    stopped("An operationId is another", [name], [set("status.operationId", "read_export_job")]),
    stopped(
      "An operationId is gone",
      [`${name}|{job_id}/get/operationId`],
      [remove("status.operationId")],
    ),
    stopped(
      "Two operations have one operationId",
      [id],
      [set("statusPath.delete", { ...cancel, operationId: id })],
    ),
    stopped(
      "Two operations have one name",
      [name],
      [set("statusPath.delete", { ...cancel, operationId: "get_export_job_status" })],
    ),
    stopped("The method is POST", [name], [rename("statusPath.get", "post")]),
    stopped(
      "A start is PUT",
      ["createExportJob"],
      [rename("root.paths./api/audit-logs/export.post", "put")],
      {
        base: "whole",
      },
    ),
    absorbed("An operation is new", "minor", [set("statusPath.delete", cancel)], {
      facts: { cancelExportJob: { method: "delete", responses: { 204: [] } } },
    }),
    absorbed(
      "An operation with a date of its own is new",
      "minor",
      [
        set("root.paths./api/reports", {
          post: {
            summary: "S",
            operationId: "report",
            requestBody: {
              content: {
                "application/json": {
                  schema: { properties: { from_date: { type: "string", format: "date" } } },
                },
              },
            },
            responses: cancel.responses,
            security: bearer,
          },
        }),
      ],
      { facts: { report: { method: "post" } } },
    ),
    absorbed(
      "An operation that downloads something else is new",
      "minor",
      [
        set("root.paths./api/reports", {
          get: {
            summary: "S",
            operationId: "download_export_report_get",
            responses: {
              200: { description: "The report.", content: { "application/json": {} } },
              422: cancel.responses[422],
            },
            security: bearer,
          },
        }),
      ],
      { facts: { downloadExportReportGet: { responses: { 200: ["application/json"] } } } },
    ),
    absorbed(
      "An operation that the runtime cannot call is new",
      "minor",
      [
        set("statusPath.put", {
          ...cancel,
          operationId: "upload_export",
          requestBody: { content: { "multipart/form-data": { schema: { type: "object" } } } },
        }),
      ],
      { facts: { uploadExport: { method: "put" } } },
    ),
    either(
      "An operation without an operationId is new",
      "minor",
      ["{job_id}/delete"],
      [
        set("statusPath.delete", {
          summary: "Cancel",
          parameters: [jobId],
          responses: cancel.responses,
          security: bearer,
        }),
      ],
    ),
    stopped(
      "The operation is gone, and another is there",
      [name],
      [
        rename(`root.paths.${path}`, "/api/accounts/{job_id}"),
        set("root.paths./api/accounts/{job_id}.get.operationId", "get_account"),
      ],
    ),
    absorbed("An operation is deprecated", "minor", [set("status.deprecated", true)]),
    absorbed("An operation has a tag that the root has", "none..patch", [
      set("root.tags", [{ name: "Exports", description: "Exports of audit logs." }]),
      set("status.tags", ["Exports"]),
    ]),
    absorbed("An operation has a tag that the root lacks", "none..patch", [
      set("status.tags", ["Exports"]),
    ]),
    absorbed("The summary changes", "patch", [
      set("status.summary", "Get the status of an export"),
    ]),
    either("The summary is gone", "patch", ["{job_id}/get/summary"], [remove("status.summary")]),
    absorbed("The text of an operation changes", "patch", [
      set("status.description", "Says how far an export is."),
    ]),
    absorbed("An operation has a callback", "none..minor", [
      set("status.callbacks", {
        done: {
          "{$request.query.url}": {
            post: {
              summary: "Done",
              operationId: "done",
              responses: {
                200: { description: "Seen." },
                422: { description: "It is not valid." },
              },
            },
          },
        },
      }),
    ]),
    absorbed("There is a webhook", "none..minor", [
      set("root.webhooks", {
        exported: {
          post: {
            summary: "Exported",
            operationId: "exported",
            responses: { 200: { description: "Seen." }, 422: { description: "It is not valid." } },
          },
        },
      }),
    ]),
    absorbed("An operation has samples of code", "none", [
      set("status.x-codeSamples", [{ lang: "Shell", source: "curl https://anaconda.com" }]),
    ]),
    absorbed("An operation has Mintlify's extension", "none", [
      set("status.x-mint", { metadata: { title: "Status" } }),
    ]),
    absorbed("An operation refers to other documents", "none..patch", [
      set("status.externalDocs", { url: "https://anaconda.com/docs" }),
    ]),
    absorbed("HEAD is new", "minor", [
      set("statusPath.head", {
        ...cancel,
        operationId: "head_export",
        responses: { 200: { description: "There." }, 404: { description: "Not." } },
      }),
    ]),
  ],
};

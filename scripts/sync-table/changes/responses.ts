import { absorbed, add, drop, either, remove, rename, set, stopped, type Kind } from "../change.ts";

const text = { type: "string" };
const nullable = { anyOf: [{ type: "string" }, { type: "null" }] };

export const responses: Kind = {
  kind: "Fields of responses",
  changes: [
    absorbed(
      "An optional field is new",
      "minor",
      [set("job.properties.priority", { type: "integer" })],
      {
        type: ['ExportJob["priority"]', "number | undefined"],
      },
    ),
    absorbed(
      "A field that is always there is new",
      "minor",
      [set("job.properties.region", text), add("job.required", "region")],
      { type: ['ExportJob["region"]', "string"] },
    ),
    absorbed(
      "A field that is an object is new",
      "minor",
      [set("job.properties.owner", { type: "object", properties: { name: text } })],
      { type: ['ExportJob["owner"]', "{ name?: string } | undefined"] },
    ),
    absorbed(
      "A field that is an object of any content is new",
      "minor",
      [set("job.properties.meta", { type: "object" })],
      { type: ['ExportJob["meta"]', "{ [key: string]: unknown } | undefined"] },
    ),
    absorbed(
      "A field that is an object with a choice of required fields is new",
      "minor",
      [
        set("job.properties.owner", {
          type: "object",
          properties: { name: text, id: text },
          anyOf: [{ required: ["name"] }, { required: ["id"] }],
        }),
      ],
      { type: ['ExportJob["owner"]', "{ name?: string; id?: string } | undefined"] },
    ),
    absorbed(
      "A field with a percent sign in its name is new",
      "minor",
      [
        set("job.properties.50%", {
          type: "object",
          required: ["at"],
          properties: { at: { type: "object", properties: { day: text } } },
        }),
      ],
      { type: ['ExportJob["50%"]', "{ at: { day?: string } } | undefined"] },
    ),
    absorbed(
      "The job has a name for itself, and a field that is always there next to the reference",
      "minor",
      [
        rename("job", "JobBase"),
        set("schemas.ExportJobResponse", {
          $ref: "#/components/schemas/JobBase",
          properties: { region: text },
          required: ["region"],
        }),
      ],
      { type: ['ExportJob["region"]', "string"] },
    ),
    absorbed(
      "The job becomes an allOf of itself and a field that is always there",
      "minor",
      [
        rename("job", "JobBase"),
        set("schemas.ExportJobResponse", {
          allOf: [
            { $ref: "#/components/schemas/JobBase" },
            { type: "object", properties: { region: text }, required: ["region"] },
          ],
        }),
      ],
      { type: ['ExportJob["region"]', "string"] },
    ),
    absorbed(
      "A field is required next to a reference",
      "minor",
      [set("job.properties.owner.required", ["name"])],
      {
        before: [
          set("schemas.Owner", { type: "object", properties: { name: text } }),
          set("job.properties.owner", { $ref: "#/components/schemas/Owner" }),
        ],
        type: ['NonNullable<ExportJob["owner"]>["name"]', "string"],
      },
    ),
    absorbed(
      "A field that is a list of values is new",
      "minor",
      [set("job.properties.parts", { type: "array", items: { type: "string", enum: ["a", "b"] } })],
      { type: ['ExportJob["parts"]', '("a" | "b")[] | undefined'] },
    ),
    absorbed(
      "A field may be anything (boolean schema)",
      "minor",
      [set("job.properties.extra", true)],
      {
        type: ['ExportJob["extra"]', "unknown"],
      },
    ),
    absorbed(
      "A field may be any JSON, lists of it included",
      "minor",
      [
        set("schemas.JsonValue", {
          anyOf: [
            { type: "string" },
            { type: "number" },
            { type: "array", items: { $ref: "#/components/schemas/JsonValue" } },
            { type: "object", additionalProperties: { $ref: "#/components/schemas/JsonValue" } },
          ],
        }),
        set("job.properties.settings", { $ref: "#/components/schemas/JsonValue" }),
      ],
      { type: ['Extract<ExportJob["settings"], number>', "number"] },
    ),
    absorbed("A field that no client reads is gone", "major", [
      remove("job.properties.completed_at"),
    ]),
    absorbed("A field that was always there is gone", "major", [
      remove("job.properties.org_id"),
      drop("job.required", "org_id"),
    ]),
    either(
      "error_message is gone",
      "major",
      ["error_message"],
      [remove("job.properties.error_message")],
    ),
    either(
      "total_records is gone",
      "major",
      ["total_records"],
      [remove("job.properties.total_records")],
    ),
    either("progress is gone", "major", ["progress"], [remove("job.properties.progress")]),
    stopped("download_url is gone", ["download_url"], [remove("job.properties.download_url")]),
    stopped(
      "status is gone",
      ["status"],
      [remove("job.properties.status"), drop("job.required", "status")],
    ),
    stopped("id is gone", ["id"], [remove("job.properties.id"), drop("job.required", "id")]),
    stopped("id is an integer", ["id"], [set("job.properties.id", { type: "integer" })]),
    stopped("id may be missing", ["id"], [drop("job.required", "id")]),
    stopped("id may be null", ["id"], [set("job.properties.id.type", ["string", "null"])]),
    absorbed("id has no format", "none..patch", [remove("job.properties.id.format")]),
    stopped("status may be missing", ["status"], [drop("job.required", "status")]),
    stopped(
      "status may be null",
      ["status"],
      [set("job.properties.status.type", ["string", "null"])],
    ),
    stopped("status is a number", ["status"], [set("job.properties.status.type", "integer")]),
    stopped(
      "status is an object",
      ["status"],
      [set("job.properties.status", { type: "object", properties: { code: text } })],
    ),
    stopped(
      "status is called state",
      ["status"],
      [
        rename("job.properties.status", "state"),
        drop("job.required", "status"),
        add("job.required", "state"),
      ],
    ),
    stopped(
      "download_url is called url",
      ["download_url"],
      [rename("job.properties.download_url", "url")],
    ),
    stopped(
      "download_url is an object",
      ["download_url"],
      [set("job.properties.download_url", { type: "object", properties: { href: text } })],
    ),
    stopped(
      "total_records is a text",
      ["total_records"],
      [set("job.properties.total_records", nullable)],
    ),
    absorbed("total_records may have a fraction", "patch..major", [
      set("job.properties.total_records.anyOf.0.type", "number"),
    ]),
    stopped("progress is a text", ["progress"], [set("job.properties.progress", nullable)]),
    absorbed("progress may have a fraction", "patch..major", [
      set("job.properties.progress.anyOf.0.type", "number"),
    ]),
    stopped(
      "error_message is an object",
      ["error_message"],
      [set("job.properties.error_message", { type: "object", properties: { text } })],
    ),
    absorbed("org_id is a number", "major", [set("job.properties.org_id", { type: "integer" })], {
      type: ['ExportJob["org_id"]', "number"],
    }),
    absorbed(
      "org_id may be null",
      "major",
      [set("job.properties.org_id.type", ["string", "null"])],
      {
        type: ['ExportJob["org_id"]', "string | null"],
      },
    ),
    absorbed("org_id may be missing", "major", [drop("job.required", "org_id")], {
      type: ['ExportJob["org_id"]', "string | undefined"],
    }),
    absorbed("completed_at is always there", "minor", [add("job.required", "completed_at")], {
      type: ['ExportJob["completed_at"]', "string | null"],
    }),
    absorbed("completed_at is never null", "minor", [
      set("job.properties.completed_at", { type: "string", format: "date-time" }),
    ]),
    absorbed(
      "created_at is a Unix time",
      "major",
      [set("job.properties.created_at", { type: "integer" })],
      {
        type: ['ExportJob["created_at"]', "number"],
      },
    ),
    absorbed("org_id has another name", "major", [
      rename("job.properties.org_id", "organization_id"),
      drop("job.required", "org_id"),
      add("job.required", "organization_id"),
    ]),
    absorbed("A field is deprecated", "minor", [set("job.properties.org_id.deprecated", true)]),
    absorbed("A field is read-only", "major", [set("job.properties.created_at.readOnly", true)]),
    absorbed("A field that no client reads is write-only", "major", [
      set("job.properties.completed_at.writeOnly", true),
    ]),
    stopped("id is write-only", ["id"], [set("job.properties.id.writeOnly", true)]),
    stopped("status is write-only", ["status"], [set("job.properties.status.writeOnly", true)]),
    absorbed("A job has no other fields", "none..minor", [set("job.additionalProperties", false)]),
    absorbed("A job has other fields", "none..minor", [set("job.additionalProperties", true)]),
    absorbed("A field has an enum", "minor..major", [
      set("job.properties.kind", { type: "string", enum: ["csv", "jsonl"] }),
    ]),
    absorbed("A text has a pattern", "patch", [
      set("job.properties.org_id.pattern", "^[0-9a-f-]+$"),
    ]),
    absorbed("A text is not longer than", "patch", [set("job.properties.org_id.maxLength", 36)]),
    absorbed("org_id has no format", "none..patch", [remove("job.properties.org_id.format")]),
    absorbed("created_at is a date", "patch..major", [
      set("job.properties.created_at.format", "date"),
    ]),
    stopped(
      "The job is in an envelope",
      ["id|status"],
      [
        set("status.responses.200.content.application/json.schema", {
          type: "object",
          properties: { data: { $ref: "#/components/schemas/ExportJobResponse" } },
          required: ["data"],
        }),
      ],
    ),
    stopped(
      "The job is the first of a list",
      ["id|status"],
      [
        set("status.responses.200.content.application/json.schema", {
          type: "array",
          items: { $ref: "#/components/schemas/ExportJobResponse" },
        }),
      ],
    ),
    absorbed(
      "An audit log has a new field",
      "minor",
      [set("schemas.AuditLog.properties.ip_address", text)],
      { base: "whole", type: ['AuditLog["ip_address"]', "string | undefined"] },
    ),
    absorbed(
      "An audit log's field has another type",
      "major",
      [set("schemas.AuditLog.properties.actor_id", { type: "integer" })],
      { base: "whole" },
    ),
    absorbed(
      "An audit log's field is gone",
      "major",
      [remove("schemas.AuditLog.properties.actor_email")],
      { base: "whole" },
    ),
    absorbed(
      "A field of a page is new",
      "minor",
      [set("schemas.AuditLogPage.properties.next_cursor", text)],
      { base: "whole" },
    ),
    // The CLI reads the items of pages.
    stopped(
      "The items of a page have another name",
      ["items"],
      [
        rename("schemas.AuditLogPage.properties.items", "data"),
        drop("schemas.AuditLogPage.required", "items"),
        add("schemas.AuditLogPage.required", "data"),
      ],
      { base: "whole" },
    ),
    stopped(
      "A list of audit logs is no longer a page",
      ["items"],
      [
        remove("schemas.AuditLogPage"),
        set("list.responses.200.content.application/json.schema", {
          type: "array",
          items: { $ref: "#/components/schemas/AuditLog" },
        }),
      ],
      { base: "whole" },
    ),
    absorbed(
      "The response to a start names its key",
      "major",
      [
        set("start.responses.200.content.application/json.schema", {
          type: "object",
          properties: { job_id: { type: "string", format: "uuid" } },
          required: ["job_id"],
        }),
      ],
      { base: "whole" },
    ),
    stopped(
      "The response to a start has a second key",
      ["createExportJob|create_export_job_export_post|job_id"],
      [
        set("start.responses.200.content.application/json.schema", {
          type: "object",
          properties: { job_id: { type: "string", format: "uuid" }, status: text },
          required: ["job_id", "status"],
        }),
      ],
      { base: "whole" },
    ),
    stopped(
      "The response to a start is a text",
      ["createExportJob"],
      [set("start.responses.200.content.application/json.schema", text)],
      { base: "whole" },
    ),
    stopped(
      "The response to a start holds numbers",
      ["createExportJob"],
      [
        set("start.responses.200.content.application/json.schema.additionalProperties", {
          type: "integer",
        }),
      ],
      { base: "whole" },
    ),

    stopped(
      "error_message is a list of texts",
      ["error_message"],
      [set("job.properties.error_message", { type: "array", items: text })],
    ),
    stopped(
      "download_url is a list",
      ["download_url"],
      [set("job.properties.download_url", { type: "array", items: text })],
    ),
    stopped(
      "status is in an object of the job",
      ["status"],
      [
        rename("job.properties.status", "state"),
        set("job.properties.state", { type: "object", properties: { status: text } }),
        drop("job.required", "status"),
      ],
    ),
    stopped(
      "status is called Status",
      ["status"],
      [
        rename("job.properties.status", "Status"),
        drop("job.required", "status"),
        add("job.required", "Status"),
      ],
    ),
    stopped(
      "The response is the job or null",
      ["id|200"],
      [
        set("status.responses.200.content.application/json.schema", {
          anyOf: [{ $ref: "#/components/schemas/ExportJobResponse" }, { type: "null" }],
        }),
      ],
    ),
    stopped(
      "The response is the job or an error",
      ["id|200"],
      [
        set("status.responses.200.content.application/json.schema", {
          oneOf: [
            { $ref: "#/components/schemas/ExportJobResponse" },
            { type: "object", properties: { error: text }, required: ["error"] },
          ],
        }),
      ],
    ),
    stopped(
      "The id is read-only and a number",
      ["id"],
      [set("job.properties.id", { type: "number", readOnly: true })],
    ),
    stopped(
      "total_records may also be a text",
      ["total_records"],
      [set("job.properties.total_records.anyOf", [{ type: "integer" }, text, { type: "null" }])],
    ),
    stopped(
      "progress is an object",
      ["progress"],
      [
        set("job.properties.progress", {
          type: "object",
          properties: { percent: { type: "integer" } },
        }),
      ],
    ),
    stopped(
      "A start gives a number",
      ["createExportJob"],
      [
        set("start.responses.200.content.application/json.schema.additionalProperties", {
          type: "integer",
        }),
      ],
      { base: "whole" },
    ),
    stopped(
      "A start gives two values",
      ["createExportJob"],
      [
        set("start.responses.200.content.application/json.schema", {
          type: "object",
          properties: { id: text, status: text },
          required: ["id", "status"],
        }),
      ],
      { base: "whole" },
    ),
    absorbed(
      "A start gives one value by its name",
      "none..major",
      [
        set("start.responses.200.content.application/json.schema", {
          type: "object",
          properties: { export_job_id: text },
          required: ["export_job_id"],
        }),
      ],
      { base: "whole" },
    ),
    stopped(
      "An audit log is a list",
      ["getAuditLog"],
      [set("one.responses.200.content.application/json.schema", { type: "array", items: text })],
      { base: "whole" },
    ),
  ],
};

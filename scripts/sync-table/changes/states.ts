import type { Json } from "../../description/tree.ts";
import {
  absorbed,
  add,
  either,
  remove,
  replace,
  set,
  stopped,
  type Change,
  type Edit,
  type Kind,
} from "../change.ts";

const prose = "job.properties.status.description";
const names = ["cancelled"];
const namedInProse = (how: string, description: string): Change =>
  stopped(`A state is new: ${how}`, names, [set(prose, description)]);
const values = ["pending", "running", "completed", "failed"];
const more = [...values, "cancelled"];
const bearer = [{ "JWT or Access Token": [] }];
const operation = (operationId: string, schema: Json, others: object = {}): Json => ({
  operationId,
  summary: "S",
  responses: {
    200: { description: "Done.", content: { "application/json": { schema } } },
    422: { description: "It is not valid." },
  },
  security: bearer,
  ...others,
});
const jobId = { in: "path", name: "job_id", required: true, schema: { type: "string" } };
const receiver = (schema: Json): Json => ({
  operationId: "receive",
  summary: "S",
  requestBody: { content: { "application/json": { schema } } },
  responses: { 200: { description: "Done." }, 422: { description: "It is not valid." } },
  security: bearer,
});
const statusPath = "/api/audit-logs/export/{job_id}";
const notBegun = { properties: { progress: { const: 0 } } };

export const states: Kind = {
  kind: "States",
  changes: [
    namedInProse(
      "in backticks",
      "Current status (for example, `pending`, `running`, `completed`, `failed`, or `cancelled`).",
    ),
    namedInProse(
      "without marks",
      "Current status (pending, running, completed, failed, or cancelled).",
    ),
    namedInProse(
      "in quotes",
      'Current status ("pending", "running", "completed", "failed", or "cancelled").',
    ),
    namedInProse(
      "in single quotes",
      "Either 'pending', 'running', 'completed', 'failed' or 'cancelled'.",
    ),
    namedInProse(
      "in typographic quotes",
      "One of “pending”, “running”, “completed”, “failed”, “cancelled”.",
    ),
    namedInProse(
      "in bold",
      "One of **pending**, **running**, **completed**, **failed** and **cancelled**.",
    ),
    namedInProse(
      "in italics",
      "One of *pending*, *running*, *completed*, *failed* and *cancelled*.",
    ),
    namedInProse(
      "as code in HTML",
      "One of <code>pending</code>, <code>running</code>, <code>completed</code>, <code>failed</code>, <code>cancelled</code>.",
    ),
    namedInProse(
      "in a list",
      "The status:\n\n- pending: not begun\n- running: at work\n- completed: done\n- failed: in vain\n- cancelled: given up\n",
    ),
    namedInProse(
      "in a table",
      "| Status | Meaning |\n|---|---|\n| pending | not begun |\n| running | at work |\n| completed | done |\n| failed | in vain |\n| cancelled | given up |\n",
    ),
    namedInProse("with arrows", "It goes pending → running → completed | failed | cancelled."),
    namedInProse("with slashes", "pending/running/completed/failed/cancelled"),
    namedInProse("with bars", "pending|running|completed|failed|cancelled"),
    namedInProse(
      "in a list of JSON",
      'One of ["pending", "running", "completed", "failed", "cancelled"].',
    ),
    namedInProse(
      "in a sentence after the list",
      "Current status (for example, `pending`, `running`, `completed`, or `failed`). Since July it may be cancelled, too.",
    ),
    stopped(
      "A state is gone from the prose",
      ["running"],
      [replace("`pending`, `running`,", "`pending`,")],
    ),
    stopped("A state has another name", ["processing"], [replace("`running`", "`processing`")]),
    stopped("The prose names no states", ["status"], [remove(prose)]),
    stopped("A state is new: the field's example", names, [
      set("job.properties.status.example", "cancelled"),
    ]),
    stopped("A state is new: the field's examples", names, [
      set("job.properties.status.examples", ["running", "cancelled"]),
    ]),
    stopped("A state is new: the response's example", names, [
      set("status.responses.200.content.application/json.example", {
        id: "0b1c2d3e-4f5a-4b6c-8d7e-9f0a1b2c3d4e",
        org_id: "0b1c2d3e-4f5a-4b6c-8d7e-9f0a1b2c3d4e",
        status: "cancelled",
        created_at: "2026-01-12T08:00:00Z",
      }),
    ]),
    stopped("A state is new: the response's examples", names, [
      set("status.responses.200.content.application/json.examples", {
        stopped: {
          value: {
            id: "0b1c2d3e-4f5a-4b6c-8d7e-9f0a1b2c3d4e",
            org_id: "0b1c2d3e-4f5a-4b6c-8d7e-9f0a1b2c3d4e",
            status: "cancelled",
            created_at: "2026-01-12T08:00:00Z",
          },
        },
      }),
    ]),
    stopped("A state is new: the operation's prose", names, [
      set(
        "status.description",
        "The status is `pending`, `running`, `completed`, `failed` or `cancelled`.",
      ),
    ]),
    stopped("A state is new: the operation's prose names it alone", names, [
      set("status.description", "Retrieve the status of a job. A job may also be `cancelled`."),
    ]),
    stopped("A state is new: the response's prose", names, [
      set(
        "status.responses.200.description",
        "The job's status, one of `pending`, `running`, `completed`, `failed`, `cancelled`.",
      ),
    ]),
    stopped("A state is new: the schema's prose", names, [
      set("job.description", "It is `pending`, `running`, `completed`, `failed` or `cancelled`."),
    ]),
    stopped("A state is new: another field's prose", names, [
      set(
        "job.properties.completed_at.description",
        "When the job was `completed` or `cancelled`.",
      ),
    ]),
    either(
      "An enum has the same states",
      "none..minor",
      ["status"],
      [set("job.properties.status.enum", values)],
    ),
    stopped("A state is new: an enum", names, [set("job.properties.status.enum", more)]),
    stopped("A state is new: an enum and the prose", names, [
      set("job.properties.status.enum", more),
      set(prose, "One of `pending`, `running`, `completed`, `failed`, `cancelled`."),
    ]),
    stopped(
      "An enum has one state less",
      ["failed"],
      [set("job.properties.status.enum", values.slice(0, 3))],
    ),
    stopped(
      "An enum has the states in capitals",
      ["status|PENDING|pending"],
      [
        set(
          "job.properties.status.enum",
          values.map((value) => value.toUpperCase()),
        ),
      ],
    ),
    stopped("A state is new: an enum that is referred to", names, [
      set("schemas.JobStatus", { type: "string", enum: more, title: "JobStatus" }),
      set("job.properties.status", { $ref: "#/components/schemas/JobStatus" }),
    ]),
    stopped("A state is new: allOf of an enum that is referred to", names, [
      set("schemas.JobStatus", { type: "string", enum: more, title: "JobStatus" }),
      set("job.properties.status", {
        allOf: [{ $ref: "#/components/schemas/JobStatus" }],
        description: "Current status of the export job.",
      }),
    ]),
    either(
      "An enum that is referred to has the same states",
      "none..minor",
      ["status"],
      [
        set("schemas.JobStatus", { type: "string", enum: values, title: "JobStatus" }),
        set("job.properties.status", { $ref: "#/components/schemas/JobStatus" }),
      ],
    ),
    stopped("A state is new: constants", names, [
      set("job.properties.status", { oneOf: more.map((value) => ({ const: value })) }),
    ]),
    stopped("A state is new: a pattern", names, [
      set("job.properties.status.pattern", `^(${more.join("|")})$`),
    ]),
    stopped("A state is new: the vendor's x-extensible-enum", names, [
      set("job.properties.status.x-extensible-enum", more),
    ]),
    stopped("A state is new: the vendor's x-enum-descriptions", names, [
      set(
        "job.properties.status.x-enum-descriptions",
        Object.fromEntries(more.map((value) => [value, "A state."])),
      ),
    ]),
    stopped("A state is new: a pattern in other notation", names, [
      set("job.properties.status.pattern", `^(?:${more.join("|")})$`),
    ]),
    stopped(
      "A pattern has one state less",
      ["failed"],
      [set("job.properties.status.pattern", `^(${values.slice(0, 3).join("|")})$`)],
    ),
    stopped(
      "A pattern refuses the states",
      ["pending"],
      [set("job.properties.status.pattern", "^[A-Z]+$")],
    ),
    absorbed("A pattern allows the states", "patch", [
      set("job.properties.status.pattern", "^[a-z_]+$"),
    ]),
    stopped(
      "A state may be shorter only",
      ["completed"],
      [set("job.properties.status.maxLength", 7)],
    ),
    absorbed("A state may be as long as it is", "patch", [
      set("job.properties.status.maxLength", 20),
    ]),
    stopped(
      "A state has a format that no state has",
      ["status"],
      [set("job.properties.status.format", "uuid")],
    ),
    ...(
      [
        ["x-enum-varnames", more.map((value) => value.toUpperCase())],
        ["x-enumNames", more],
        ["x-enum-names", more],
        ["x-enum-descriptions", more.map((value) => `The job is ${value}.`)],
        ["x-ms-enum", { name: "Status", values: more.map((value) => ({ value, name: value })) }],
        ["x-values", more],
        ["x-enum-options", more.map((value) => ({ name: value, description: "A state." }))],
      ] as const
    ).map(([extension, list]) =>
      stopped(
        `A state is new: the vendor's ${extension}${Array.isArray(list) && /\s/u.test(String(list[0])) ? ", a list of sentences" : ""}`,
        ["cancelled|CANCELLED"],
        [set(`job.properties.status.${extension}`, list)],
      ),
    ),
    absorbed("The vendor's x-enum-descriptions have the known states", "none..patch", [
      set(
        "job.properties.status.x-enum-descriptions",
        Object.fromEntries(values.map((value) => [value, "A state."])),
      ),
    ]),
    ...(
      [
        ["summary", "status.summary", "Get the status of a job, which may be `cancelled`"],
        ["text of a parameter", "status.parameters.0.description", "A job that is not `expired`."],
        ["text of an error", "status.responses.422.description", "The job was cancelled."],
        [
          "text of another field, in plain words",
          "job.properties.completed_at.description",
          "When the job completed or was cancelled.",
        ],
        [
          "text of another field, as an adjective",
          "job.properties.download_url.description",
          "It is null for paused exports.",
        ],
        [
          "JSON in the operation's prose",
          "status.description",
          'It answers:\n\n```json\n{ "status": "cancelled" }\n```\n',
        ],
        ["an assignment in prose", "status.description", "Poll until status=cancelled."],
        [
          "a state of a job in the description's prose",
          "root.info.description",
          "A job may be `cancelled`.",
        ],
        [
          "bold in the operation's prose",
          "status.description",
          "Get the status. **paused**: it waits.",
        ],
        [
          "a sentence of the status",
          prose,
          "Status: `pending`, `running`, `completed`, `failed`. A job may get paused.",
        ],
      ] as const
    ).map(([where, place, description]) =>
      stopped(`A state is new: ${where}`, ["cancelled|expired|paused"], [set(place, description)]),
    ),
    stopped("A state is new: a tag's prose", names, [
      set("root.tags", [
        { name: "Exports", description: "Jobs that were `cancelled` have no file." },
      ]),
      set("status.tags", ["Exports"]),
    ]),
    stopped("A state is new: an operation elsewhere", names, [
      set("root.paths./api/audit-logs/export/{job_id}/file", {
        get: {
          operationId: "get_file",
          summary: "Get the file",
          description: "It answers 409 if the job was cancelled.",
          parameters: [{ in: "path", name: "job_id", required: true, schema: { type: "string" } }],
          responses: { 204: { description: "There." }, 422: { description: "It is not valid." } },
          security: [{ "JWT or Access Token": [] }],
        },
      }),
    ]),
    ...(
      [
        ["a list", { type: "string", enum: ["completed", "failed", "cancelled"] }],
        ["prose", { type: "string", description: "`completed`, `failed` or `cancelled`." }],
      ] as const
    ).flatMap(([how, status]) => {
      const schema = { type: "object", properties: { job_id: { type: "string" }, status } };
      const component = set("schemas.ExportSummary", { ...schema, properties: { status } });
      const reference = { $ref: "#/components/schemas/ExportSummary" };
      const cancel = operation("cancel", { properties: { status } }, { parameters: [jobId] });
      const list = { type: "array", items: reference };
      const places: readonly (readonly [where: string, ...edits: readonly Edit[]])[] = [
        ["a new operation on the job", set(`root.paths.${statusPath}/cancel`, { post: cancel })],
        ["another method of the path", set("statusPath.delete", cancel)],
        ["a list of jobs", component, set("root.paths./api/all", { get: operation("all", list) })],
        ["a webhook", set("root.webhooks", { done: { post: receiver(schema) } })],
        [
          "a schema of a webhook",
          component,
          set("root.webhooks", { done: { post: receiver(reference) } }),
        ],
        [
          "a callback",
          set("start.callbacks", { done: { "{$request.body#/url}": { post: receiver(schema) } } }),
        ],
      ];
      return places.map(([where, ...edits]) =>
        stopped(`A state is new: ${how} of ${where}`, names, edits, { base: "whole" }),
      );
    }),
    stopped("A state is new: what a new operation does", names, [
      set(
        "statusPath.delete",
        operation(
          "cancel",
          {},
          {
            parameters: [jobId],
            responses: {
              204: { description: "It is cancelled." },
              422: { description: "It is not valid." },
            },
          },
        ),
      ),
    ]),
    stopped("A state is new: an example of a new operation", names, [
      set(
        "statusPath.delete",
        operation("cancel", { example: { status: "cancelled" } }, { parameters: [jobId] }),
      ),
    ]),
    stopped("A state is new: a filter of a new operation", names, [
      set("root.paths./api/audit-logs/exports", {
        get: operation(
          "all",
          {},
          {
            parameters: [
              {
                in: "query",
                name: "status",
                required: false,
                schema: { type: "string", enum: more },
              },
            ],
          },
        ),
      }),
    ]),
    absorbed("A new operation has states of something else", "minor", [
      set("root.paths./api/orders", {
        get: operation("orders", {
          type: "object",
          properties: {
            order_id: { type: "string" },
            status: { type: "string", enum: more, description: "It may be `refunded`." },
          },
        }),
      }),
    ]),
    stopped("A state is new: a filter's enum", names, [
      add("status.parameters", {
        in: "query",
        name: "until",
        required: false,
        schema: { type: "string", enum: ["completed", "failed", "cancelled"] },
      }),
    ]),
    stopped("A state is new: an example that is referred to", names, [
      set("root.components.examples", { Stopped: { value: { status: "cancelled" } } }),
      set("status.responses.200.content.application/json.examples", {
        stopped: { $ref: "#/components/examples/Stopped" },
      }),
    ]),
    ...(
      [
        ["summary", "status.summary", "Get the status of a job that was started before"],
        [
          "operation's prose",
          "status.description",
          "Poll it while the job is `pending` or `running`. The job is created by `POST`, belongs to the organization that started it, and can be read for a week. The `status` is never null.",
        ],
        [
          "text of the status",
          prose,
          "Current status of the export job: `pending`, `running`, `completed`, or `failed`. It is read by polling, and is never empty. See `download_url`.",
        ],
        [
          "text of an error",
          "status.responses.422.description",
          "The request was rejected, because `job_id` is malformed.",
        ],
        [
          "text of another field",
          "job.properties.completed_at.description",
          "When the job `completed` or `failed`; null while it is `pending` or `running`.",
        ],
        [
          "description's prose",
          "root.info.description",
          "Exports of audit logs. Requests are `throttled` to 10 a second, fields may be `deprecated`, and a job runs in the background.",
        ],
      ] as const
    ).map(([where, place, description]) =>
      absorbed(`Ordinary words are in the ${where}`, "none..patch", [set(place, description)]),
    ),
    ...(
      [
        ["status", "if", { const: "cancelled" }],
        ["status", "then", { enum: more }, { if: { type: "string" } }],
        ["status", "else", { const: "cancelled" }, { if: { maxLength: 3 } }],
        ["status", "not", { const: "cancelled" }],
        ["status", "a part's condition", [{ if: { const: "cancelled" } }], {}, "allOf"],
        ["job", "if", { properties: { status: { const: "cancelled" } } }],
        [
          "job",
          "then",
          { properties: { status: { enum: ["cancelled"] } } },
          { if: { properties: { id: {} } } },
        ],
        [
          "job",
          "else",
          { properties: { status: { enum: ["cancelled"] } } },
          { if: { properties: { id: { maxLength: 3 } } } },
        ],
        ["job", "not", { properties: { status: { const: "cancelled" }, id: { maxLength: 3 } } }],
        ["job", "allOf", [{ properties: { status: { enum: ["cancelled"] } } }]],
        ["job", "anyOf", [{ properties: { status: { enum: ["cancelled"] } } }, notBegun]],
        ["job", "oneOf", [{ properties: { status: { const: "cancelled" } } }, notBegun]],
        [
          "job",
          "dependentSchemas",
          { error_message: { properties: { status: { enum: ["failed", "cancelled"] } } } },
        ],
        ["job", "patternProperties", { "^sta": { enum: ["pending", "cancelled"] } }],
        [
          "job",
          "discriminator",
          {
            propertyName: "status",
            mapping: { cancelled: "#/components/schemas/ValidationError" },
          },
        ],
        [
          "job",
          "a condition of a part",
          [{ if: { properties: { status: { const: "cancelled" } } } }],
          {},
          "allOf",
        ],
      ] as const
    ).map(([owner, where, value, others = {}, keyword = where]) =>
      stopped(
        `A state is new: ${where} of the ${owner}`,
        names,
        Object.entries<Json>({ ...others, [keyword]: value }).map(([key, child]) =>
          set(owner === "job" ? `job.${key}` : `job.properties.status.${key}`, child),
        ),
      ),
    ),
    stopped("A state is new: what a response adds to the job", names, [
      set("status.responses.200.content.application/json.schema", {
        allOf: [
          { $ref: "#/components/schemas/ExportJobResponse" },
          { properties: { status: { const: "cancelled" } } },
        ],
      }),
    ]),
    stopped("A state is new: beside a reference to the job", names, [
      set("status.responses.200.content.application/json.schema.properties", {
        status: { const: "cancelled" },
      }),
    ]),
    ...(
      [
        ["not of the status", "job.properties.status.not", { const: "completed" }],
        [
          "not of the job",
          "job.not",
          { properties: { status: { const: "completed" } }, required: ["status"] },
        ],
        [
          "allOf of the job",
          "job.allOf",
          [{ properties: { status: { enum: values.slice(0, 2) } } }],
        ],
        [
          "patternProperties of the job",
          "job.patternProperties",
          { "^sta": { not: { enum: ["completed"] } } },
        ],
      ] as const
    ).map(([where, place, value]) =>
      stopped(`A state is excluded: ${where}`, ["completed"], [set(place, value)]),
    ),
    absorbed("Conditions of the job have the known states", "none..patch", [
      set("job.if", { properties: { status: { const: "completed" } } }),
      set("job.then", { properties: { progress: { const: 100 } } }),
      set("job.not", { properties: { status: { const: "failed" }, progress: { const: 100 } } }),
      set("job.dependentSchemas", {
        error_message: { properties: { status: { const: "failed" } } },
      }),
    ]),
    stopped("A state is new: the default", names, [
      set("job.properties.status.default", "cancelled"),
    ]),
    absorbed("An example has a known state", "none..patch", [
      set("job.properties.status.example", "running"),
    ]),
    absorbed("The states stand in another order", "patch", [
      set(prose, "One of `failed`, `completed`, `running` and `pending`."),
    ]),
    either(
      "The prose has a name that is not a state",
      "patch",
      ["job_id"],
      [set(prose, "The status of `job_id`: `pending`, `running`, `completed`, or `failed`.")],
    ),
  ],
};

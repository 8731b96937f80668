import {
  absorbed,
  either,
  remove,
  replace,
  set,
  stopped,
  type Change,
  type Kind,
} from "../change.ts";

const prose = "job.properties.status.description";
const names = ["cancelled"];
const says = (how: string, description: string): Change =>
  stopped(`A state is new: ${how}`, names, [set(prose, description)]);
const values = ["pending", "running", "completed", "failed"];
const more = [...values, "cancelled"];

export const states: Kind = {
  kind: "States",
  changes: [
    says(
      "in backticks",
      "Current status (for example, `pending`, `running`, `completed`, `failed`, or `cancelled`).",
    ),
    says("without marks", "Current status (pending, running, completed, failed, or cancelled)."),
    says(
      "in quotes",
      'Current status ("pending", "running", "completed", "failed", or "cancelled").',
    ),
    says("in single quotes", "Either 'pending', 'running', 'completed', 'failed' or 'cancelled'."),
    says(
      "in typographic quotes",
      "One of “pending”, “running”, “completed”, “failed”, “cancelled”.",
    ),
    says(
      "in bold",
      "One of **pending**, **running**, **completed**, **failed** and **cancelled**.",
    ),
    says("in italics", "One of *pending*, *running*, *completed*, *failed* and *cancelled*."),
    says(
      "as code in HTML",
      "One of <code>pending</code>, <code>running</code>, <code>completed</code>, <code>failed</code>, <code>cancelled</code>.",
    ),
    says(
      "in a list",
      "The status:\n\n- pending: not begun\n- running: at work\n- completed: done\n- failed: in vain\n- cancelled: given up\n",
    ),
    says(
      "in a table",
      "| Status | Meaning |\n|---|---|\n| pending | not begun |\n| running | at work |\n| completed | done |\n| failed | in vain |\n| cancelled | given up |\n",
    ),
    says("with arrows", "It goes pending → running → completed | failed | cancelled."),
    says("with slashes", "pending/running/completed/failed/cancelled"),
    says("with bars", "pending|running|completed|failed|cancelled"),
    says("in a list of JSON", 'One of ["pending", "running", "completed", "failed", "cancelled"].'),
    says(
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
    stopped("A state is new: the answer's example", names, [
      set("status.responses.200.content.application/json.example", {
        id: "0b1c2d3e-4f5a-4b6c-8d7e-9f0a1b2c3d4e",
        org_id: "0b1c2d3e-4f5a-4b6c-8d7e-9f0a1b2c3d4e",
        status: "cancelled",
        created_at: "2026-01-12T08:00:00Z",
      }),
    ]),
    stopped("A state is new: the answer's examples", names, [
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
    stopped("A state is new: the answer's prose", names, [
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
      "The prose has a name that is no state",
      "patch",
      ["job_id"],
      [set(prose, "The status of `job_id`: `pending`, `running`, `completed`, or `failed`.")],
    ),
  ],
};

import type { Json } from "../../description/tree.ts";
import { absorbed, add, either, rename, remove, set, stopped, type Kind } from "../change.ts";
import type { PlayResult } from "../scenario.ts";

const text = { type: "string" };
const whole = { base: "whole" } as const;
const request = "schemas.AuditLogExportRequest";
const content = "start.requestBody.content";
const time = { type: "string", format: "date-time" };
const sentBody =
  (check: (body: string, type: string) => boolean) =>
  ({ requests }: PlayResult): boolean =>
    requests.some(
      ({ method, body, headers }) =>
        method === "POST" && check(body, String(headers["content-type"])),
    );

export const bodies: Kind = {
  kind: "Bodies",
  changes: [
    absorbed(
      "An optional field is new in a body",
      "minor",
      [set(`${request}.properties.format`, text)],
      {
        ...whole,
        inputs: { createExportJob: { format: "jsonl" } },
        calls: sentBody((body) => body.includes('"format":"jsonl"')),
      },
    ),
    stopped(
      "A required field is new in a body",
      ["reason"],
      [set(`${request}.properties.reason`, text), add(`${request}.required`, "reason")],
      whole,
    ),
    stopped(
      "A field of a body becomes required",
      ["from_date"],
      [add(`${request}.required`, "from_date")],
      whole,
    ),
    stopped(
      "A field of a body becomes required next to a reference",
      ["from_date"],
      [set(`${content}.application/json.schema.required`, ["from_date"])],
      whole,
    ),
    absorbed(
      "A field is new next to the reference of a body",
      "minor",
      [set(`${content}.application/json.schema.properties`, { format: text })],
      {
        ...whole,
        inputs: { createExportJob: { format: "jsonl" } },
        calls: sentBody((body) => body.includes('"format":"jsonl"')),
      },
    ),
    absorbed(
      "A body has to have a field, next to the reference",
      "major",
      [set(`${content}.application/json.schema.minProperties`, 1)],
      whole,
    ),
    ...(
      [
        ["have one of two fields", { anyOf: [{ required: ["q"] }, { required: ["from_date"] }] }],
        ["have at least one field", { minProperties: 1 }],
        ["have at most two fields", { maxProperties: 2 }],
        ["have other fields", { propertyNames: { enum: ["from_date", "to_date"] } }],
        ["have another field with one", { dependentRequired: { from_date: ["to_date"] } }],
      ] as const
    ).map(([what, constraint]) =>
      stopped(
        `A body has to ${what}`,
        ["createExportJob|AuditLogExportRequest"],
        Object.entries<Json>(constraint).map(([key, value]) => set(`${request}.${key}`, value)),
        whole,
      ),
    ),
    absorbed(
      "A field of a body must not be null",
      "major",
      [set(`${request}.properties.from_date`, time)],
      whole,
    ),
    stopped(
      "A field of a body has another name",
      ["from_date"],
      [rename(`${request}.properties.from_date`, "start_date")],
      whole,
    ),
    stopped(
      "A field of a body is gone",
      ["search_operator"],
      [remove(`${request}.properties.search_operator`)],
      whole,
    ),
    stopped("A list in a body is a text", ["q"], [set(`${request}.properties.q`, text)], whole),
    stopped(
      "A list in a body holds objects",
      ["q"],
      [set(`${request}.properties.q.items`, { type: "object", properties: { column: text } })],
      whole,
    ),
    stopped(
      "A time in a body is a date",
      ["from_date"],
      [set(`${request}.properties.from_date.anyOf.0.format`, "date")],
      whole,
    ),
    ...(
      [
        ["a time of day", { format: "time" }],
        ["a number of seconds", { format: "unix-timestamp" }],
        ["a text of ten letters", { maxLength: 10 }],
        ["a text of a date's pattern", { pattern: String.raw`^\d{4}-\d{2}-\d{2}$` }],
        ["one of a few", { enum: ["today", "yesterday"] }],
      ] as const
    ).map(([what, constraint]) =>
      stopped(
        `A time in a body is ${what}`,
        ["from_date"],
        [set(`${request}.properties.from_date.anyOf.0`, { type: "string", ...constraint })],
        whole,
      ),
    ),
    stopped(
      "A time in a body is a date that is referred to",
      ["from_date"],
      [
        set("schemas.Day", { type: "string", format: "date" }),
        set(`${request}.properties.from_date`, { $ref: "#/components/schemas/Day" }),
      ],
      whole,
    ),
    absorbed(
      "A time in a body may also be a date",
      "minor..major",
      [
        set(`${request}.properties.from_date.anyOf`, [
          time,
          { type: "string", format: "date" },
          { type: "null" },
        ]),
      ],
      whole,
    ),
    absorbed(
      "A time in a body has no format",
      "none..minor",
      [remove(`${request}.properties.from_date.anyOf.0.format`)],
      whole,
    ),
    stopped(
      "A time in a body is a number",
      ["from_date"],
      [set(`${request}.properties.from_date.anyOf.0`, { type: "integer" })],
      whole,
    ),
    stopped(
      "A value of a body is gone",
      ["search_operator"],
      [set(`${request}.properties.search_operator.enum`, ["or"])],
      whole,
    ),
    absorbed(
      "A value of a body is new",
      "minor",
      [set(`${request}.properties.search_operator.enum`, ["or", "and", "not"])],
      whole,
    ),
    absorbed(
      "A body's field has another default",
      "major",
      [set(`${request}.properties.search_operator.default`, "and")],
      whole,
    ),
    absorbed(
      "A list in a body must not be empty",
      "major",
      [set(`${request}.properties.q.minItems`, 1)],
      {
        ...whole,
        inputs: { createExportJob: { q: ["a:b"] } },
      },
    ),
    absorbed(
      "A text in a body has a pattern",
      "major",
      [set(`${request}.properties.q.items.pattern`, "^.*$")],
      whole,
    ),
    absorbed(
      "A body has no other fields",
      "patch..major",
      [set(`${request}.additionalProperties`, false)],
      whole,
    ),
    absorbed("A body is optional", "minor", [set("start.requestBody.required", false)], {
      ...whole,
      facts: { createExportJob: { body: { required: false } } },
    }),
    absorbed(
      "A body may be of another JSON media type",
      "minor",
      [
        set(`${content}.application/vnd~anaconda+json`, {
          schema: { $ref: "#/components/schemas/AuditLogExportRequest" },
        }),
      ],
      { ...whole, calls: sentBody((_, type) => type.startsWith("application/json")) },
    ),
    absorbed(
      "A body has another JSON media type",
      "major",
      [rename(`${content}.application/json`, "application/vnd.anaconda+json")],
      { ...whole, calls: sentBody((_, type) => type.startsWith("application/vnd.anaconda+json")) },
    ),
    stopped(
      "A body is a form",
      ["createExportJob|create_export_job_export_post"],
      [rename(`${content}.application/json`, "application/x-www-form-urlencoded")],
      whole,
    ),
    stopped(
      "A body is multipart",
      ["multipart/form-data"],
      [rename(`${content}.application/json`, "multipart/form-data")],
      whole,
    ),
    stopped(
      "A body is in an envelope",
      ["from_date|createExportJob"],
      [
        set(`${content}.application/json.schema`, {
          type: "object",
          properties: { export: { $ref: "#/components/schemas/AuditLogExportRequest" } },
          required: ["export"],
        }),
      ],
      whole,
    ),
    stopped(
      "A field of a body is read-only",
      ["from_date"],
      [set(`${request}.properties.from_date.readOnly`, true)],
      whole,
    ),
    absorbed(
      "A field of a body is write-only",
      "major",
      [set(`${request}.properties.q.writeOnly`, true)],
      whole,
    ),
    absorbed(
      "A field of a body is deprecated",
      "minor",
      [set(`${request}.properties.q.deprecated`, true)],
      whole,
    ),
    stopped(
      "A start takes no body",
      ["createExportJob"],
      [remove("start.requestBody"), remove("schemas.AuditLogExportRequest")],
      whole,
    ),
    absorbed(
      "A body's fields may be of two kinds",
      "minor",
      [set(`${request}.properties.limit`, { anyOf: [{ type: "integer" }, text] })],
      whole,
    ),
    stopped(
      "A field of a body that a start may have alone needs another",
      ["q"],
      [set(`${request}.dependentSchemas`, { search_operator: { required: ["q"] } })],
      whole,
    ),
    either(
      "A field of a body has a constant",
      "minor",
      ["kind"],
      [set(`${request}.properties.kind`, { const: "audit" })],
      whole,
    ),
  ],
};

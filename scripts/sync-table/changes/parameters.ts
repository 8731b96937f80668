import { absorbed, add, either, remove, replace, set, stopped, type Kind } from "../change.ts";
import type { PlayResult } from "../scenario.ts";

const text = { type: "string" };
const status = "getExportJobStatus";

/** Whether the operation sent a request whose path and query match a pattern. */
const sentUrl =
  (pattern: RegExp) =>
  ({ requests }: PlayResult): boolean =>
    requests.some(({ url }) => pattern.test(url));
const sentHeader =
  (name: string, value: RegExp) =>
  ({ requests }: PlayResult): boolean =>
    requests.some(({ headers }) => value.test(String(headers[name])));
const parameter = (name: string, facts: object) => ({
  [status]: { parameters: { [name]: facts } },
});
const listParameter = (name: string, facts: object) => ({
  getAuditLogs: { parameters: { [name]: facts } },
});
const whole = { base: "whole" } as const;
const listInput = (input: Record<string, unknown>) => ({ inputs: { getAuditLogs: input } });

// The order of the parameters: job_id, X-Org-Name, X-API-Version; q, search_operator, sort, limit, offset, …
export const parameters: Kind = {
  kind: "Parameters",
  changes: [
    absorbed(
      "An optional query parameter is new",
      "minor",
      [add("status.parameters", { in: "query", name: "include", schema: text })],
      {
        facts: parameter("include", { in: "query", required: false }),
        inputs: { [status]: { include: "owner" } },
        calls: sentUrl(/\?include=owner$/u),
      },
    ),
    absorbed(
      "An optional header is new",
      "minor",
      [add("status.parameters", { in: "header", name: "X-Request-Id", schema: text })],
      {
        inputs: { [status]: { "x-request-id": "r-1" } },
        calls: sentHeader("x-request-id", /^r-1$/u),
      },
    ),
    stopped(
      "A required query parameter is new",
      ["tenant"],
      [add("status.parameters", { in: "query", name: "tenant", required: true, schema: text })],
    ),
    stopped(
      "A required header is new",
      ["X-Tenant|x-tenant"],
      [add("status.parameters", { in: "header", name: "X-Tenant", required: true, schema: text })],
    ),
    stopped(
      "A required cookie is new",
      ["session"],
      [add("status.parameters", { in: "cookie", name: "session", required: true, schema: text })],
    ),
    either(
      "An optional cookie is new",
      "none..minor",
      ["session"],
      [add("status.parameters", { in: "cookie", name: "session", schema: text })],
    ),
    either(
      "A header of the client is required",
      "major",
      ["X-Org-Name|x-org-name|orgName"],
      [set("status.parameters.1.required", true)],
    ),
    stopped(
      "A header of the client is gone",
      ["X-Org-Name|x-org-name|orgName"],
      [remove("status.parameters.1")],
    ),
    stopped(
      "A header of the client has another name",
      ["X-Org-Name|x-org-name|orgName"],
      [set("status.parameters.1.name", "X-Organization")],
    ),
    stopped(
      "A header of the client goes into the query",
      ["X-Org-Name|x-org-name|orgName"],
      [set("status.parameters.1.in", "query")],
    ),
    absorbed("A header is written in lower case", "none", [
      set("status.parameters.1.name", "x-org-name"),
    ]),
    absorbed("A default changes", "major", [set("status.parameters.2.schema.default", "v2")], {
      facts: parameter("apiVersion", { default: "v2" }),
    }),
    absorbed("A default is gone", "major", [remove("status.parameters.2.schema.default")], {
      facts: parameter("apiVersion", { default: null }),
    }),
    either(
      "A header has an enum",
      "major",
      ["X-API-Version|x-api-version|apiVersion"],
      [set("status.parameters.2.schema.enum", ["v1", "v2"])],
    ),
    absorbed("A header has a pattern", "major", [
      set("status.parameters.2.schema.pattern", "^v[0-9]+$"),
    ]),
    absorbed("A header must not be longer than", "major", [
      set("status.parameters.1.schema", { type: ["string", "null"], maxLength: 64 }),
    ]),
    absorbed("A header must not be null", "major", [set("status.parameters.1.schema", text)]),
    absorbed("A header may be null", "minor", [
      set("status.parameters.2.schema.type", ["string", "null"]),
    ]),
    absorbed("A header is deprecated", "minor", [set("status.parameters.1.deprecated", true)]),
    stopped(
      "A header is written as JSON",
      ["X-Org-Name|x-org-name|orgName"],
      [
        remove("status.parameters.1.schema"),
        set("status.parameters.1.content", { "application/json": { schema: text } }),
      ],
    ),
    stopped(
      "The id of a job has another name",
      ["jobId|job_id"],
      [replace("{job_id}:", "{id}:"), replace("name: job_id", "name: id")],
    ),
    stopped(
      "The id of a job is a number",
      ["jobId|job_id"],
      [set("status.parameters.0.schema", { type: "integer" })],
    ),
    absorbed("The id of a job has no format", "none..minor", [
      remove("status.parameters.0.schema.format"),
    ]),
    absorbed("The id of a job also has a pattern", "major", [
      set("status.parameters.0.schema.pattern", "^[0-9a-f-]{36}$"),
    ]),
    absorbed("The id of a job has a least length", "major", [
      set("status.parameters.0.schema.minLength", 36),
    ]),
    absorbed(
      "The id of a job has the style label",
      "major",
      [set("status.parameters.0.style", "label")],
      {
        facts: parameter("jobId", { style: "label" }),
        calls: sentUrl(/\/export\/\.[0-9a-f-]{36}$/u),
      },
    ),
    absorbed(
      "The id of a job has the style matrix",
      "major",
      [set("status.parameters.0.style", "matrix")],
      {
        facts: parameter("jobId", { style: "matrix" }),
        calls: sentUrl(/\/export\/;job_id=[0-9a-f-]{36}$/u),
      },
    ),
    absorbed("The text of a parameter changes", "patch", [
      set("status.parameters.0.description", "The export job's UUID."),
    ]),
    absorbed("A parameter has an example", "none..patch", [
      set("status.parameters.2.example", "v1"),
    ]),
    absorbed(
      "A list is not repeated in the query",
      "major",
      [set("list.parameters.0.explode", false)],
      {
        ...whole,
        facts: listParameter("q", { explode: false }),
        calls: sentUrl(/[?&]q=[^&]*,[^&]*d(?::|%3A)e/u),
      },
    ),
    absorbed(
      "A list has bars between its items",
      "major",
      [set("list.parameters.0.style", "pipeDelimited"), set("list.parameters.0.explode", false)],
      {
        ...whole,
        facts: listParameter("q", { style: "pipeDelimited" }),
        calls: sentUrl(/[?&]q=[^&]*(?:\||%7C)/u),
      },
    ),
    absorbed(
      "A list has spaces between its items",
      "major",
      [set("list.parameters.0.style", "spaceDelimited"), set("list.parameters.0.explode", false)],
      {
        ...whole,
        facts: listParameter("q", { style: "spaceDelimited" }),
        calls: sentUrl(/[?&]q=[^&]*%20/u),
      },
    ),
    absorbed(
      "A list is written as JSON",
      "major",
      [
        remove("list.parameters.0.schema"),
        set("list.parameters.0.content", {
          "application/json": { schema: { type: "array", items: text } },
        }),
      ],
      {
        ...whole,
        facts: listParameter("q", { content: "application/json" }),
        calls: sentUrl(/[?&]q=(?:%5B|\[)/u),
      },
    ),
    absorbed(
      "A parameter that is written as JSON is new",
      "minor",
      [
        add("list.parameters", {
          name: "where",
          in: "query",
          content: {
            "application/json": {
              schema: { type: "object", properties: { actor: text }, additionalProperties: false },
            },
          },
        }),
      ],
      {
        ...whole,
        facts: listParameter("where", { content: "application/json", type: "object" }),
        ...listInput({ where: { actor: "a" } }),
        calls: sentUrl(/[?&]where=(?:%7B|\{)(?:%22|")actor/u),
      },
    ),
    absorbed(
      "Reserved characters are not encoded",
      "patch..major",
      [set("list.parameters.2.allowReserved", true)],
      {
        ...whole,
        facts: listParameter("sort", { allowReserved: true }),
        ...listInput({ sort: "a/b" }),
        calls: sentUrl(/[?&]sort=a\/b/u),
      },
    ),
    // The CLI sends them. The compiler misses the list there, and finds it in a test of the client.
    stopped("A list has another name", ["q"], [set("list.parameters.0.name", "filter")], whole),
    stopped("A query parameter is gone", ["offset"], [remove("list.parameters.4")], whole),
    absorbed(
      "A query parameter goes into a header",
      "major",
      [set("list.parameters.2.in", "header")],
      {
        ...whole,
        calls: sentHeader("sort", /^-id$/u),
      },
    ),
    absorbed(
      "A number has a lower limit",
      "major",
      [set("list.parameters.3.schema.maximum", 500)],
      whole,
    ),
    absorbed(
      "The minimum of a number rises, next to a reference",
      "major",
      [set("list.parameters.3.schema.minimum", 2)],
      {
        ...whole,
        before: [
          set("schemas.Limit", { type: "integer", maximum: 1000, default: 100 }),
          set("list.parameters.3.schema", { $ref: "#/components/schemas/Limit", minimum: 1 }),
        ],
      },
    ),
    absorbed(
      "A number has a higher limit",
      "none..minor",
      [set("list.parameters.3.schema.maximum", 2000)],
      whole,
    ),
    absorbed(
      "A number has another default",
      "major",
      [set("list.parameters.3.schema.default", 50)],
      {
        ...whole,
        facts: listParameter("limit", { default: 50 }),
      },
    ),
    absorbed(
      "A number must be a multiple",
      "major",
      [set("list.parameters.3.schema.multipleOf", 2)],
      whole,
    ),
    absorbed(
      "A number must be an integer",
      "major",
      [set("list.parameters.4.schema.type", "integer")],
      { ...whole, before: [set("list.parameters.4.schema.type", "number")] },
    ),
    absorbed(
      "An integer may have a fraction",
      "none..minor",
      [set("list.parameters.4.schema.type", "number")],
      whole,
    ),
    absorbed(
      "A query parameter is required",
      "major",
      [set("list.parameters.3.required", true)],
      whole,
    ),
    // The CLI does not send it, and sorts by another value.
    stopped(
      "A required query parameter of a list is new",
      ["scope"],
      [add("list.parameters", { in: "query", name: "scope", required: true, schema: text })],
      whole,
    ),
    stopped(
      "A text has an enum",
      ["occurred_at,id"],
      [set("list.parameters.2.schema.enum", ["created_at", "-created_at"])],
      whole,
    ),
    absorbed(
      "A list of values has a new one",
      "minor",
      [set("list.parameters.1.schema.enum", ["or", "and", "not"])],
      {
        ...whole,
        ...listInput({ search_operator: "not" }),
        calls: sentUrl(/search_operator=not/u),
      },
    ),
    absorbed(
      "A list of values has one less",
      "major",
      [set("list.parameters.1.schema.enum", ["or"])],
      whole,
    ),
    absorbed(
      "A list is not longer than",
      "major",
      [set("list.parameters.0.schema.maxItems", 5)],
      whole,
    ),
    absorbed(
      "A query parameter is an object (deepObject)",
      "minor",
      [
        add("list.parameters", {
          in: "query",
          name: "range",
          style: "deepObject",
          explode: true,
          schema: { type: "object", properties: { since: text } },
        }),
      ],
      {
        ...whole,
        ...listInput({ range: { since: "x" } }),
        calls: sentUrl(/[?&]range(?:\[|%5B)since(?:\]|%5D)=x/u),
      },
    ),
    absorbed(
      "A time is a date",
      "major",
      [
        set("list.parameters.5.schema", {
          anyOf: [{ type: "string", format: "date" }, { type: "null" }],
        }),
      ],
      whole,
    ),

    either(
      "A header of the client is a number",
      "major",
      ["orgName|x-org-name"],
      [set("status.parameters.1.schema", { type: "integer" })],
    ),
    either(
      "A header of the client is a list",
      "major",
      ["orgName|x-org-name"],
      [set("status.parameters.1.schema", { type: "array", items: text })],
    ),
    either(
      "A header of the client is an object",
      "major",
      ["orgName|x-org-name"],
      [set("status.parameters.1.schema", { type: "object", properties: { name: text } })],
    ),
    either(
      "A header of the client has a constant",
      "major",
      ["orgName|x-org-name"],
      [set("status.parameters.1.schema", { const: "acme" })],
    ),
    stopped(
      "A default is not one of the values",
      ["v1"],
      [set("status.parameters.2.schema.enum", ["v2", "v3"])],
    ),
    stopped(
      "The id of a job is an object",
      ["jobId|job_id"],
      [set("status.parameters.0.schema", { type: "object", properties: { a: text } })],
    ),
    stopped(
      "The id of a job is a list",
      ["jobId|job_id"],
      [set("status.parameters.0.schema", { type: "array", items: text })],
    ),
    stopped(
      "The id of a job is written as JSON",
      ["jobId|job_id"],
      [
        remove("status.parameters.0.schema"),
        set("status.parameters.0.content", { "application/json": { schema: text } }),
      ],
    ),
    absorbed("The id of a job is said to be optional", "none", [
      set("status.parameters.0.required", false),
    ]),
    stopped(
      "The id of a job goes into the query",
      ["job_id"],
      [set("status.parameters.0.in", "query")],
    ),
    stopped(
      "A list holds lists",
      ["q"],
      [set("list.parameters.0.schema.items", { type: "array", items: text })],
      whole,
    ),
    stopped(
      "A list holds objects",
      ["q"],
      [set("list.parameters.0.schema.items", { type: "object", properties: { a: text } })],
      whole,
    ),
    absorbed(
      "A list may be empty in the query",
      "none..minor",
      [set("list.parameters.0.allowEmptyValue", true)],
      whole,
    ),
    stopped(
      "A parameter has an invalid style",
      ["style"],
      [set("list.parameters.0.style", "tabDelimited")],
      whole,
    ),
    absorbed(
      "A boolean is new in the query",
      "minor",
      [add("status.parameters", { in: "query", name: "verbose", schema: { type: "boolean" } })],
      { inputs: { [status]: { verbose: true } }, calls: sentUrl(/\?verbose=true$/u) },
    ),
    absorbed(
      "Two parameters have one name in two places",
      "minor",
      [add("status.parameters", { in: "query", name: "job_id", schema: text })],
      { facts: { [status]: { parameters: { jobId: { in: "path" }, job_id: { in: "query" } } } } },
    ),
    stopped(
      "A parameter is listed twice",
      ["job_id"],
      [add("status.parameters", { in: "path", name: "job_id", required: true, schema: text })],
    ),
    absorbed(
      "A parameter has a name with brackets",
      "minor",
      [add("status.parameters", { in: "query", name: "filter[name]", schema: text })],
      {
        inputs: { [status]: { "filter[name]": "a b" } },
        calls: sentUrl(/\?filter(?:\[|%5B)name(?:\]|%5D)=a(?:%20|\+)b$/u),
      },
    ),
    absorbed(
      "A number may also be a text",
      "minor..major",
      [set("list.parameters.3.schema", { anyOf: [{ type: "integer" }, text], default: 100 })],
      whole,
    ),
  ],
};

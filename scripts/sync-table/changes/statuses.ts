import { absorbed, either, remove, rename, set, stopped, type Kind } from "../change.ts";
import type { PlayResult } from "../scenario.ts";

const json = (schema: object) => ({ content: { "application/json": { schema: { ...schema } } } });
const job = { $ref: "#/components/schemas/ExportJobResponse" };
const text = { type: "string" };
const detail = { type: "object", properties: { detail: text } };
const ok = "status.responses.200";
const content = `${ok}.content`;
const requiredNames = "getExportJobStatus|id|status|states|{job_id}/get";
const whole = { base: "whole" } as const;
const sentAccept =
  (type: RegExp) =>
  ({ requests }: PlayResult): boolean =>
    requests.some(
      ({ url, headers }) => /\/export\/[^/]+$/u.test(url) && type.test(String(headers.accept)),
    );

export const statuses: Kind = {
  kind: "Statuses and media types",
  changes: [
    ...[401, 403, 404, 409, 429, 500, 503].map((status) =>
      absorbed(`An error is documented: ${status}`, "minor", [
        set(`status.responses.${status}`, { description: "An error.", ...json(detail) }),
      ]),
    ),
    absorbed("Errors are documented as 4XX", "minor", [
      set("status.responses.4XX", { description: "An error.", ...json(detail) }),
    ]),
    absorbed("Errors are documented as default", "minor", [
      set("status.responses.default", { description: "An error.", ...json(detail) }),
    ]),
    absorbed("An error has no body", "minor", [
      set("status.responses.404", { description: "There is no such job." }),
    ]),
    either("422 is gone", "major", ["{job_id}/get/responses"], [remove("status.responses.422")]),
    absorbed("422 is 400", "major", [rename("status.responses.422", "400")]),
    absorbed("422 is problem details", "major", [
      set("status.responses.422.content", {
        "application/problem+json": { schema: { type: "object", properties: { title: text } } },
      }),
    ]),
    absorbed("422 has another body", "major", [
      set("status.responses.422.content.application/json.schema", detail),
    ]),
    absorbed(
      "A start responds with 201 instead of 200",
      "major",
      [rename("start.responses.200", "201")],
      {
        ...whole,
        facts: { createExportJob: { responses: { 201: ["application/json"], 200: null } } },
      },
    ),
    absorbed(
      "A start responds with 202 instead of 200",
      "major",
      [rename("start.responses.200", "202")],
      whole,
    ),
    absorbed("A status also responds with 202 and a job", "minor", [
      set("status.responses.202", { description: "It is under way.", ...json(job) }),
    ]),
    stopped(
      "A status also responds with 202 and something else",
      ["202|getExportJobStatus"],
      [
        set("status.responses.202", {
          description: "Later.",
          ...json({ type: "object", properties: { wait: { type: "integer" } } }),
        }),
      ],
    ),
    stopped(
      "A status also responds with 204",
      [requiredNames],
      [set("status.responses.204", { description: "Nothing to say." })],
    ),
    stopped(
      "A status responds with 204 instead",
      [requiredNames],
      [
        remove("schemas.ExportJobResponse"),
        remove(ok),
        set("status.responses.204", { description: "Nothing to say." }),
      ],
    ),
    ...["101", "300", "302", "303", "3XX"].map((status) =>
      stopped(
        `A status also responds with ${status}`,
        [status],
        [set(`status.responses.${status}`, { description: "The export is elsewhere." })],
      ),
    ),
    ...["100", "103", "301", "304", "307", "308"].map((status) =>
      absorbed(`An unsuccessful response is documented: ${status}`, "none..minor", [
        set(`status.responses.${status}`, { description: "It is said in other words." }),
      ]),
    ),
    stopped(
      "A status responds with 303 instead",
      [requiredNames],
      [
        remove("schemas.ExportJobResponse"),
        remove(ok),
        set("status.responses.303", { description: "The export is elsewhere." }),
      ],
    ),
    stopped(
      "A start also responds with 303",
      ["303"],
      [set("start.responses.303", { description: "The status is elsewhere." })],
      whole,
    ),
    stopped(
      "A status has no success",
      [requiredNames],
      [remove("schemas.ExportJobResponse"), remove(ok)],
    ),
    stopped(
      "A success has no content",
      [requiredNames],
      [remove("schemas.ExportJobResponse"), remove(content)],
    ),
    stopped(
      "A success has an empty schema",
      [requiredNames],
      [remove("schemas.ExportJobResponse"), set(`${content}.application/json.schema`, {})],
    ),
    absorbed("XML is also offered", "minor", [set(`${content}.application/xml`, { schema: job })], {
      calls: sentAccept(/json/u),
    }),
    absorbed(
      "XML is also offered, and stands first",
      "minor",
      [set(content, { "application/xml": { schema: job }, "application/json": { schema: job } })],
      { calls: sentAccept(/json/u) },
    ),
    stopped(
      "XML is offered instead",
      [requiredNames],
      [rename(`${content}.application/json`, "application/xml")],
    ),
    stopped(
      "Text is offered instead",
      [requiredNames],
      [rename(`${content}.application/json`, "text/plain")],
    ),
    absorbed(
      "Another JSON media type is also offered",
      "minor",
      [set(`${content}.application/vnd~anaconda~v2+json`, { schema: job })],
      { calls: sentAccept(/json/u) },
    ),
    absorbed(
      "Another JSON media type is offered instead",
      "none..major",
      [rename(`${content}.application/json`, "application/vnd.anaconda.v1+json")],
      { calls: sentAccept(/application\/vnd\.anaconda\.v1\+json|\*\/\*/u) },
    ),
    absorbed("The media type names its charset", "none..major", [
      rename(`${content}.application/json`, "application/json; charset=utf-8"),
    ]),
    absorbed("The media type is */*", "none..major", [
      rename(`${content}.application/json`, "*/*"),
    ]),
    absorbed("A header of a response is new", "minor", [
      set(`${ok}.headers`, { "X-RateLimit-Remaining": { schema: { type: "integer" } } }),
    ]),
    absorbed("Retry-After is documented", "minor", [
      set(`${ok}.headers`, { "Retry-After": { schema: { type: "integer" } } }),
    ]),
    absorbed("A header of a response is gone", "major", [remove(`${ok}.headers.X-Left`)], {
      before: [set(`${ok}.headers`, { "X-Left": { schema: text }, "X-Right": { schema: text } })],
    }),
    absorbed("A response has a link", "none..minor", [
      set(`${ok}.links`, {
        self: { operationId: "get_export_job_status_export__job_id__get", description: "Again." },
      }),
    ]),
    either(
      "A download is x-ndjson",
      "none..major",
      ["download_export.*|downloaded|jsonl"],
      [rename("download.responses.200.content.application/json", "application/x-ndjson")],
      whole,
    ),
    either(
      "A download is any bytes",
      "none..major",
      ["download_export.*|downloaded|jsonl"],
      [rename("download.responses.200.content.application/json", "application/octet-stream")],
      whole,
    ),
    stopped(
      "A download is a list in JSON",
      ["downloadExport|download_export|download|downloaded"],
      [
        set("download.responses.200.content.application/json.schema", {
          type: "array",
          items: { $ref: "#/components/schemas/AuditLog" },
        }),
      ],
      whole,
    ),
    stopped(
      "A download redirects",
      ["downloadExport|download_export|download|downloaded"],
      [
        remove("download.responses.200"),
        set("download.responses.302", { description: "The export is elsewhere." }),
      ],
      whole,
    ),
    absorbed(
      "A download has headers",
      "minor",
      [set("download.responses.200.headers", { "Content-Disposition": { schema: text } })],
      whole,
    ),

    stopped(
      "A status also responds with 205",
      [requiredNames],
      [set("status.responses.205", { description: "Nothing." })],
    ),
    either(
      "A status also responds with 206",
      "minor",
      [requiredNames],
      [set("status.responses.206", { description: "A part.", ...json(job) })],
    ),
    absorbed("A success is 2XX", "none..major", [rename(ok, "2XX")]),
    absorbed("A success is default alone", "none..major", [rename(ok, "default")]),
    stopped(
      "A status responds with text/event-stream",
      [requiredNames],
      [rename(`${content}.application/json`, "text/event-stream")],
    ),
    stopped(
      "A status responds with JSON Lines",
      [requiredNames],
      [rename(`${content}.application/json`, "application/x-ndjson")],
    ),
    stopped(
      "A status responds with a sequence of JSON",
      [requiredNames],
      [rename(`${content}.application/json`, "application/json-seq")],
    ),
    stopped(
      "A status responds with a form",
      [requiredNames],
      [rename(`${content}.application/json`, "multipart/form-data")],
    ),
    absorbed(
      "Text is also offered, and stands first",
      "minor..major",
      [set(content, { "text/plain": { schema: text }, "application/json": { schema: job } })],
      { calls: sentAccept(/json/u) },
    ),
    stopped(
      "Another JSON media type has something else",
      [requiredNames],
      [set(`${content}.application/vnd~anaconda~v2+json`, { schema: detail })],
    ),
    absorbed("The media type is in capitals", "none", [
      rename(`${content}.application/json`, "Application/JSON"),
    ]),
    either(
      "A download is a zip",
      "none..major",
      ["download_export.*|downloaded|jsonl"],
      [rename("download.responses.200.content.application/json", "application/zip")],
      whole,
    ),
    absorbed(
      "A download is also CSV",
      "major",
      [set("download.responses.200.content.text/csv", { schema: text })],
      {
        ...whole,
        facts: { downloadExport: { responses: { 200: ["text/csv", "application/jsonl"] } } },
      },
    ),
    ...(
      [
        ["example", [{ id: "a" }]],
        ["examples", { all: { value: [{ id: "a" }] } }],
      ] as const
    ).map(([key, value]) =>
      stopped(
        `A download has ${key} with a list`,
        ["downloaded"],
        [set(`download.responses.200.content.application/json.${key}`, value)],
        whole,
      ),
    ),
    stopped(
      "A download responds with 204 alone",
      ["downloadExport|download_export|download|downloaded"],
      [
        remove("download.responses.200"),
        set("download.responses.204", { description: "Nothing." }),
      ],
      whole,
    ),
    either(
      "A download may also redirect",
      "major",
      ["302"],
      [set("download.responses.302", { description: "The export is elsewhere." })],
      whole,
    ),
  ],
};

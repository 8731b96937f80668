import { absorbed, either, replace, set, stopped, type Kind } from "../change.ts";

const progress = (limits: Record<string, number>) =>
  set("job.properties.progress.anyOf.0", { type: "integer", ...limits });

export const ranges: Kind = {
  kind: "What an overlay also states",
  changes: [
    either(
      "The vendor states the range of progress",
      "none..patch",
      ["progress"],
      [progress({ minimum: 0, maximum: 100 })],
    ),
    stopped(
      "The vendor states another range of progress",
      ["progress"],
      [progress({ minimum: 0, maximum: 1 })],
    ),
    either(
      "The vendor states half of the range",
      "none..patch",
      ["progress"],
      [progress({ minimum: 0 })],
    ),
    stopped("The vendor states half of another range", ["progress"], [progress({ maximum: 1 })]),
    stopped(
      "The vendor states half of another range, beside the alternatives",
      ["progress"],
      [set("job.properties.progress.maximum", 1)],
    ),
    stopped(
      "The vendor states the range by exclusive limits",
      ["progress"],
      [progress({ exclusiveMinimum: -1, exclusiveMaximum: 2 })],
    ),
    ...(
      [
        ["a part", { allOf: [{ maximum: 1 }] }],
        ["an excluded range", { not: { minimum: 2 } }],
        ["a condition", { if: { minimum: 1 }, else: { enum: [1] } }],
      ] as const
    ).map(([where, more]) =>
      stopped(
        `The vendor states another range by ${where}`,
        ["progress"],
        [set("job.properties.progress.anyOf.0", { type: "integer", ...more })],
      ),
    ),
    ...["0–1", "0–1000", "10–100", "1.0–100", "0–100.5", "0–100,000", "0–100 000"].map((range) =>
      stopped(
        `The prose has another range: ${range}`,
        ["progress"],
        [replace("`0–100`", `\`${range}\``)],
      ),
    ),
    ...["0–100", "0 to 100", "0%…100%"].map((range) =>
      absorbed(`The prose has the same range in other words: ${range}`, "none..patch", [
        set("job.properties.progress.description", range),
      ]),
    ),
    ...["0–1", "0.0 to 1.0"].map((range) =>
      stopped(
        `The prose has another range beside the same: ${range}`,
        ["progress"],
        [
          set(
            "job.properties.progress.description",
            `A fraction, \`${range}\` (shown as 0–100 %).`,
          ),
        ],
      ),
    ),
    stopped(
      "The prose has another range, in words",
      ["progress"],
      [
        replace(
          "completion percentage for the export job, in the range",
          "completion, a fraction from",
        ),
        replace("`0–100`", "`0` to `1`"),
      ],
    ),
    either(
      "The vendor states the format of download_url",
      "none..patch",
      ["download_url"],
      [set("job.properties.download_url.anyOf.0.format", "uri-reference")],
    ),
    either(
      "The vendor states another format of download_url",
      "patch..major",
      ["download_url"],
      [set("job.properties.download_url.anyOf.0.format", "uri")],
    ),
    stopped(
      "download_url has a format that is not a URL",
      ["download_url"],
      [set("job.properties.download_url.anyOf.0.format", "uuid")],
    ),
    stopped(
      "download_url has a pattern of URLs that no client reads",
      ["download_url"],
      [set("job.properties.download_url.anyOf.0.pattern", "^s3://")],
    ),
    absorbed("download_url has a pattern of URLs that a client reads", "none..patch", [
      set("job.properties.download_url.anyOf.0.pattern", "^https?://"),
    ]),
    ...(
      [
        ["a format", { format: "uri" }],
        ["a pattern", { pattern: "^job:[0-9]+$" }],
      ] as const
    ).flatMap(([what, constraint]) =>
      (
        [
          ["id", "job.properties.id"],
          ["job_id", "status.parameters.0.schema"],
          [
            "value of a start",
            "start.responses.200.content.application/json.schema.additionalProperties",
          ],
        ] as const
      ).map(([where, place]) =>
        stopped(
          `The ${where} has ${what} of ids that no client takes`,
          ["properties/id|job_id|~1export/post"],
          [set(place, { type: "string", ...constraint })],
          { base: "whole" },
        ),
      ),
    ),
    stopped(
      "The only key of a start has a format of ids that no client takes",
      ["job_id"],
      [
        set("start.responses.200.content.application/json.schema", {
          type: "object",
          properties: { job_id: { type: "string", format: "uri" } },
          required: ["job_id"],
        }),
      ],
      { base: "whole" },
    ),
    stopped(
      "An example of a start has two values",
      ["~1export/post"],
      [
        set("start.responses.200.content.application/json.example", {
          job_id: "0b1c2d3e-4f5a-4b6c-8d7e-9f0a1b2c3d4e",
          org_id: "1b1c2d3e-4f5a-4b6c-8d7e-9f0a1b2c3d4e",
        }),
      ],
      { base: "whole" },
    ),
    either(
      "An example that was invalid is right",
      "none..patch",
      ["<uuid>"],
      [replace("example: <uuid>", "example: 0b1c2d3e-4f5a-4b6c-8d7e-9f0a1b2c3d4e")],
    ),
    either(
      "Of several invalid examples one is right",
      "none..patch",
      ["<timestamp>"],
      [set("job.properties.created_at.example", "2026-01-12T08:00:00Z")],
    ),
    either(
      "Another example is invalid",
      "none..patch",
      ["progress"],
      [set("job.properties.progress.anyOf.0.example", "<int>")],
    ),
  ],
};

import { absorbed, either, remove, replace, set, type Kind } from "../change.ts";

export const texts: Kind = {
  kind: "Texts and versions",
  changes: [
    absorbed("The version is another", "none..patch", [set("root.info.version", "0.2.0")]),
    absorbed("The title is another", "none..patch", [set("root.info.title", "Audit Log API")]),
    absorbed("There is a contact", "none..patch", [
      set("root.info.contact", { name: "Support", url: "https://anaconda.com/support" }),
    ]),
    absorbed("There is a licence", "none..patch", [
      set("root.info.license", { name: "Proprietary", url: "https://anaconda.com/legal" }),
    ]),
    absorbed("There are terms", "none..patch", [
      set("root.info.termsOfService", "https://anaconda.com/legal"),
    ]),
    absorbed("There is a summary of all", "none..patch", [
      set("root.info.description", "What users did."),
    ]),
    absorbed("Extensions have a form that Redocly does not know", "none", [
      set("root.info.x-logo", "logo.svg"),
      set("status.x-codeSamples", { curl: "curl https://example.com" }),
    ]),
    absorbed("The text of a field changes", "patch", [
      set("job.properties.completed_at.description", "When it ended."),
    ]),
    absorbed("The text of a field is gone", "patch", [
      remove("job.properties.completed_at.description"),
    ]),
    absorbed("A text has the end of a comment", "patch", [
      set("job.properties.completed_at.description", "At */15 past the hour. /* @internal */"),
    ]),
    absorbed("A text has HTML and emoji", "patch", [
      set("job.properties.completed_at.description", "<b>When</b> it ended ✅ — “done”."),
    ]),
    either(
      "A text turns the direction of writing",
      "patch",
      ["completed_at"],
      [set("job.properties.completed_at.description", "When \u202eit ended\u202c.")],
    ),
    absorbed("A text is long", "patch", [
      set("job.properties.completed_at.description", "When it ended. ".repeat(2_000)),
    ]),
    absorbed("A text has a code block", "patch", [
      set("status.description", "So:\n\n```sh\ncurl https://anaconda.com\n```\n\nThen wait."),
    ]),
    absorbed("A text says @deprecated", "patch", [
      set("status.description", "@deprecated is what it is not."),
    ]),
    absorbed("A title changes", "none..patch", [
      replace("title: Completed At", "title: Completed"),
    ]),
    absorbed("A response's text changes", "none..patch", [
      set("status.responses.200.description", "The status."),
    ]),
    absorbed("An example is new", "none..patch", [
      set("job.properties.total_records.anyOf.0.example", 12),
    ]),
    absorbed("A response has an example", "none..patch", [
      set("status.responses.422.content.application/json.example", { detail: [] }),
    ]),
  ],
};

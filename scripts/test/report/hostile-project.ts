import { parse } from "../../description/read.ts";
import { small, things, type Files } from "../project.ts";

/** What a vendor could write to take over the page of a report. */
export const hostile = `</iframe></style><script>document.title = 'taken'</script>"'><img src=x onerror=alert(1)>`;

const quoted = JSON.stringify(hostile);
const text = things
  .replace("title: Things", `title: ${quoted}`)
  .replace("description: All things", `description: ${quoted}`)
  .replace(
    "type: string",
    `type: string\n          description: ${quoted}\n          enum: [${quoted}]`,
  )
  .replace("paths:", `servers: [{ url: "https://example.com/", description: ${quoted} }]\npaths:`);

/** A released package, and a description that has changed since. */
export const hostileProject: Files = {
  ...small,
  "packages/client/package.json":
    '{ "name": "@x/client", "version": "1.2.0", "generatedFrom": "x" }',
  "packages/client/released/openapi.json": JSON.stringify(parse("things.yaml", things)),
  "spec/x/openapi.yaml": text,
};

/** The same, with a name that stops the pipeline. */
export const stoppedProject: Files = {
  ...hostileProject,
  "spec/x/openapi.yaml": text.replace("        name:", `        ${quoted}:`),
};

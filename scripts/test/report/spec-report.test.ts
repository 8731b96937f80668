import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "../../description/read.ts";
import { specReport } from "../../spec-report.ts";
import { small, things, type Files } from "../../fixtures/project.ts";
import { makeProject } from "../project.ts";
import { runCommand } from "../../command/run-script.ts";
import { hostileProject, stoppedProject } from "../../fixtures/hostile-project.ts";

const manifest = '{ "name": "@x/client", "version": "1.2.0", "generatedFrom": "x" }';
const released: Files = {
  ...small,
  "packages/client/package.json": manifest,
  "packages/client/released/openapi.json": JSON.stringify(parse("things.yaml", things)),
};

/** Writes the report of a project. Returns the result, and the page without the style and the indentation. */
async function report(files: Files) {
  const root = await makeProject(files);
  const out = join(root, "report.html");
  const args = ["--root", root, "--out", out, "--json"];
  const { exitCode, stdout, stderr } = await runCommand(specReport, args);
  const whole = await readFile(out, "utf8");
  const page = whole.replace(/<style>[^]*?<\/style>/u, "").replaceAll(/\s+/gu, " ");
  return { exitCode, stderr, page, whole, data: JSON.parse(stdout) as unknown };
}

test("puts the judge's verdict and reasons beside the page of redocly diff", async () => {
  const { exitCode, page, data } = await report({
    ...released,
    "spec/x/openapi.yaml": things.replace("name:", "title:"),
  });
  expect(page).toContain('<p class="verdict major"><strong>major</strong>');
  expect(page).toContain("GET /things responses.200.content.application/json.name");
  expect(page).toContain("Property `name` of `Thing` was removed.");
  expect(page).toMatch(
    /<iframe sandbox="" [^>]*srcdoc="&lt;!DOCTYPE html&gt;[^"]*property-removed/u,
  );
  expect(page).toContain("Released as 1.2.0");
  expect(page).toContain("declarations were not compared");
  expect(data).toMatchObject({ apis: [{ api: "x", bump: "major", problems: 0 }] });
  expect(exitCode).toBe(0);
});

test("shows a control character as an escape sequence", async () => {
  const title = things.replace("title: Things", String.raw`title: "Th\u0007ings"`);
  const { page } = await report({
    ...released,
    "packages/client/released/openapi.json": JSON.stringify(parse("things.yaml", title)),
  });
  expect(page).toContain(String.raw`<td>Th\u0007ings`);
});

test("compares the declarations of a built package", async () => {
  const { page } = await report({
    ...released,
    "generated/x/openapi.json": JSON.stringify(parse("things.yaml", things)),
    "packages/client/released/index.d.ts": "export declare const a: string, b: string;\n",
    "packages/client/dist/index.d.ts": "export declare const a: string;\n",
  });
  expect(page).toContain("export-removed");
  expect(page).not.toContain("declarations were not compared");
});

/** A row of the operations that differ. */
const row = (name: string, ...cells: readonly string[]) =>
  `<tr class="changed"> <th scope="row"><code>${name}</code></th> ${cells.map((cell) => `<td>${cell}</td>`).join(" ")} </tr>`;

test("says which operations are new, gone, and not supported", async () => {
  const form = things.replace(
    "  /things:",
    `  /forms:
    post:
      operationId: sendForm
      requestBody: { content: { multipart/form-data: { schema: { type: object } } } }
      responses: { "200": { description: Sent } }
  /items:`,
  );
  const { page } = await report({ ...released, "spec/x/openapi.yaml": form });
  const reason = "no: it sends multipart/form-data, but only JSON can be sent";
  expect(page).toContain(row("POST /forms", "<code>sendForm</code>", "–", "yes", reason));
  expect(page).toContain(row("GET /items", "<code>listThings</code>", "–", "yes", "yes"));
  expect(page).toContain(row("GET /things", "<code>listThings</code>", "yes", "–", "yes"));
});

describe("if the change stops the pipeline,", () => {
  const project: Files = {
    ...released,
    "redocly.yaml":
      "apis:\n  x:\n    root: spec/x/openapi.yaml\n    overlays: [spec/x/overlay.yaml]\nextends: []\n",
    "spec/x/overlay.yaml": `overlay: 1.1.0
info: { title: O, version: "1" }
actions:
  - { description: Name it., target: $.info, update: { summary: S } }
  - { description: Drop it., target: $.gone, remove: true }
`,
  };

  test("says which correction still applies, and what to do about the other", async () => {
    const { exitCode, page, data } = await report(project);
    expect(page).toContain("<strong>stopped</strong>");
    // What has to be fixed comes first.
    expect(page).toMatch(
      /<strong>does not apply<\/strong><\/td> <td> Drop it\..+<strong>applies<\/strong><\/td> <td> Name it\./u,
    );
    expect(page).toContain("$.gone matches nothing");
    expect(data).toMatchObject({ apis: [{ api: "x", problems: 1 }] });
    expect(exitCode).toBe(0);
  });

  test("names the fault of a file that cannot be read", async () => {
    const { exitCode, page } = await report({ ...project, "spec/x/openapi.yaml": "a: [\n" });
    expect(page).toMatch(
      /What stops the pipeline<\/h2> <ul class="stops"> <li>spec\/x\/openapi\.yaml/u,
    );
    expect(exitCode).toBe(0);
  });
});

test("says that nothing has been released, or that there is no package", async () => {
  const unreleased = manifest.replace("1.2.0", "0.0.0");
  const first = await report({ ...small, "packages/client/package.json": unreleased });
  expect(first.page).toContain("<strong>first release</strong>");
  expect((await report(small)).page).toContain("<strong>no package</strong>");
});

test.each([
  ["in a change", hostileProject, 1],
  ["in a name that stops the pipeline", stoppedProject, 0],
])("shows what the vendor writes as text, %s", async (_where, project, frames) => {
  const { exitCode, whole } = await report(project);
  const inert = "&lt;/iframe&gt;&lt;/style&gt;&lt;script&gt;";
  expect(whole).toContain(inert);
  // The page of redocly diff escapes it once, and the attribute once more.
  expect(whole.includes("&amp;lt;/iframe&amp;gt;")).toBe(frames === 1);
  expect(whole).not.toMatch(/<script|<img/iu);
  expect(whole.match(/<\/iframe>/gu) ?? []).toHaveLength(frames);
  expect(whole.match(/<\/style>/gu)).toHaveLength(1);
  expect(exitCode).toBe(0);
});

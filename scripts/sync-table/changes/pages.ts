import { stringifyYaml } from "@redocly/openapi-core";
import { isObject, objectOf, type Json } from "../../description/tree.ts";
import { contradicting, otherApi, pages as pagesOfVendor } from "../../fixtures/pages.ts";
import {
  absorbed,
  files,
  replace,
  stopped,
  type Change,
  type Edit,
  type SourceFiles,
  type Kind,
} from "../change.ts";

const info = /(?<=````)yaml [^\n]*/u;
const fence = (text: string): Edit => replace("````", text);
const infoString = (text: string): Change =>
  absorbed(`The info string is ${text}`, "none", [replace(new RegExp(info, "gu"), text)]);
const name = "get-export-job-status.md";
const editPage = (change: (page: string) => string): Edit => ({ of: "page", apply: change });

/** Creates a page for each path, in the form of the vendor's pages. */
function pagesOf(page: string, description: Json): SourceFiles {
  if (!isObject(description) || !isObject(description["paths"])) return {};
  return Object.fromEntries(
    Object.entries(description["paths"]).map(([path, item], index) => {
      const yaml = stringifyYaml({ ...description, paths: { [path]: item } });
      const [method] = Object.keys(objectOf(item));
      const block = `\`\`\`\`yaml audit_log_api.json ${method} ${path}\n${yaml}\`\`\`\``;
      return [`page-${index}.md`, `${page.slice(0, page.indexOf("````"))}${block}\n`];
    }),
  );
}

export const pages: Kind = {
  kind: "The page",
  changes: [
    absorbed("Nothing changes", "none", []),
    absorbed("The fence has three backticks", "none", [fence("```")]),
    absorbed("The fence has five backticks", "none", [fence("`````")]),
    absorbed("The fence is of tildes", "none", [fence("~~~")]),
    absorbed("The fence is indented", "none", [
      editPage((page) => page.replaceAll(/^````/gmu, "   ````")),
    ]),
    infoString("yaml audit_log_api.json get /api/audit-logs/export/{job_id}"),
    infoString("yaml https://anaconda.com/openapi.json get /api/audit-logs/export/{job_id}"),
    infoString("yaml GET /api/audit-logs/export/{job_id}"),
    infoString("yaml openapi.yaml"),
    infoString("YAML"),
    infoString('yaml title="openapi" get /api/audit-logs/export/{job_id}'),
    absorbed("The info string is yml", "none", [replace("````yaml", "````yml")]),
    absorbed("The index before it is gone", "none", [
      editPage((page) => page.slice(page.indexOf("# Get Export"))),
    ]),
    absorbed("The page has front matter", "none", [
      editPage((page) => `---\ntitle: Get Export Job Status\nopenapi: get /x\n---\n\n${page}`),
    ]),
    absorbed("The page ends with a line feed", "none", [editPage((page) => `${page}\n`)]),
    absorbed("There is text after the fence", "none", [
      editPage((page) => `${page}\n\n## Notes\n\nMore.\n`),
    ]),
    absorbed("There is another fence before it", "none", [
      editPage((page) => page.replace("## OpenAPI", "```sh\ncurl x\n```\n\n## OpenAPI")),
    ]),
    absorbed("There is YAML of something else before it", "none", [
      editPage((page) => page.replace("## OpenAPI", "```yaml\nname: x\n```\n\n## OpenAPI")),
    ]),
    absorbed("The lines end with CR LF", "none..patch", [
      editPage((page) => page.replaceAll("\n", "\r\n")),
    ]),
    absorbed("The page begins with a byte order mark", "none", [
      editPage((page) => `\ufeff${page}`),
    ]),
    absorbed("The description is there twice", "none", [
      editPage((page) => `${page}\n\n${page.slice(page.indexOf("## OpenAPI"))}`),
    ]),
    stopped(
      "Two descriptions differ",
      ["differs"],
      [
        editPage(
          (page) =>
            `${page}\n\n${page.slice(page.indexOf("## OpenAPI")).replace("0.1.0", "0.2.0")}`,
        ),
      ],
    ),
    absorbed("The description is there twice, with a blank line", "none", [
      editPage((page) => {
        const block = page.slice(page.indexOf("````yaml"));
        return `${page}\n\n${block.replace("\ninfo:", "\n\ninfo:")}`;
      }),
    ]),
    ...(
      [
        ["a list item of four spaces", "1. The description:\n\n    ", "    "],
        ["the line of a bullet", "- ", "  "],
      ] as const
    ).map(([where, first, others]) =>
      absorbed(`The fence is in ${where}`, "none", [
        editPage((page) =>
          page.replace(/````yaml[^]*````/u, (block) =>
            block.replaceAll(/^(?=.)/gmu, others).replace(others, first),
          ),
        ),
      ]),
    ),
    absorbed("The lines end with CR", "none..patch", [
      editPage((page) => page.replaceAll("\n", "\r")),
    ]),
    absorbed("An older description is commented out", "none", [
      editPage((page) => {
        const block = page.slice(page.indexOf("````yaml")).replace("0.1.0", "0.0.9");
        return page.replace("## OpenAPI", () => `<!--\n${block}\n-->\n\n## OpenAPI`);
      }),
    ]),
    ...(
      [
        ["HTML", "<!--", "-->"],
        ["MDX", "{/*", "*/}"],
      ] as const
    ).map(([language, start, end]) =>
      stopped(
        `The description is commented out in ${language}`,
        ["fenced"],
        [
          editPage((page) =>
            page.replace(/````yaml[^]*````/u, (block) => `${start}\n${block}\n${end}\n`),
          ),
        ],
      ),
    ),
    ...["post /api/audit-logs/export/{job_id}", "get /api/v2/exports/{job_id}"].map((operation) =>
      stopped(
        `The info string names another operation: ${operation}`,
        [operation],
        [replace(" get /api/audit-logs/export/{job_id}", ` ${operation}`)],
      ),
    ),
    stopped(
      "The info string names another operation before attributes",
      ["delete /api"],
      [replace(" get /api/audit-logs/export/{job_id}", " delete /api/a theme={null}")],
    ),
    stopped(
      "Another block has more paths",
      ["more of the description"],
      [editPage((page) => `${page}\n\n\`\`\`yaml\npaths:\n  /api/a:\n    get: {}\n\`\`\`\n`)],
    ),
    stopped("The page is cut short", ["cut"], [editPage((page) => page.slice(0, -200))]),
    stopped(
      "The page has no description",
      ["fenced"],
      [editPage((page) => page.slice(0, page.indexOf("````")))],
    ),
    stopped(
      "The page is HTML",
      ["Markdown"],
      [editPage(() => "<!doctype html><html><body>Get Export Job Status</body></html>")],
    ),
    stopped("The page is empty", ["fenced|empty"], [editPage(() => "")]),
    stopped(
      "The page says that it is not there",
      ["fenced"],
      [editPage(() => "# Page Not Found\n\nThe page you requested does not exist.\n")],
    ),
    stopped(
      "The fence holds no OpenAPI",
      ["OpenAPI"],
      [
        editPage((page) =>
          page.replace(
            /\nopenapi: 3.1.0\ninfo:[^]*?\npaths:[^]*\n````$/u,
            "\npaths:\n  path: /x\n  method: get\n````",
          ),
        ),
      ],
    ),
    stopped(
      "The YAML has a key twice",
      [`${name}:20`],
      [replace("  version: 0.1.0\n", "  version: 0.1.0\n  version: 0.2.0\n")],
    ),
    stopped(
      "The YAML is broken",
      [`${name}`],
      [replace("  version: 0.1.0\n", "  version: [0.1.0\n")],
    ),
    stopped(
      "The YAML is indented by tabs",
      [`${name}`],
      [replace("  version: 0.1.0\n", "\tversion: 0.1.0\n")],
    ),
    absorbed("The YAML has comments", "none", [
      replace("info:\n", "# The API.\ninfo: # all of it\n"),
    ]),
    absorbed("The YAML has anchors", "none", [
      editPage((page) =>
        page
          .replace(
            "    ValidationError:\n      description",
            "    ValidationError: &invalid\n      description",
          )
          .replace(
            "$ref: '#/components/schemas/ExportJobResponse'",
            "$ref: '#/components/schemas/ExportJobResponse'\n                # *invalid",
          ),
      ),
    ]),
    absorbed("The description is JSON in a fence", "none", [
      files((page, description) => ({
        [name]: page.replace(
          /````yaml ([^\n]*)\n[^]*````$/u,
          (_, rest: string) =>
            `\`\`\`\`json ${rest}\n${JSON.stringify(description, undefined, 2)}\n\`\`\`\``,
        ),
      })),
    ]),
    absorbed("The page has another name", "none", [
      files((page) => ({ "export-status.md": page })),
    ]),
    absorbed("The description is a file in YAML", "none", [
      files((_, description) => ({ "audit_log_api.yaml": stringifyYaml(description) })),
    ]),
    absorbed("The description is a file in JSON", "none", [
      files((_, description) => ({ "audit_log_api.json": JSON.stringify(description) })),
    ]),
    absorbed(
      "The vendor's whole description comes in its place",
      "none..patch",
      [files((_, description) => ({ "audit_log_api.yaml": stringifyYaml(description) }))],
      { base: "whole" },
    ),
    absorbed(
      "All five pages come in its place",
      "none..patch",
      [files((page, description) => pagesOf(page, description))],
      { base: "whole" },
    ),
    absorbed(
      "All five pages come in its place, one of them in other notation",
      "none..patch",
      [
        files((page, description) => {
          const all = pagesOf(page, description);
          const [, other = ""] = Object.keys(all);
          const text = String(all[other])
            .replace("openapi: 3.1.0", "openapi: 3.1.1\nx-generator: docs")
            .replace("url: https://anaconda.com", "url: https://anaconda.com/")
            .replace(/(\n +- loc)(\n +- msg)/u, "$2$1")
            .replace(/anyOf:\n +- type: string\n +- type: 'null'/gu, "type: [string, 'null']");
          return { ...all, [other]: text };
        }),
      ],
      { base: "whole" },
    ),
    stopped(
      "A page contradicts another",
      ["parameters"],
      [
        files(() => ({
          "create-export-job.md": pagesOfVendor["create-export-job.md"] ?? "",
          "start.md": contradicting,
        })),
      ],
    ),
    stopped(
      "A page is of another API",
      ["Accounts API"],
      [files((page) => ({ [name]: page, "accounts.md": otherApi }))],
    ),
    stopped(
      "The page has what only Git would leave",
      [name],
      [replace("info:\n", "<<<<<<< HEAD\ninfo:\n")],
    ),
  ],
};

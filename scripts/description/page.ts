import { CommandError } from "../command/problem.ts";

/** A description in a docs page. */
export interface Block {
  readonly language: "yaml" | "json";
  readonly text: string;
  /** The line of the page on which the text begins. */
  readonly line: number;
}

interface Fence {
  readonly info: string;
  readonly text: string;
  readonly line: number;
}

/**
 * Extracts the OpenAPI description from a docs page. It is the unchanged text of a fenced block (CommonMark
 * §4.5) whose info string says YAML or JSON, and which either names an operation (`yaml /file.json get
 * /path`, as in Mintlify's Markdown export) or contains a description.
 */
export function extractFromPage(file: string, page: string): Block {
  const candidates = fencesOf(file, page).filter(
    ({ info, text }) =>
      /^(?:ya?ml|json)\b/iu.test(info) &&
      (/\s(?:get|put|post|delete|options|head|patch|trace)\s+\//iu.test(info) ||
        /^\s*(?:\{\s*)?["']?(?:openapi|swagger)["']?\s*:/imu.test(text)),
  );
  const [first] = candidates;
  if (first === undefined) {
    throw new CommandError({
      file,
      fault: "The page has no fenced block with an OpenAPI description",
      remedy:
        "Pull the Markdown version of the page (often its address with .md), or the description itself",
    });
  }
  const other = candidates.find(({ text }) => text !== first.text);
  if (other !== undefined) {
    throw new CommandError({
      file,
      place: `${other.line}`,
      fault: `The description here differs from the one at line ${first.line}, and only one can be right`,
      remedy: "Pull a page with one description, or the complete description of the API",
    });
  }
  const language = /^json/iu.test(first.info) ? "json" : "yaml";
  return { language, text: first.text, line: first.line + 1 };
}

function fencesOf(file: string, page: string): Fence[] {
  const fences: Fence[] = [];
  let open: { mark: string; info: string; start: number; line: number } | undefined;
  let line = 0;
  for (const { 0: row, index } of page.matchAll(/[^\n]*\n|[^\n]+$/gu)) {
    line += 1;
    const [, mark = "", info = ""] = /^ {0,3}(`{3,}|~{3,})(.*)$/u.exec(row.trimEnd()) ?? [];
    if (open === undefined) {
      if (mark !== "" && !(mark.startsWith("`") && info.includes("`"))) {
        open = { mark, info: info.trim(), start: index + row.length, line };
      }
    } else if (mark.startsWith(open.mark) && info === "") {
      fences.push({ info: open.info, text: page.slice(open.start, index), line: open.line });
      open = undefined;
    }
  }
  if (open !== undefined) {
    throw new CommandError({
      file,
      place: `${open.line}`,
      fault: "The page ends inside the fenced block that begins here, so it was cut short",
      remedy: "Get the complete page",
    });
  }
  return fences;
}

import { CommandError } from "../command/problem.js";
import { parse } from "./read.ts";
import { isEqual, objectOf } from "./tree.ts";

/** A description in a docs page. */
export interface Block {
  readonly text: string;
  /** The line of the page on which the text begins. */
  readonly line: number;
}

interface Fence {
  readonly info: string;
  readonly text: string;
  readonly line: number;
  /** The line that ends it, if that is indented more than the one that begins it. */
  readonly deeperEnd: number | undefined;
}

const languages = /^(?:ya?ml|json)\b/iu;
// A language, a file, a method and a path, perhaps with attributes after them.
const operation =
  /^\S+(?:\s+[^\s"']+)?\s+(get|put|post|delete|options|head|patch|trace)\s+(\/[^\s"']*)(?:\s+[\w-]*[={].*)?$/iu;
// The beginning of a part of a description.
const part = /^(?:paths|webhooks|components):[ \t]*\r?$/mu;

/**
 * Extracts the OpenAPI description from a docs page. It is the unchanged text of a fenced block (CommonMark
 * §4.5) whose info string says YAML or JSON, and which either names an operation (`yaml /file.json get
 * /path`, as in Mintlify's Markdown export) or contains a description.
 */
export function extractFromPage(file: string, page: string): Block {
  const fences = fencesOf(file, page).filter(({ info }) => languages.test(info));
  const candidates = fences.filter(
    ({ info, text }) =>
      operation.test(info) || /^[ \t]*(?:\{[ \t]*)?["']?(?:openapi|swagger)["']?\s*:/imu.test(text),
  );
  const [first] = candidates;
  if (first === undefined) {
    throw new CommandError({
      file,
      fault: "The page has no fenced block with an OpenAPI description",
      remedy:
        "Pull the Markdown version of the page (often its URL with .md), or the description itself",
    });
  }
  for (const { line, deeperEnd } of candidates) {
    if (deeperEnd === undefined) continue;
    throw new CommandError({
      file,
      place: `${deeperEnd}`,
      fault: `The fence is indented more than the one at line ${line}, so it may belong to the description instead of ending it`,
      remedy:
        "Get a page whose fences are longer than those in its description, or pull the description itself",
    });
  }
  const other = candidates.find((fence) => !isSameFence(file, fence, first));
  if (other !== undefined) {
    throw new CommandError({
      file,
      place: `${other.line}`,
      fault: `The description here differs from the one at line ${first.line}, and only one can be right`,
      remedy: "Pull a page with one description, or the complete description of the API",
    });
  }
  const continuation = fences.find((fence) => !candidates.includes(fence) && part.test(fence.text));
  if (continuation !== undefined) {
    throw new CommandError({
      file,
      place: `${continuation.line}`,
      fault: `The block here has more of the description at line ${first.line}, but only one block is read`,
      remedy: "Get a page with the description in one block, or pull the description itself",
    });
  }
  for (const { info, line } of candidates) checkOperation(file, info, line, first);
  return { text: first.text, line: first.line + 1 };
}

function isSameFence(file: string, fence: Fence, other: Fence): boolean {
  const parsed = ({ text, line }: Fence) => parse(file, text, line + 1);
  return fence.text === other.text || isEqual(parsed(fence), parsed(other));
}

/** The path that an info string names may be percent-encoded or end with a slash. */
const withoutNotation = (path: string): string =>
  new URL(`https://page.invalid/${path}`).pathname.replace(/\/$/u, "");

/** Checks that the description has the operation that an info string names. */
function checkOperation(file: string, info: string, line: number, fence: Fence): void {
  const [, name = "", path = ""] = operation.exec(info) ?? [];
  if (name === "") return;
  const method = name.toLowerCase();
  const { openapi, paths, webhooks } = parse(file, fence.text, fence.line + 1);
  const found = [paths, webhooks]
    .flatMap((items) => Object.entries(objectOf(items)))
    .flatMap(([key, item]) => Object.keys(objectOf(item)).map((field) => [field, key]));
  // A later check reports another format.
  if (openapi === undefined) return;
  const isNamed = ([field = "", key = ""]: string[]): boolean =>
    [method, "$ref"].includes(field) && withoutNotation(key) === withoutNotation(path);
  if (found.some(isNamed)) return;
  const operations = found
    .map((words) => words.join(" "))
    .filter((each) => operation.test(`yaml ${each}`));
  throw new CommandError({
    file,
    place: `${line}`,
    fault: `The block is about ${method} ${path}, but its description has ${operations.slice(0, 3).join(", ") || "no operation"}${operations.length > 3 ? " and others" : ""}`,
    remedy: "Get a page whose description has the operation, or pull the description itself",
  });
}

// A fence may stand in list items, whose marks and indentation come before it.
const fenceLine = /^((?:[ \t]|[-+*][ \t]|\d{1,9}[.)][ \t])*)(`{3,}|~{3,})(.*)$/u;

const widthOf = (prefix: string): number => prefix.replaceAll("\t", "    ").length;

function fencesOf(file: string, page: string): Fence[] {
  const fences: Fence[] = [];
  let open: { mark: string; info: string; width: number; start: number; line: number } | undefined;
  /** What ends the comment, in HTML (CommonMark §4.6) or MDX. */
  let commentEnd = "";
  let commentWidth = 0;
  let line = 0;
  for (const { 0: row, index } of page.matchAll(/[^\r\n]*(?:\r\n?|\n)|[^\r\n]+$/gu)) {
    line += 1;
    const [, prefix = "", mark = "", info = ""] = fenceLine.exec(row.trimEnd()) ?? [];
    const width = widthOf(prefix);
    const begins = mark !== "" && !(mark.startsWith("`") && info.includes("`"));
    // What began at four columns may be indented code (CommonMark §4.4), which is over by now.
    const outer = open?.width ?? commentWidth;
    if (begins && languages.test(info.trim()) && outer >= 4 && width < outer) {
      open = undefined;
      commentEnd = "";
    }
    if (open === undefined) {
      const [, indentation = "", start = ""] = /^(\s*)(<!--|\{\/\*)/u.exec(row) ?? [];
      if (commentEnd === "" && start !== "") {
        commentEnd = start === "<!--" ? "-->" : "*/}";
        commentWidth = widthOf(indentation);
      }
      if (commentEnd !== "") {
        if (row.includes(commentEnd)) commentEnd = "";
        continue;
      }
    }
    if (open === undefined) {
      if (begins) open = { mark, info: info.trim(), width, start: index + row.length, line };
    } else if (
      mark.startsWith(open.mark) &&
      info === "" &&
      prefix.trim() === "" &&
      width < 4 + (open.width < 4 ? 0 : open.width)
    ) {
      const deeperEnd = width > open.width ? line : undefined;
      const text = page.slice(open.start, index);
      fences.push({ info: open.info, text, line: open.line, deeperEnd });
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

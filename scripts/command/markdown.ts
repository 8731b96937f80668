import { active, insertWordJoiner } from "./neutralize-markdown.js";
import { escapeControls } from "./problem.js";

// As CommonMark reads a line (§2.4, §6.1): an escaped backtick begins no code span, and a run of backticks
// without a second one of its length is text.
export const codeSpan: RegExp = /\\[\\`]|(`+)(?!`)[^]*?[^`]\1(?!`)|`+/u;
const pattern = new RegExp(`${codeSpan.source}|${active.source}`, "giu");

/**
 * Neutralizes a line of Markdown that may contain a vendor's words, except code spans, which have no
 * effect: it mentions nobody (`@name`), closes no issue (`fixes #1`, `GH-1`, a URL), and contains no HTML,
 * link or picture. It reads as before.
 */
export function toInert(line: string): string {
  return escapeControls(line).replace(pattern, (found) =>
    /^[\\`]/u.test(found) ? found : insertWordJoiner(found),
  );
}

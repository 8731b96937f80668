import { active, join } from "./disarm.js";
import { escapeControls } from "./problem.ts";

const codeSpan = /(?<!`)(`+)(?!`)[^]*?[^`]\1(?!`)/u;
const pattern = new RegExp(`${codeSpan.source}|${active.source}`, "giu");

/**
 * Neutralizes a line of Markdown that may contain a vendor's words, except code spans, which have no
 * effect: it mentions nobody (`@name`), closes no issue (`fixes #1`, `GH-1`, a URL), and contains no HTML,
 * link or picture. It reads as before.
 */
export function toInert(line: string): string {
  return escapeControls(line).replace(pattern, (found) =>
    found.startsWith("`") ? found : join(found),
  );
}

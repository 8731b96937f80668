import { escapeControls } from "./problem.ts";

/** Syntax that GitHub gives a meaning to outside code spans; the first alternative matches code spans. */
const active = /(?<!`)(`+)(?!`)[^]*?[^`]\1(?!`)|[@#]|GH-|:\/\/|[<[]/giu;

/**
 * Neutralizes a line of Markdown that may contain a vendor's words: it mentions nobody (`@name`), closes no
 * issue (`fixes #1`, `GH-1`, a URL), and contains no HTML, link or picture. It reads as before.
 */
export function toInert(line: string): string {
  return escapeControls(line).replace(active, (found) => {
    if (found.startsWith("`")) return found;
    if (found === "<" || found === "[") return `\\${found}`;
    // An invisible word joiner after the first character.
    return `${found.slice(0, 1)}\u2060${found.slice(1)}`;
  });
}

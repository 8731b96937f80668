import { escapeControls } from "./problem.ts";

/** What GitHub makes something of, outside code spans: code is taken as it is. */
const active = /(?<!`)(`+)(?!`)[^]*?[^`]\1(?!`)|[@#]|GH-|:\/\/|[<[]/giu;

/**
 * Makes one line of Markdown that may hold a vendor's words harmless: it calls nobody (`@name`), closes
 * nothing (`fixes #1`, `GH-1`, an address), and is no HTML, link or picture. It reads as before.
 */
export function toInert(line: string): string {
  return escapeControls(line).replace(active, (found) => {
    if (found.startsWith("`")) return found;
    if (found === "<" || found === "[") return `\\${found}`;
    // A word joiner, which nobody sees, behind the first character.
    return `${found.slice(0, 1)}\u2060${found.slice(1)}`;
  });
}

import type { Problem } from "../command/problem.js";
import { toPointer, type Json } from "./tree.ts";

/** Takes about a second. */
const maxSteps = 2e8;

/**
 * Finds a description that would keep lint busy. The patterns of Redocly's `no-unsafe-markdown` take quadratic
 * time over tags without an end and over space after `href=`, and nothing can stop them in this process.
 */
export function checkMarkdown(file: string, root: Json): Problem[] {
  let steps = 0;
  // Redocly also visits extensions.
  const findSlow = (value: Json): string[] | undefined => {
    if (typeof value !== "object" || value === null) return undefined;
    for (const [key, child] of Object.entries(value)) {
      if (key === "description" && typeof child === "string") steps += stepsOver(child);
      const rest = steps > maxSteps ? [] : findSlow(child);
      if (rest !== undefined) return [key, ...rest];
    }
    return undefined;
  };
  const path = findSlow(root);
  if (path === undefined) return [];
  return [
    {
      file,
      place: toPointer(path),
      fault:
        "The text has too many tags without an end, or too much space in a link, to be searched",
      remedy: "Shorten or remove it with an overlay action",
    },
  ];
}

/** How often the patterns look at a character of a text, at most. */
function stepsOver(text: string): number {
  const tags = text.match(/<[a-z][^>]*/giu) ?? [];
  const links = text.match(/\b(?:href|src)\s*=\s*/giu) ?? [];
  return [
    ...tags.map((tag) => tag.length * (tag.match(/<[a-z]/giu)?.length ?? 0)),
    ...links.map(({ length }) => length ** 2),
  ].reduce((sum, steps) => sum + steps, 0);
}

import { escapeControls } from "../command/problem.ts";

/** A part of the report for people: what it is about, and lines that others may have written. */
export interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

const maxLines = 50;
const maxLength = 300;

/**
 * Writes the report in Markdown. The lines are indented, so that they are code and nothing in them
 * is a link, a picture, or the name of somebody to be called.
 */
export function writeReport(sections: readonly Section[]): string {
  return sections
    .map(({ title, lines }) => {
      const more = lines.length - maxLines;
      const shown = lines.slice(0, maxLines).map((line) => {
        const text = line.length > maxLength ? `${line.slice(0, maxLength)}…` : line;
        return `    ${escapeControls(text)}`;
      });
      const rest = more > 0 ? [`    … and ${more} more`] : [];
      return [`## ${title}\n`, ...shown, ...rest].join("\n").trimEnd();
    })
    .join("\n\n")
    .concat("\n");
}

import { escapeControls } from "../command/problem.js";

/** A section of the report for people. Its lines may contain text from third parties. */
export interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

const maxLines = 50;
const maxLength = 300;

/**
 * Formats the report as Markdown. The lines are indented as code, so that they cannot contain links or
 * pictures, or mention anybody.
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

import { stripVTControlCharacters, styleText } from "node:util";

/**
 * @typedef {object} Output Where a command writes to.
 * @property {(line: string) => void} print writes a line to standard output
 * @property {(line: string) => void} printError writes a line to standard error
 * @property {(format: Parameters<typeof styleText>[0], text: string) => string} paint
 *   colours text, on a terminal only, and never where NO_COLOR asks for none (no-color.org)
 */

/** @type {Output} */
export const terminal = {
  print: (line) => console.log(wrap(withoutCommands(line), process.stdout.columns)),
  printError: (line) => console.error(wrap(withoutCommands(line), process.stderr.columns)),
  paint(format, text) {
    const isColoured = process.stdout.isTTY && !process.env["NO_COLOR"];
    return isColoured ? styleText(format, text) : text;
  },
};

/**
 * GitHub Actions obeys lines that begin with `::`, and `##[` anywhere in a line. What is printed may hold
 * the words of others.
 *
 * @param {string} text
 */
export function withoutCommands(text) {
  return text.replace(/^(\s*):(?=:)/gmu, "$1\\:").replaceAll("##[", "#\\#[");
}

/**
 * Breaks a line at its words where a terminal would break it anywhere. What comes after the first row
 * is indented as the line is, and by two more. A word that is wider than the terminal stays whole.
 *
 * @param {string} text one line or several
 * @param {number} [columns] the terminal's width; unless it is given, nothing is broken
 */
export function wrap(text, columns = Infinity) {
  return text
    .split("\n")
    .map((line) => {
      const [indent = ""] = /^ */u.exec(line) ?? [];
      let row = indent;
      const rows = [];
      for (const word of line.slice(indent.length).split(" ")) {
        const isFirst = row.trim() === "";
        if (!isFirst && width(row) + 1 + width(word) > columns) {
          rows.push(row);
          row = `${indent}  ${word}`;
        } else {
          row += isFirst && row === indent ? word : ` ${word}`;
        }
      }
      return [...rows, row].join("\n");
    })
    .join("\n");
}

/** @param {string} text */
function width(text) {
  return [...stripVTControlCharacters(text)].length;
}

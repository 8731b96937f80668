import { stripVTControlCharacters, styleText } from "node:util";

/**
 * @typedef {object} Output The output streams of a command.
 * @property {(line: string) => void} print writes a line to standard output
 * @property {(line: string) => void} printError writes a line to standard error, coloured only on a terminal
 * @property {(format: Parameters<typeof styleText>[0], text: string) => string} paint
 * colours text if standard output is a terminal and NO_COLOR is not set (no-color.org)
 */

let isReported = false;
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (/** @type {NodeJS.ErrnoException} */ { code, message }) => {
    // The reader closed the pipe, as `head` does after its lines. The work continues, for its exit code.
    if (code === "EPIPE" || isReported) return;
    isReported = true;
    process.once("exit", () => {
      process.exitCode = 2;
    });
    if (stream === process.stderr) return;
    process.stderr.write(`✘ stdout: ${message}. Check where the output goes.\n`);
  });
}

/** @type {Output} */
export const terminal = {
  print: (line) => console.log(wrap(withoutCommands(line), process.stdout.columns)),
  printError(line) {
    const text = process.stderr.isTTY ? line : stripVTControlCharacters(line);
    console.error(wrap(withoutCommands(text), process.stderr.columns));
  },
  paint(format, text) {
    const isColoured = process.stdout.isTTY && !process.env["NO_COLOR"];
    return isColoured ? styleText(format, text) : text;
  },
};

/**
 * Escapes GitHub Actions commands: lines that begin with `::`, and `##[` anywhere in a line. Output may
 * contain text from third parties.
 *
 * @param {string} text
 */
export function withoutCommands(text) {
  return text.replace(/^(\s*):(?=:)/gmu, "$1\\:").replaceAll("##[", "#\\#[");
}

/**
 * Wraps lines between words. Continuation rows are indented like the line, plus two spaces. A word that is
 * wider than the terminal is not broken.
 *
 * @param {string} text one or more lines
 * @param {number} [columns] the terminal's width; by default nothing is wrapped
 */
export function wrap(text, columns = Infinity) {
  return text
    .split("\n")
    .map((line) => {
      if (width(line) <= columns) return line;
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

// The publishing scripts run before anything is installed, so this is JavaScript without dependencies.

/**
 * @typedef {object} Problem A problem, described so that the reader can fix it.
 * @property {string} file the file at fault, relative to the root that the command works on
 * @property {string} [place] where in the file: a JSON Pointer (`#/paths/…`), or `line:column`
 * @property {string} fault what is wrong, in one sentence without a full stop
 * @property {string} remedy what to do about it, in one sentence without a full stop
 */

/** Ends a command with a finding (exit code 1), or because it could not do its work (2). */
export class CommandError extends Error {
  /**
   * @param {Problem | readonly Problem[]} problems
   * @param {1 | 2} [exitCode]
   * @param {Readonly<Record<string, unknown>>} [data] additional fields of the `--json` output, next to the
   *   problems
   */
  constructor(problems, exitCode = 1, data = {}) {
    const list = "fault" in problems ? [problems] : problems;
    super(list.map(formatProblem).join("\n"));
    this.name = "CommandError";
    this.problems = list;
    this.exitCode = exitCode;
    this.data = data;
  }
}

/**
 * Writes a problem as one line: file, place, fault and remedy.
 *
 * @param {Problem} problem
 */
export function formatProblem({ file, place, fault, remedy }) {
  const where =
    place === undefined ? file : place.startsWith("#") ? `${file} ${place}` : `${file}:${place}`;
  return escapeControls(`${where}: ${fault}. ${remedy}${remedy.endsWith("?") ? "" : "."}`);
}

/**
 * Escapes what could move the cursor, hide a line or change the text direction.
 *
 * @param {string} text
 */
export function escapeControls(text) {
  return text.replace(
    /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

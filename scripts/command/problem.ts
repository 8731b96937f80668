/** A problem, described so that the reader can fix it. */
export interface Problem {
  /** The file at fault, relative to the root that the command works on. */
  readonly file: string;
  /** Where in the file: a JSON Pointer (`#/paths/…`), or `line:column`. */
  readonly place?: string;
  /** What is wrong, in one sentence without a full stop. */
  readonly fault: string;
  /** What to do about it, in one sentence without a full stop. */
  readonly remedy: string;
}

/** Ends a command with a finding (exit code 1), or because it could not do its work (2). */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly problems: readonly Problem[];
  readonly exitCode: 1 | 2;
  /** Additional fields of the `--json` output, next to the problems. */
  readonly data: Readonly<Record<string, unknown>>;

  constructor(
    problems: Problem | readonly Problem[],
    exitCode: 1 | 2 = 1,
    data: Readonly<Record<string, unknown>> = {},
  ) {
    const list = "fault" in problems ? [problems] : problems;
    super(list.map(formatProblem).join("\n"));
    this.problems = list;
    this.exitCode = exitCode;
    this.data = data;
  }
}

/** Writes a problem as one line: file, place, fault and remedy. */
export function formatProblem({ file, place, fault, remedy }: Problem): string {
  const where =
    place === undefined ? file : place.startsWith("#") ? `${file} ${place}` : `${file}:${place}`;
  return escapeControls(`${where}: ${fault}. ${remedy}${remedy.endsWith("?") ? "" : "."}`);
}

/** Escapes what could move the cursor, hide a line or change the text direction. */
export function escapeControls(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** One thing that is wrong, told so that the reader can mend it. */
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

/** Ends a command with a finding (exit code 1) or because it could not do its work (2). */
export class Stop extends Error {
  override readonly name = "Stop";
  readonly problems: readonly Problem[];
  readonly exitCode: 1 | 2;
  /** What `--json` prints beside the problems. */
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
  return escapeControls(`${where}: ${fault}. ${remedy}.`);
}

/** Text from a description must not move the cursor, hide a line or turn its direction. */
export function escapeControls(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

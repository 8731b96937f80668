/** What an option must be, and whether a value is that. */
type OptionKind = readonly [expected: string, isValid: (value: unknown) => boolean];

export type OptionKinds<Options> = Readonly<Record<keyof Options & string, OptionKind>>;

/**
 * Checks options, for callers without a type check. Undefined counts as not set.
 *
 * @param subject what has the options
 * @throws TypeError that names the option
 */
export function checkOptions(
  subject: string,
  options: unknown,
  kinds: Readonly<Record<string, OptionKind>>,
): void {
  const known = new Map(Object.entries(kinds));
  const names = [...known.keys()].join(", ");
  if (!isPlainObject(options)) {
    throw new TypeError(`the options of ${subject} must be an object with ${names}`);
  }
  for (const [name, value] of Object.entries(options)) {
    const kind = known.get(name);
    if (!kind) {
      throw new TypeError(`${subject} has no option ${name}; the options are ${names}`);
    }
    const [expected, isValid] = kind;
    if (value !== undefined && !isValid(value)) {
      throw new TypeError(`${name} of ${subject} must be ${expected}`);
    }
  }
}

/** Refuses a Map: its entries are not properties. */
export function isPlainObject(value: unknown): value is object {
  return Object.prototype.toString.call(value) === "[object Object]";
}

export function isNonEmptyString(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

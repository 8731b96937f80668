/**
 * Checks a value that goes into a header: visible characters of Latin-1 and spaces (RFC 9110 §5.5).
 * The platform would refuse the others too, with a message that quotes the value.
 *
 * @throws TypeError that does not
 */
export function checkHeader(option: string, value: string): string {
  if (typeof value === "string" && /^(?! )[\x20-\x7e\xa0-\xff]+(?<! )$/.test(value)) return value;
  throw new TypeError(
    `${option} cannot be sent in a header: it is empty, or holds a control character or one beyond Latin-1`,
  );
}

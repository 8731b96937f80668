/** The value of a header field, or "". Node.js 20 leaves white space at its end (RFC 9112 §5.1). */
export function fieldOf(headers: Headers, name: string): string {
  return headers.get(name)?.trim() ?? "";
}

/**
 * Checks a header value. It may hold visible Latin-1 characters and spaces (RFC 9110 §5.5). The platform
 * would refuse any other character too, but its message quotes the value.
 *
 * @throws TypeError, which does not quote the value
 */
export function checkHeader(option: string, value: string): string {
  if (typeof value === "string" && /^(?! )[\x20-\x7e\xa0-\xff]+(?<! )$/.test(value)) return value;
  throw new TypeError(
    `${option} cannot be sent in a header: it is empty, or contains a control character or a character beyond Latin-1`,
  );
}

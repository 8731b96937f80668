/** Whether a value is one strong entity tag (RFC 9110 §8.8.3), which can be sent back in a header. */
export function isStrongTag(value: unknown): value is string {
  return typeof value === "string" && /^"[\x21\x23-\x7e\x80-\xff]*"$/.test(value);
}

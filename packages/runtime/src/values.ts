/** Whether a value is an object, of whatever kind, and not null. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** Whether a value can be sent as text: a whole string, a finite number or a boolean. */
export function isText(value: unknown): boolean {
  // Half a surrogate pair has no encoding.
  if (typeof value === "string") return !/\p{Surrogate}/u.test(value);
  return ["boolean", "bigint"].includes(typeof value) || Number.isFinite(value);
}

/** Parsed JSON as text: an object as JSON, because it may have a `toString` of its own; "" if it is too deep. */
export function textOf(value: unknown): string {
  try {
    return isObject(value) ? JSON.stringify(value) : String(value ?? "");
  } catch {
    return "";
  }
}

/** Whether a value is an object of fields: no array, date or map. It may be of another realm. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return Object.prototype.toString.call(value) === "[object Object]";
}

/** Names a value of the caller in a message. The query of a URL may grant access, so it is left out. */
export function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.replace(/\?[^]+/, "?…"));
  const hasFields = isObject(value) || typeof value === "function";
  return hasFields ? Object.prototype.toString.call(value) : String(value);
}

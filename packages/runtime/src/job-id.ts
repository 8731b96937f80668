/** Whether a value holds only unreserved characters (RFC 3986 §2.3), and so cannot change the path of a URL. */
export function isJobId(value: unknown): value is string {
  return typeof value === "string" && /^(?!\.+$)[\w.~-]+$/.test(value);
}

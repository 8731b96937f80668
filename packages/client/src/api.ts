import type { Client } from "openapi-fetch";
import type { paths } from "@audit-logs/generated/audit-logs/schema";

/**
 * The types of the description as openapi-fetch can take them. It maps over every type that could
 * be an object, and an open union (`"known" | (string & {})`) would not survive that: here it is a
 * plain string.
 */
type WithPlainStrings<T> = T extends string
  ? string extends T
    ? string
    : T
  : { [Key in keyof T]: WithPlainStrings<T[Key]> };

/** The typed openapi-fetch client of the description. */
export type Api = Client<WithPlainStrings<paths>>;

import type { RequestError } from "./parameters.ts";

interface ValidationError {
  readonly loc: readonly string[];
  readonly msg: string;
  readonly type: string;
}

/** Converts errors to FastAPI's format: `loc` is e.g. `["path", "job_id"]`. */
export function toValidationErrors(errors: readonly RequestError[]): readonly ValidationError[] {
  return errors.map(({ loc, keyword, message, format }) => ({
    loc,
    msg: message,
    type: typeOf(keyword, format),
  }));
}

/** Pydantic's name if it follows from the keyword (`missing`, `uuid_parsing`), or else the keyword. */
function typeOf(keyword: string, format: unknown): string {
  if (keyword === "required") return "missing";
  if (typeof format === "string") return `${format.replaceAll("-", "")}_parsing`;
  return keyword;
}

import type { ErrorObject } from "ajv";

interface ValidationError {
  readonly loc: readonly string[];
  readonly msg: string;
  readonly type: string;
}

/** Tells what a request lacks in FastAPI's form: `loc` is e.g. `["path", "job_id"]`. */
export function toValidationErrors(errors: readonly ErrorObject[]): readonly ValidationError[] {
  return errors.map(({ instancePath, keyword, message = "is invalid", params }) => {
    const property: unknown = params["missingProperty"] ?? params["additionalProperty"];
    return {
      loc: [...segments(instancePath), ...(typeof property === "string" ? [property] : [])],
      msg: message,
      type: typeOf(keyword, params["format"]),
    };
  });
}

/** RFC 6901 §4: `~1` is decoded before `~0`. */
function segments(pointer: string): readonly string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Pydantic's names where they follow from the keyword (`missing`, `uuid_parsing`), else the keyword. */
function typeOf(keyword: string, format: unknown): string {
  if (keyword === "required") return "missing";
  if (typeof format === "string") return `${format.replaceAll("-", "")}_parsing`;
  return keyword;
}

/** The rules of `redocly diff` for breaking changes. */
const diffRules = [
  "enum-values-added",
  "enum-values-removed",
  "media-type-removed",
  "operation-id-changed",
  "operation-removed",
  "parameter-became-required",
  "parameter-removed",
  "parameter-serialization-changed",
  "path-removed",
  "property-removed",
  "request-body-became-required",
  "request-body-removed",
  "required-properties-added",
  "required-properties-removed",
  "response-header-removed",
  "response-removed",
  "schema-combinator-changed",
  "schema-constraint-changed",
  "schema-type-changed",
  "security-requirement-changed",
  "security-scheme-changed",
  "server-removed",
] as const;

/** Our rules for changes that `redocly diff` lists without judging them, or by a rule for more. */
type UnjudgedRule =
  | "alternatives-overlap"
  | "default-added"
  | "default-changed"
  | "default-removed"
  | "deprecated"
  | "discriminator-changed"
  | "encoding-changed"
  | "integer-changed"
  | "oauth-flow-changed"
  | "other-added"
  | "other-modified"
  | "other-removed";

/** Rules for the facts that code uses at run time. */
type FactRule =
  | "authentication"
  | "job"
  | "operation-renamed"
  | "operation-supported"
  | "operation-unsupported"
  | "parameter"
  | "redirect"
  | "serialization"
  | "server";

/** Rules for types, most of them for one direction. */
type TypeRule =
  | "export-added"
  | "export-removed"
  | "input-added"
  | "input-narrowed"
  | "input-not-null"
  | "input-nullable"
  | "input-optional"
  | "input-removed"
  | "input-required"
  | "input-type"
  | "input-values"
  | "input-widened"
  | "not-assignable"
  | "operation-added"
  | "result-added"
  | "result-narrowed"
  | "result-not-null"
  | "result-nullable"
  | "result-optional"
  | "result-removed"
  | "result-required"
  | "result-type"
  | "result-values"
  | "result-widened"
  | "success-added"
  | "type-added"
  | "type-removed";

export type DiffRule = (typeof diffRules)[number];

/** A kind of change. */
export type Rule =
  | DiffRule
  | UnjudgedRule
  | FactRule
  | TypeRule
  /** Only texts for people changed. */
  | "texts-changed"
  /** A witness failed. */
  | "witness-failed";

export function isDiffRule(name: unknown): name is DiffRule {
  return diffRules.some((rule) => rule === name);
}

/** Findings of `redocly diff` about requests and responses that the types also show. */
const structural = new Set<Rule>([
  ...diffRules.filter(
    (rule) =>
      ![
        "parameter-serialization-changed",
        "path-removed",
        "schema-constraint-changed",
        "security-requirement-changed",
        "security-scheme-changed",
      ].includes(rule),
  ),
  "other-added",
  "other-modified",
  "other-removed",
]);

export function isShownByTypes(rule: Rule): boolean {
  return structural.has(rule);
}

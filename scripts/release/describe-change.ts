import { toInert } from "../command/markdown.ts";
import { formatKeyPath, type Place, type KeyPath } from "../judge/place.ts";
import type { Rule } from "../judge/rules.ts";
import type { Reason, Verdict } from "../judge/verdict.ts";
import { withoutDuplicates } from "./without-duplicates.ts";

/** How users of a client refer to an operation. */
interface OperationName {
  /** The client's method. */
  readonly method?: string | undefined;
  /** The operationId, which names its types. */
  readonly id?: string | undefined;
}

/** The names of operations by method and path: `GET /things` → `listThings`. */
export type OperationNames = ReadonlyMap<string, OperationName>;

/** What users should do about a breaking change, by the judge's rule. */
const remedies: Partial<Readonly<Record<Rule, string>>> = {
  "alternatives-overlap": "Check that what you send matches only one of them",
  authentication: "Check that your credentials are still accepted",
  "default-changed": "Pass the old value if you rely on it",
  "default-removed": "Pass the old value if you rely on it",
  "enum-values-removed": "Stop passing it",
  "export-removed": "Import its replacement",
  "input-narrowed": "Stop passing it",
  "input-not-null": "Pass a value",
  "input-removed": "Stop passing it",
  "input-required": "Pass it in every call",
  "input-values": "Stop passing it",
  job: "Check where your code compares its status",
  "operation-removed": "Call its replacement",
  "operation-renamed": "Call it by its new name",
  "operation-unsupported": "Call it with `fetch`",
  parameter: "Check where your code passes it",
  "path-removed":
    "The client's methods already use the new path; change it wherever your code has it",
  "result-nullable": "Handle null",
  "result-optional": "Handle its absence",
  "result-removed": "Stop using it",
  "result-widened": "Handle the other values",
  "schema-constraint-changed": "Check what you send against it",
  server: "Set `baseUrl` if you need the old server",
  "success-added": "Handle the other response",
  "type-removed": "Use the type that replaces it",
};

/**
 * Describes the changes for the users of the package, as the text of a changeset: what breaks and what to
 * do about it, what is new, and what else changed.
 *
 * @param overruled a maintainer's reason why a change that the judge calls breaking is not
 */
export function describeChange(
  { reasons }: Verdict,
  names: OperationNames,
  overruled?: string,
): string {
  const distinct = withoutDuplicates(reasons);
  const moved = withMoves(distinct, names);
  const groupedReasons = groupByField(withoutConsequences(moved, distinct, names), names);
  const breaking = groupedReasons.filter(({ bump }) => bump === "major");
  const minor = groupedReasons.filter(({ bump }) => bump === "minor");
  return [
    groupedReasons.every(({ rule }) => rule === "texts-changed")
      ? "The vendor reworded some texts about the API."
      : "The API has changed.",
    ...(overruled === undefined
      ? list("BREAKING", breaking, (reason) => `${formatLine(reason)} ${remedyOf(reason)}.`)
      : [...list("Changed, not breaking", breaking, formatLine), `Overruled: ${overruled}`]),
    ...list(
      "Added",
      minor.filter(({ rule }) => rule.endsWith("-added")),
      formatLine,
    ),
    ...list(
      "Changed",
      groupedReasons.filter(
        ({ bump, rule }) =>
          rule !== "texts-changed" &&
          (bump === "patch" || (bump === "minor" && !rule.endsWith("-added"))),
      ),
      formatLine,
    ),
  ].join("\n\n");
}

/** A reason, with a description of all places where it applies. */
interface GroupedReason extends Reason {
  readonly where: string;
}

/**
 * Reports a change of one field once although it appears in many places, because a type in a response is a
 * part of many other types. Places in operations are the clearest, so they come first.
 */
function groupByField(reasons: readonly Reason[], names: OperationNames): GroupedReason[] {
  const groups = new Map<string, Reason[]>();
  for (const reason of reasons.filter((each) => !isConsequence(each, reasons))) {
    const { bump, place, message } = reason;
    const remedy = bump === "major" ? remedyOf(reason) : "";
    const key = JSON.stringify([bump, message, remedy, place.keyPath.at(-1) ?? place]);
    groups.set(key, [...(groups.get(key) ?? []), reason]);
  }
  return [...groups.values()]
    .flatMap((group): GroupedReason[] => {
      const sorted = group.toSorted((left, right) => rank(left) - rank(right));
      const places = new Set(sorted.map(({ place }) => describePlace(place, names)));
      return sorted.slice(0, 1).map((first) => ({ ...first, where: joinPlaces([...places]) }));
    })
    .toSorted((left, right) => rank(left) - rank(right));
}

/** Whether a reason concerns an exported type that contains what another reason concerns. */
function isConsequence({ bump, message, place }: Reason, reasons: readonly Reason[]): boolean {
  return (
    place.in === "export" &&
    place.keyPath.length > 0 &&
    reasons.some(
      (other) =>
        other.place.in !== "export" &&
        other.bump === bump &&
        other.message === message &&
        other.place.keyPath.at(-1) === place.keyPath.at(-1),
    )
  );
}

function joinPlaces(places: readonly string[]): string {
  return [places.slice(0, -1).join("; "), ...places.slice(-1)].filter(Boolean).join(" and ");
}

function remedyOf({ rule }: Reason): string {
  return remedies[rule] ?? "Check where your code depends on it";
}

function formatLine({ where, message }: GroupedReason): string {
  return `- ${where}: ${toLowerFirst(message)}.`;
}

function rank({ place }: Reason): number {
  return place.in === "operation" ? 0 : 1;
}

type OperationReason = Reason & { readonly place: Extract<Place, { in: "operation" }> };

/** Reports an operation that has moved as moved, instead of as removed and added. */
function withMoves(reasons: readonly Reason[], names: OperationNames): readonly Reason[] {
  const typeReason = (rule: Rule, id?: string): Reason | undefined =>
    reasons.find(
      ({ rule: own, place: { keyPath } }) =>
        own === rule && keyPath[0] === "operations" && keyPath[1] === id,
    );
  const renames = new Map(
    reasons.flatMap((reason) => {
      const { rule, renamed } = reason;
      return rule === "path-removed" && renamed ? [[renamed.from, { ...renamed, reason }]] : [];
    }),
  );
  const replacements = new Map<Reason, Reason | undefined>();
  for (const removed of operationReasons(reasons, "operation-removed")) {
    const from = operationAt(removed.place);
    const rename = renames.get(removed.place.path);
    const added = operationReasons(reasons, "operation-added").find(({ place }) => {
      const name = names.get(operationAt(place))?.method;
      const isSame = name !== undefined && name === names.get(from)?.method;
      const isRenamed = place.path === rename?.to;
      return isSame || (isRenamed && place.method === removed.place.method);
    });
    if (added === undefined) continue;
    const to = operationAt(added.place);
    const { method: name, id } = names.get(to) ?? {};
    const keepsName = name === undefined || name === names.get(from)?.method;
    replacements.set(removed, {
      ...removed,
      rule: keepsName ? "path-removed" : "operation-renamed",
      message: `It moved from \`${from}\` to \`${to}\`${keepsName ? "" : ` and is now named \`${name}\``}`,
    });
    replacements.set(added, undefined);
    if (rename !== undefined) replacements.set(rename.reason, undefined);
    const removedType = typeReason("type-removed", names.get(from)?.id);
    const addedType = typeReason("type-added", id);
    if (removedType !== undefined && addedType !== undefined) {
      const newName = formatKeyPath(addedType.place.keyPath);
      replacements.set(removedType, { ...removedType, message: `Its name is now \`${newName}\`` });
      replacements.set(addedType, undefined);
    }
  }
  return reasons.flatMap((reason) =>
    replacements.has(reason) ? (replacements.get(reason) ?? []) : reason,
  );
}

/**
 * Removes the reasons that follow from the removal, addition or renaming of an operation: its path, its types
 * and its method, which is also a key of the exported client.
 *
 * @param unmoved the reasons in which an operation that has moved is removed and added
 */
function withoutConsequences(
  reasons: readonly Reason[],
  unmoved: readonly Reason[],
  names: OperationNames,
): readonly Reason[] {
  const [removed = [], added = []] = (["operation-removed", "operation-added"] as const).map(
    (rule) => operationReasons(reasons, rule).map(({ place }) => place),
  );
  const idsOf = (places: readonly OperationReason["place"][]): Set<string | undefined> =>
    new Set(places.map((place) => names.get(operationAt(place))?.id));
  const [oldPaths, newPaths] = (["operation-removed", "operation-added"] as const).map(
    (rule) =>
      new Set<string | undefined>(operationReasons(unmoved, rule).map(({ place }) => place.path)),
  );
  const roots = ["paths", "webhooks"];
  const consequences: Partial<
    Record<Rule, readonly [sections: readonly string[], names: Set<string | undefined> | undefined]>
  > = {
    "path-removed": [roots, oldPaths],
    "other-removed": [roots, oldPaths],
    "other-added": [roots, newPaths],
    "type-removed": [["operations"], idsOf(removed)],
    "type-added": [["operations"], idsOf(added)],
  };
  const methodRules = [
    "operation-added",
    "operation-removed",
    "operation-renamed",
    "operation-supported",
    "operation-unsupported",
  ] as const;
  const methodChanges = methodRules.flatMap((rule) => operationReasons(reasons, rule));
  const isMethodChange = (key: string): boolean =>
    methodChanges.some(
      ({ place, renamed }) =>
        names.get(operationAt(place))?.method === key || renamed?.from === key,
    );
  return reasons.filter(({ rule, place }) => {
    const key = place.keyPath.at(-1);
    if (place.in === "export" && key !== undefined && /-(?:added|removed)$/u.test(rule))
      return !isMethodChange(key);
    const [section, name] = place.keyPath;
    const [sections, known] = consequences[rule] ?? [];
    return section === undefined || !sections?.includes(section) || !known?.has(name);
  });
}

function operationReasons(reasons: readonly Reason[], rule: Rule): OperationReason[] {
  return reasons.filter(
    (reason): reason is OperationReason =>
      reason.rule === rule && reason.place.in === "operation" && reason.place.keyPath.length === 0,
  );
}

function operationAt({ method, path }: OperationReason["place"]): string {
  return `${method.toUpperCase()} ${path}`;
}

function list(
  title: string,
  reasons: readonly GroupedReason[],
  format: (reason: GroupedReason) => string,
): string[] {
  // Names and values are the vendor's words.
  const lines = new Set(reasons.map((reason) => toInert(format(reason))));
  return lines.size === 0 ? [] : [`**${title}**`, [...lines].join("\n")];
}

function toLowerFirst(message: string): string {
  return message.replace(/^[A-Z](?![A-Z])/u, (letter) => letter.toLowerCase()).replace(/\.$/u, "");
}

/** Describes a place in terms of the client. */
function describePlace(place: Place, names: OperationNames): string {
  switch (place.in) {
    case "description":
      return place.keyPath.length === 0 ? "The API" : `\`${formatKeyPath(place.keyPath)}\``;
    case "component":
      return `\`${formatKeyPath([place.name, ...place.keyPath])}\``;
    case "export":
      return `\`${formatKeyPath([place.name, ...place.keyPath])}\``;
    case "operation": {
      const operation = operationAt(place);
      const [part, field] = partOf(place.keyPath);
      const name = `\`${names.get(operation)?.method ?? operation}\`${part}`;
      return field.length === 0 ? name : `${name}, \`${formatKeyPath(field)}\``;
    }
  }
}

const locations = new Set(["header", "query", "path", "cookie"]);

/** Splits a key path into the part of an operation, and the path inside it. */
function partOf([part, ...keyPath]: KeyPath): [part: string, field: KeyPath] {
  if (part === "requestBody") return [", body", bodyOf(keyPath)];
  if (part === "responses" && keyPath.length > 0)
    return [`, response ${keyPath[0]}`, bodyOf(keyPath.slice(1))];
  if (part === "parameters")
    return ["", locations.has(keyPath[0] ?? "") ? keyPath.slice(1) : keyPath];
  return ["", part === undefined ? [] : [part, ...keyPath]];
}

/** The path inside a body, or its media type. */
function bodyOf(keyPath: KeyPath): KeyPath {
  return keyPath[0] === "content" ? keyPath.slice(keyPath.length > 2 ? 2 : 1) : keyPath;
}

import { toInert } from "../command/markdown.ts";
import { formatKeyPath, type Place, type KeyPath } from "../judge/place.ts";
import { isShownByTypes, type Rule } from "../judge/rules.ts";
import type { Reason, Verdict } from "../judge/verdict.ts";

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
  authentication: "Check that your credentials are still accepted",
  "default-changed": "Pass the old value if you rely on it",
  "default-removed": "Pass the old value if you rely on it",
  "enum-values-removed": "Stop sending it",
  "export-removed": "Import its replacement",
  "input-narrowed": "Stop sending it",
  "input-not-null": "Pass a value",
  "input-removed": "Stop sending it",
  "input-required": "Pass it in every call",
  "input-values": "Stop sending it",
  job: "Check where your code compares its status",
  "operation-removed": "Call its replacement; if it has moved, pass the new path to `api`",
  "operation-renamed": "Call it by its new name",
  "operation-unsupported": "Call it with `fetch`",
  parameter: "Check where your code passes it",
  "path-removed": "The client's own methods already use the new path; pass it to `api` too",
  "result-nullable": "Handle null",
  "result-optional": "Handle its absence",
  "result-removed": "Stop reading it",
  "result-widened": "Handle the other values",
  "schema-constraint-changed": "Check what you send against it",
  server: "Set `baseUrl` if you need the old server",
  "success-added": "Handle the other response",
  "type-removed": "Use the type with the new name",
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
  const moved = withMoves(withoutDuplicates(reasons), names);
  const groupedReasons = groupByField(withoutConsequences(moved, names), names);
  const breaking = groupedReasons.filter(({ bump }) => bump === "major");
  const minor = groupedReasons.filter(({ bump }) => bump === "minor");
  return [
    groupedReasons.every(({ rule }) => rule === "texts-changed")
      ? "The vendor reworded some texts about the API."
      : "The API has changed.",
    ...(overruled === undefined
      ? list("BREAKING", breaking, (reason) => {
          const remedy = remedies[reason.rule] ?? "Check where your code depends on it";
          return `${formatLine(reason)} ${remedy}.`;
        })
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
  for (const reason of reasons) {
    const { bump, place, message } = reason;
    const field = place.keyPath.at(-1);
    const key = JSON.stringify([bump, message, field ?? place]);
    groups.set(key, [...(groups.get(key) ?? []), reason]);
  }
  const groupedReasons = [...groups.values()].flatMap((group): GroupedReason[] => {
    const inOperations = group.filter(({ place }) => place.in === "operation");
    const [first = group[0]] = inOperations;
    if (first === undefined) return [];
    const places = inOperations.length > 0 ? inOperations : group;
    const [where = "", ...others] = new Set(places.map(({ place }) => describePlace(place, names)));
    const more = others.length > 1 ? ` and ${others.length} other places` : "";
    return [{ ...first, where: others.length === 1 ? `${where} and ${others[0]}` : where + more }];
  });
  return groupedReasons.toSorted((left, right) => rank(left) - rank(right));
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
      const [, from = "", to] = /^Path `(.+)` was renamed to `(.+)`/u.exec(reason.message) ?? [];
      return reason.rule === "path-removed" ? [[from, { to, reason }]] : [];
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

/** Removes the reasons that follow from the removal or addition of an operation: its path and its types. */
function withoutConsequences(reasons: readonly Reason[], names: OperationNames): readonly Reason[] {
  const [removed = [], added = []] = (["operation-removed", "operation-added"] as const).map(
    (rule) => operationReasons(reasons, rule).map(({ place }) => place),
  );
  const idsOf = (places: readonly OperationReason["place"][]): Set<string | undefined> =>
    new Set(places.map((place) => names.get(operationAt(place))?.id));
  const consequences: Partial<Record<Rule, readonly [section: string, Set<string | undefined>]>> = {
    "path-removed": ["paths", new Set(removed.map(({ path }) => path))],
    "type-removed": ["operations", idsOf(removed)],
    "type-added": ["operations", idsOf(added)],
  };
  return reasons.filter(({ rule, place }) => {
    const [section, name] = place.keyPath;
    const [from, known] = consequences[rule] ?? [];
    return section === undefined || section !== from || !known?.has(name);
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

/** The rules of the comparison of facts that correspond to rules of `redocly diff`. */
const counterparts: Partial<Readonly<Record<Rule, Rule>>> = {
  "default-added": "default-added",
  "default-changed": "default-changed",
  "default-removed": "default-removed",
  "parameter-serialization-changed": "serialization",
  "security-requirement-changed": "authentication",
  "security-scheme-changed": "authentication",
};

/**
 * Keeps what the types and facts show, which is described in terms of code, and removes the reasons of
 * `redocly diff` that they duplicate. If the types show such a change with the same bump, it is the same
 * change.
 */
function withoutDuplicates(reasons: readonly Reason[]): readonly Reason[] {
  const shown = reasons.filter(({ witness }) => witness === "types");
  const isAdditional = ({ bump, witness, rule, place }: Reason): boolean =>
    witness === "diff" &&
    !shown.some(
      (other) =>
        other.bump === bump &&
        (isShownByTypes(rule) ||
          (other.rule === counterparts[rule] && mayConcernSameOperation(other.place, place))),
    );
  return [...reasons.filter(isAdditional), ...shown];
}

/** Whether two places may concern the same operation. A place outside operations may concern any. */
function mayConcernSameOperation(left: Place, right: Place): boolean {
  if (left.in !== "operation" || right.in !== "operation") return true;
  return left.method === right.method && left.path === right.path;
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

function bodyOf(keyPath: KeyPath): KeyPath {
  return keyPath[0] === "content" ? keyPath.slice(2) : keyPath;
}

import { toInert } from "../command/markdown.ts";
import { formatWay, type Place, type Way } from "../judge/place.ts";
import { isShownByTypes, type Rule } from "../judge/rules.ts";
import type { Reason, Verdict } from "../judge/verdict.ts";

/** The names that the client gives to operations, by method and path: `GET /things` → `listThings`. */
export type OperationNames = ReadonlyMap<string, string>;

/** What to do about a breaking change, by the judge's rule. */
const remedies: Partial<Readonly<Record<Rule, string>>> = {
  authentication: "Check what your token is accepted for",
  "default-changed": "Give the old value, if you rely on it",
  "default-removed": "Give the old value, if you rely on it",
  "enum-values-removed": "Do not send it any more",
  "export-removed": "Import what took its place",
  "input-narrowed": "Do not send it any more",
  "input-not-null": "Give a value",
  "input-removed": "Do not send it any more",
  "input-required": "Give it in every call",
  "input-values": "Do not send it any more",
  job: "Look at where you compare its status",
  "operation-removed": "Call what took its place; if it has moved, `api` wants the new path",
  "operation-renamed": "Call it by the new name",
  "operation-unsupported": "Call it by `fetch`",
  parameter: "Look at where you give it",
  "path-removed": "The client's own methods follow; `api` wants the new path",
  "result-nullable": "Expect null",
  "result-optional": "Expect it to be missing",
  "result-removed": "Do not read it any more",
  "result-widened": "Expect other values",
  "schema-constraint-changed": "Check what you send against it",
  server: "Set `baseUrl`, if you need the old one",
  "success-added": "Expect the other answer",
  "type-removed": "Import the type of the new name",
};

/**
 * Writes what changed for the users of the package, as the text of a changeset: what breaks and what
 * to do about it, what is new, what else changed.
 *
 * @param overruled why a change that the judge calls breaking is none, if a maintainer says so
 */
export function describeChange(
  { reasons }: Verdict,
  names: OperationNames,
  overruled?: string,
): string {
  const told = fold(withMoves(preferred(reasons), names), names);
  const breaking = told.filter(({ bump }) => bump === "major");
  const minor = told.filter(({ bump }) => bump === "minor");
  return [
    told.every(({ rule }) => rule === "texts-changed")
      ? "The vendor says some things about the API in other words."
      : "The client follows a change of the API.",
    ...(overruled === undefined
      ? list("BREAKING", breaking, (reason) => `${line(reason)} ${remedy(reason)}.`)
      : [...list("Changed, and not breaking", breaking, line), `Overruled: ${overruled}`]),
    ...list(
      "Added",
      minor.filter(({ rule }) => rule.endsWith("-added")),
      line,
    ),
    ...list(
      "Changed",
      told.filter(
        ({ bump, rule }) =>
          rule !== "texts-changed" &&
          (bump === "patch" || (bump === "minor" && !rule.endsWith("-added"))),
      ),
      line,
    ),
  ].join("\n\n");
}

/** A reason, and in words all the places where it holds. */
interface Told extends Reason {
  readonly where: string;
}

/**
 * Says once what happens to one field in many places: a type that an operation answers with is a part
 * of many others. What happens in operations says it best, so it comes first.
 */
function fold(reasons: readonly Reason[], names: OperationNames): Told[] {
  const groups = new Map<string, Reason[]>();
  for (const reason of reasons) {
    const { bump, place, message } = reason;
    const field = place.way.at(-1);
    const key = JSON.stringify([bump, message, field ?? place]);
    groups.set(key, [...(groups.get(key) ?? []), reason]);
  }
  const told = [...groups.values()].flatMap((group): Told[] => {
    const inOperations = group.filter(({ place }) => place.in === "operation");
    const [first = group[0]] = inOperations;
    if (first === undefined) return [];
    const places = inOperations.length > 0 ? inOperations : group;
    const [where = "", ...others] = new Set(places.map(({ place }) => describePlace(place, names)));
    const more = others.length > 1 ? ` and ${others.length} other places` : "";
    return [{ ...first, where: others.length === 1 ? `${where} and ${others[0]}` : where + more }];
  });
  return told.toSorted((one, other) => rank(one) - rank(other));
}

function line({ where, message }: Told): string {
  return `- ${where}: ${lower(message)}.`;
}

function rank({ place }: Reason): number {
  return place.in === "operation" ? 0 : 1;
}

type OperationReason = Reason & { readonly place: Extract<Place, { in: "operation" }> };

/** Tells of an operation that is elsewhere now that it has moved, and not that it is gone and new. */
function withMoves(reasons: readonly Reason[], names: OperationNames): readonly Reason[] {
  const those = (rule: Rule): OperationReason[] =>
    reasons.filter(
      (reason): reason is OperationReason =>
        reason.rule === rule && reason.place.in === "operation" && reason.place.way.length === 0,
    );
  const renames = new Map(
    reasons.flatMap((reason) => {
      const [, from = "", to] = /^Path `(.+)` was renamed to `(.+)`/u.exec(reason.message) ?? [];
      return reason.rule === "path-removed" ? [[from, { to, reason }]] : [];
    }),
  );
  const instead = new Map<Reason, Reason | undefined>();
  for (const gone of those("operation-removed")) {
    const from = operationAt(gone.place);
    const rename = renames.get(gone.place.path);
    const added = those("operation-added").find(({ place }) => {
      const name = names.get(operationAt(place));
      const isSame = name !== undefined && name === names.get(from);
      const isRenamed = place.path === rename?.to;
      return isSame || (isRenamed && place.method === gone.place.method);
    });
    if (added === undefined) continue;
    const to = operationAt(added.place);
    const name = names.get(to);
    const isCalledSame = name === undefined || name === names.get(from);
    instead.set(gone, {
      ...gone,
      rule: isCalledSame ? "path-removed" : "operation-renamed",
      message: `It has moved from \`${from}\` to \`${to}\`${isCalledSame ? "" : `, and is \`${name}\` now`}`,
    });
    instead.set(added, undefined);
    if (rename !== undefined) instead.set(rename.reason, undefined);
  }
  return reasons.flatMap((reason) => (instead.has(reason) ? (instead.get(reason) ?? []) : reason));
}

function operationAt({ method, path }: OperationReason["place"]): string {
  return `${method.toUpperCase()} ${path}`;
}

function list(title: string, reasons: readonly Told[], says: (reason: Told) => string): string[] {
  // Names and values are the vendor's words.
  const lines = new Set(reasons.map((reason) => toInert(says(reason))));
  return lines.size === 0 ? [] : [`**${title}**`, [...lines].join("\n")];
}

function remedy({ rule }: Reason): string {
  return remedies[rule] ?? "Look at where you depend on it";
}

/** The rules by which the comparison of facts sees what `redocly diff` sees. */
const counterparts: Partial<Readonly<Record<Rule, Rule>>> = {
  "default-added": "default-added",
  "default-changed": "default-changed",
  "default-removed": "default-removed",
  "parameter-serialization-changed": "serialization",
  "security-requirement-changed": "authentication",
  "security-scheme-changed": "authentication",
};

/**
 * What types and facts show, in the words of code, and of what the descriptions show only the rest: where
 * types show such changes and showed one as grave, it is the same one.
 */
function preferred(reasons: readonly Reason[]): readonly Reason[] {
  const shown = reasons.filter(({ witness }) => witness === "types");
  const isNews = ({ bump, witness, rule, place }: Reason): boolean =>
    witness === "diff" &&
    !shown.some(
      (other) =>
        other.bump === bump &&
        (isShownByTypes(rule) ||
          (other.rule === counterparts[rule] && concernsSame(other.place, place))),
    );
  return [...reasons.filter(isNews), ...shown];
}

/** Whether two places are of one operation; what stands outside of operations may concern any. */
function concernsSame(one: Place, other: Place): boolean {
  if (one.in !== "operation" || other.in !== "operation") return true;
  return one.method === other.method && one.path === other.path;
}

function lower(message: string): string {
  return message.replace(/^[A-Z](?![A-Z])/u, (letter) => letter.toLowerCase()).replace(/\.$/u, "");
}

/** Says where a change is in the words of someone who uses the client. */
function describePlace(place: Place, names: OperationNames): string {
  switch (place.in) {
    case "description":
      return place.way.length === 0 ? "The API" : `\`${formatWay(place.way)}\``;
    case "component":
      return `\`${formatWay([place.name, ...place.way])}\``;
    case "export":
      return `\`${formatWay([place.name, ...place.way])}\``;
    case "operation": {
      const operation = operationAt(place);
      const [part, field] = partOf(place.way);
      const name = `\`${names.get(operation) ?? operation}\`${part}`;
      return field.length === 0 ? name : `${name}, \`${formatWay(field)}\``;
    }
  }
}

const locations = new Set(["header", "query", "path", "cookie"]);

/** The part of an operation, and the way into it. */
function partOf([part, ...way]: Way): [part: string, field: Way] {
  if (part === "requestBody") return [", body", bodyOf(way)];
  if (part === "responses" && way.length > 0) return [`, answer ${way[0]}`, bodyOf(way.slice(1))];
  if (part === "parameters") return ["", locations.has(way[0] ?? "") ? way.slice(1) : way];
  return ["", part === undefined ? [] : [part, ...way]];
}

function bodyOf(way: Way): Way {
  return way[0] === "content" ? way.slice(2) : way;
}

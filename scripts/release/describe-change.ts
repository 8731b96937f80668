import type { Reason, Verdict } from "../judge/verdict.ts";

/** The names that the client gives to operations, by method and path: `GET /things` → `listThings`. */
export type OperationNames = ReadonlyMap<string, string>;

/** What to do about a breaking change, by the judge's rule. */
const remedies: Readonly<Record<string, string>> = {
  authentication: "Check what your token is accepted for",
  "default-changed": "Give the old value, if you rely on it",
  "default-removed": "Give the old value, if you rely on it",
  "export-removed": "Import what took its place",
  "input-narrowed": "Do not send it any more",
  "input-not-null": "Give a value",
  "input-removed": "Do not send it any more",
  "input-required": "Give it in every call",
  "input-values": "Do not send it any more",
  job: "Look at where you compare its status",
  "operation-removed": "Call what took its place; if it has moved, `api` wants the new path",
  parameter: "Look at where you give it",
  "path-removed": "The client's own methods follow; `api` wants the new path",
  "result-nullable": "Expect null",
  "result-optional": "Expect it to be missing",
  "result-removed": "Do not read it any more",
  "result-widened": "Expect other values",
  server: "Set `baseUrl`, if you need the old one",
  "server-removed": "Set `baseUrl`, if you need the old one",
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
  const told = preferred(reasons);
  const line = (reason: Reason): string => `- ${place(reason, names)}: ${lower(reason.message)}.`;
  const breaking = told.filter(({ bump }) => bump === "major");
  const minor = told.filter(({ bump }) => bump === "minor");
  return [
    told.every(({ bump }) => bump === "patch")
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
      minor.filter(({ rule }) => !rule.endsWith("-added")),
      line,
    ),
  ].join("\n\n");
}

function list(
  title: string,
  reasons: readonly Reason[],
  says: (reason: Reason) => string,
): string[] {
  const lines = new Set(reasons.map(says));
  return lines.size === 0 ? [] : [`**${title}**`, [...lines].join("\n")];
}

function remedy({ rule }: Reason): string {
  return remedies[rule] ?? "Look at where you depend on it";
}

/**
 * What the consumer's witness saw, in the words of code, and of the wire's only what the other did not
 * see at all: that it was the same change cannot be told, but where both speak, both mean it.
 */
function preferred(reasons: readonly Reason[]): readonly Reason[] {
  const consumer = reasons.filter(({ witness }) => witness === "consumer");
  const isNews = ({ bump, witness, rule }: Reason): boolean =>
    witness === "wire" &&
    (rule === "path-removed" || !consumer.some((reason) => reason.bump === bump));
  return [...reasons.filter(isNews), ...consumer];
}

function lower(message: string): string {
  return message.replace(/^[A-Z](?![A-Z])/u, (letter) => letter.toLowerCase()).replace(/\.$/u, "");
}

/** Says where a change is in the words of someone who uses the client. */
function place({ where, witness }: Reason, names: OperationNames): string {
  if (witness === "wire") return "The API";
  const [, operation, way = ""] = /^([A-Z]+ \/\S*) ?(.*)$/u.exec(where) ?? [];
  if (operation === undefined) return `\`${where.replace(/^\S+\.d\.ts /u, "")}\``;
  const name = `\`${names.get(operation) ?? operation}\``;
  const content =
    /^(?:responses\.(?<status>\d+)|(?<body>requestBody))(?:\.content\.[^.]+\/[^.]+)?\.?(?<field>.*)$/u;
  const {
    status,
    body,
    field = way.replace(/^parameters\.(?:header|query|path|cookie)\./u, ""),
  } = content.exec(way)?.groups ?? {};
  const part = status === undefined ? body && ", body" : `, answer ${status}`;
  return `${name}${part ?? ""}${field === "" ? "" : `, \`${field}\``}`;
}

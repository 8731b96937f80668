import type { IncomingHttpHeaders } from "node:http";
import {
  follow,
  items,
  listOf,
  rootOf,
  step,
  textOf,
  type Node,
  type NodeRef,
} from "./document.ts";
import { decodeQuery } from "./parameters.ts";

/** Where to find the credential of a security scheme in a request. */
interface Scheme {
  readonly in: "header" | "query";
  readonly name: string;
  readonly isBearer: boolean;
}

/** Alternative sets of schemes. Empty if no credentials are required. */
export type Authentication = readonly (readonly Scheme[])[];

/** Whether a token or key is accepted. */
export type TokenCheck = (token: string) => boolean;

/** Accepts the given tokens, or any token if none are given. */
export function createTokenCheck(accepted: string | readonly string[] | undefined): TokenCheck {
  const tokens = accepted === undefined ? undefined : new Set([accepted].flat());
  return (token) => token !== "" && (tokens === undefined || tokens.has(token));
}

/** Reads the authentication of an operation, or returns the reason why this server cannot check it. */
export function readAuthentication(root: Node, operation: NodeRef): Authentication | string {
  const owner = "security" in operation.node ? operation : rootOf(root);
  const schemes = step(rootOf(root), "components", "securitySchemes");
  const alternatives = items(owner, "security").map(({ node }) =>
    Object.keys(node).map((name) => readScheme(name, schemes && step(schemes, name))),
  );
  const usable = alternatives.flatMap((set) => {
    const known = set.filter((scheme) => typeof scheme !== "string");
    return known.length === set.length ? [known] : [];
  });
  const reason = alternatives.flat().find((scheme) => typeof scheme === "string");
  if (usable.length === 0 && reason !== undefined) return reason;
  // No credentials are required if the list is empty or missing.
  return listOf(owner.node["security"]).length === 0 ? [] : usable;
}

function readScheme(name: string, ref: NodeRef | undefined): Scheme | string {
  const scheme = ref && follow(ref)?.node;
  if (!scheme) return `its security scheme ${name} is not defined`;
  const { type, in: location } = scheme;
  const isBearer =
    type === "oauth2" ||
    type === "openIdConnect" ||
    (type === "http" && textOf(scheme["scheme"])?.toLowerCase() === "bearer");
  if (isBearer) return { in: "header", name: "authorization", isBearer };
  const key = textOf(scheme["name"]);
  if (type === "apiKey" && key !== undefined && (location === "header" || location === "query")) {
    return { in: location, name: location === "header" ? key.toLowerCase() : key, isBearer };
  }
  const kind = [type, type === "http" ? scheme["scheme"] : location].filter(Boolean).join(", ");
  return `its security scheme ${name} (${kind}) is not one that this server checks`;
}

export function isAuthenticated(
  authentication: Authentication,
  headers: IncomingHttpHeaders,
  query: readonly (readonly [string, string])[],
  isAccepted: TokenCheck,
): boolean {
  const isSatisfied = (scheme: Scheme): boolean => {
    const sent =
      scheme.in === "header"
        ? [headers[scheme.name] ?? []].flat()
        : query.filter(([name]) => name === scheme.name).map(([, value]) => decodeQuery(value));
    return sent.some((value) => {
      const token = scheme.isBearer ? /^Bearer +(\S+)$/i.exec(value)?.[1] : value;
      return token !== undefined && isAccepted(token);
    });
  };
  return authentication.length === 0 || authentication.some((set) => set.every(isSatisfied));
}

import { isLoopback } from "../../packages/runtime/src/address.ts";
import { objectOf } from "../description/tree.ts";
import type { Credential, Facts, Operation, Parameter } from "./facts.ts";

const styles: Readonly<Record<string, readonly string[]>> = {
  path: ["simple", "label", "matrix"],
  query: ["form", "spaceDelimited", "pipeDelimited", "deepObject"],
  header: ["simple"],
};

const canSendAsJson = (mediaType: string): boolean =>
  /^(?:application\/json|[^;]+\+json|application\/\*|\*\/\*)\s*(?:;|$)/iu.test(mediaType);

/** Says why the runtime cannot call an operation; undefined if it can. */
export function whyUnsupported({ method, path, source, facts }: Operation): string | undefined {
  const { body, responses, authentication } = facts;
  // https://fetch.spec.whatwg.org/#forbidden-method and #dom-request
  if (method === "trace") return "fetch does not send TRACE";
  if (body !== undefined) {
    if (method === "get" || method === "head") {
      return `fetch sends no body with ${method.toUpperCase()}`;
    }
    if (sentMediaType(facts) === undefined) {
      return `it sends ${body.mediaTypes.join(" or ") || "a body of no media type"}, but only JSON can be sent`;
    }
  }
  // It would change the host.
  if (!path.startsWith("/")) return "its path does not begin with a slash";
  if (/[?#]/u.test(path)) return "its path contains a query or a fragment";
  // https://url.spec.whatwg.org/#concept-basic-url-parser
  if (/(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)/iu.test(path)) {
    return "its path contains a dot segment, which fetch resolves";
  }
  if (/[\\\t\n\r]|[\p{Cc} ]$/u.test(path)) {
    return `its path ${JSON.stringify(path)} contains a character that fetch drops or replaces`;
  }
  const places = new Set([...path.matchAll(/\{([^{}]+)\}/gu)].map(([, name]) => name));
  for (const parameter of Object.values(inputParameters(facts))) {
    const isMissingInPath = parameter.in === "path" && !places.delete(parameter.name);
    const reason = isMissingInPath
      ? "does not appear in its path"
      : whyParameterUnsupported(parameter);
    if (reason !== undefined) return `the parameter ${parameter.name} ${reason}`;
  }
  const [missing] = places;
  if (missing !== undefined) return `its path has {${missing}}, but no parameter has this name`;
  if (Object.keys(objectOf(source["responses"])).length === 0) return "it has no responses";
  if (Object.keys(responses).length === 0) return "none of its responses is a success";
  const [first] = authentication;
  if (first !== undefined && supportedAuthentication(facts).length === 0) {
    return whyCredentialsUnsupported(first);
  }
  return undefined;
}

// Headers that fetch sets or refuses, in browsers and elsewhere.
const unsendable =
  /^(?:connection|content-length|cookie|expect|host|keep-alive|sec-fetch-mode|te|trailer|transfer-encoding|upgrade)$/iu;

/** Whether a name is a token (RFC 9110 §5.6.2). */
const isHeaderName = (name: string): boolean => /^[\w!#$%&'*+.^`|~-]+$/.test(name);

function whyParameterUnsupported(parameter: Parameter): string | undefined {
  const { in: location, name, style, content, type, nested } = parameter;
  const known = styles[location];
  if (known === undefined) return `is sent in the ${location}`;
  if (content !== undefined) {
    return location === "query" && canSendAsJson(content)
      ? undefined
      : `is serialized as ${content} in the ${location}`;
  }
  if (location === "header") {
    if (!isHeaderName(name)) return "is not a valid header name";
    if (unsendable.test(name)) return "is a header that fetch does not send";
  }
  if (nested) return "contains lists or objects in a list or an object, which no style supports";
  if (style === undefined || !known.includes(style)) return `has the style ${style}`;
  const requiredType =
    style === "deepObject" ? "object" : style.endsWith("Delimited") ? "array" : type;
  if (type === requiredType) return undefined;
  const fault = type === "unknown" ? "need not be" : "is not";
  return `has the style ${style}, but ${fault} of type ${requiredType}`;
}

/** The parameters, without those that are sent as a credential by every alternative. */
export function inputParameters(facts: Facts): Facts["parameters"] {
  const [first = [], ...others] = supportedAuthentication(facts).map((alternative) =>
    alternative.map(placeOf),
  );
  const credentials = first.filter((place) => others.every((other) => other.includes(place)));
  return Object.fromEntries(
    Object.entries(facts.parameters).filter(
      ([, parameter]) => !credentials.includes(placeOf(parameter)),
    ),
  );
}

function placeOf({ in: location, name }: Parameter | Credential): string {
  return `${location} ${location === "header" ? name.toLowerCase() : name}`;
}

/** The media type that a body is sent as: the first that the runtime supports. */
export function sentMediaType({ body }: Facts): string | undefined {
  return body?.mediaTypes.find(canSendAsJson);
}

/** The alternatives of authentication that the runtime supports. */
export function supportedAuthentication({ authentication }: Facts): Facts["authentication"] {
  return authentication.filter(
    (credentials) => whyCredentialsUnsupported(credentials) === undefined,
  );
}

function whyCredentialsUnsupported(credentials: readonly Credential[]): string | undefined {
  const sent = new Map<string, Credential>();
  for (const credential of credentials) {
    const { scheme, in: location, name, prefix } = credential;
    if (location === "none" && name === "") return `its security scheme ${scheme} is not defined`;
    if (scheme in {}) return `its security scheme ${scheme} has a name that every object has`;
    const isHeader = location === "header";
    if (isHeader && !isHeaderName(name)) {
      return `it authenticates by the header ${JSON.stringify(name)} (${scheme}), which is not a valid header name`;
    }
    if (isHeader && unsendable.test(name)) {
      return `it authenticates by the header ${name} (${scheme}), which fetch does not send`;
    }
    if (isHeader ? prefix === "Basic " : location !== "query") {
      const what = location === "none" ? name : prefix.trim() || location;
      return `it authenticates by ${what} (${scheme}), but only bearer tokens and keys in a header or query can be sent`;
    }
    const place = placeOf(credential);
    const other = sent.get(place);
    // One token can meet several schemes, but a key is of one scheme.
    if (other !== undefined && (prefix === "" || other.prefix !== prefix)) {
      return `it authenticates by ${other.scheme} and ${scheme} at once, but both are sent in the ${place}`;
    }
    sent.set(place, credential);
  }
  return undefined;
}

/** The servers that a client may use by default: only https, or http on loopback. */
export function usableServers({ servers }: Facts): string[] {
  return servers.filter((server) => {
    if (server.includes("{") || !URL.canParse(server)) return false;
    const url = new URL(server);
    const { protocol, username, password, search, hash } = url;
    return (
      (protocol === "https:" || (protocol === "http:" && isLoopback(url))) &&
      `${username}${password}${search}${hash}` === "" &&
      !/[?#]/u.test(server)
    );
  });
}

import { isJson } from "../../packages/runtime/src/media-type.ts";
import { isEqual, ownValue, type Json } from "../description/tree.ts";
import type { Facts, Job, Operation, Parameter } from "../emit/facts.ts";
import {
  inputParameters,
  sentMediaType,
  supportedAuthentication,
  usableServers,
  whyUnsupported,
} from "../emit/unsupported.ts";
import { inside, type Place } from "./place.ts";
import { keyOf, type Successors } from "./successors.ts";
import { typeReason } from "./type-changes.ts";
import type { Reason } from "./verdict.ts";

/**
 * Compares the facts in `operations.ts`, which running code uses. The comparison of types handles added and
 * removed operations and parameters.
 */
export function compareFacts(before: readonly Operation[], successors: Successors): Reason[] {
  const options = new Set(before.flatMap(({ facts }) => optionsIn(facts).map(([name]) => name)));
  return before.flatMap((operation) => {
    const { facts } = operation;
    const successor = successors.get(keyOf(operation));
    if (successor === undefined) return [];
    const { method, path, facts: now } = successor;
    const place: Place = { in: "operation", method, path, keyPath: [] };
    return [
      ...compareSupport(operation, successor, place),
      ...compareServers(facts, now, inside(place, "servers")),
      ...compareParameters(
        inputParameters(facts),
        inputParameters(now),
        inside(place, "parameters"),
      ),
      ...compareOptions(facts, now, inside(place, "parameters"), options),
      ...compareBodies(facts, now, inside(place, "requestBody")),
      ...compareResponses(facts.responses, now.responses, inside(place, "responses")),
      ...compareAccepted(facts.responses, now.responses, inside(place, "responses")),
      ...compareAuthentication(facts, now, inside(place, "authentication")),
      ...compareJob(facts.job, now.job, inside(place, "job")),
      ...compareRedirects(facts.redirects, now.redirects, inside(place, "responses")),
    ];
  });
}

function compareSupport(before: Operation, after: Operation, place: Place): Reason[] {
  const [was, is] = [whyUnsupported(before), whyUnsupported(after)];
  if ((was === undefined) === (is === undefined)) return [];
  return is === undefined
    ? [typeReason("minor", "operation-supported", place, "It can now be called")]
    : [typeReason("major", "operation-unsupported", place, `It can no longer be called: ${is}`)];
}

function compareRedirects(
  before: Facts["redirects"] = [],
  after: Facts["redirects"] = [],
  place: Place,
): Reason[] {
  return after
    .filter((status) => !before.includes(status))
    .map((status) => {
      const message = "It may redirect instead of responding, and redirects are not followed";
      return typeReason("major", "redirect", inside(place, status), message);
    });
}

function compareServers(old: Facts, now: Facts, place: Place): Reason[] {
  const [before, after] = [old.servers, now.servers];
  // Without one that is usable, a client needs a `baseUrl`.
  const [[was], [is]] = [usableServers(old), usableServers(now)];
  if (was !== undefined && was !== is) {
    const message = `Requests went to ${was} and now go to ${is ?? "nowhere"}`;
    return [typeReason("major", "server", place, message)];
  }
  const isKept = before.every((server) => after.some((other) => isCovered(server, other)));
  if (!isKept) return [typeReason("major", "server", place, "A server was removed")];
  return after.every((server) => before.includes(server))
    ? []
    : [typeReason("minor", "server", place, "Another server was added")];
}

/** Whether a server is another one, whose URL may contain `{}` for any value. */
function isCovered(server: string, by: string): boolean {
  const [head = "", ...tails] = by.split("{}");
  const isOpen = tails.length === 1;
  return server === by || (isOpen && server.startsWith(head) && server.endsWith(tails.join("")));
}

function compareParameters(
  before: Facts["parameters"],
  after: Facts["parameters"],
  parameters: Place,
): Reason[] {
  return Object.entries(before).flatMap(([name, parameter]): Reason[] => {
    const place = inside(parameters, name);
    const successor = ownValue(after, name);
    if (successor === undefined)
      return [typeReason("major", "input-removed", place, "It was removed")];
    if (parameter.in !== successor.in || parameter.name !== successor.name) {
      const message = `It is now sent as ${successor.in} ${successor.name}`;
      return [typeReason("major", "parameter", place, message)];
    }
    return [
      ...compareDefaults(parameter, successor, place),
      ...compareClientOptions(parameter, successor, place),
      ...(areSerializedAlike(parameter, successor)
        ? []
        : [typeReason("major", "serialization", place, "Its serialization changed")]),
    ];
  });
}

function areSerializedAlike(before: Parameter, after: Parameter): boolean {
  const types = ["string", "number", "integer", "boolean"];
  // The serialization of a single value does not depend on `explode`.
  const isSingle = types.includes(before.type) || types.includes(after.type);
  return (["style", "explode", "content", "allowReserved"] as const).every(
    (name) => before[name] === after[name] || (isSingle && name === "explode"),
  );
}

function compareDefaults(before: Parameter, after: Parameter, place: Place): Reason[] {
  const [was, is] = [before.default, after.default];
  if (isEqual(was, is)) return [];
  if (was === undefined) {
    return [
      typeReason("minor", "default-added", place, `The default is now ${JSON.stringify(is)}`),
    ];
  }
  const message = `The default was ${JSON.stringify(was)} and is now ${JSON.stringify(is) ?? "none"}`;
  return [
    typeReason("major", is === undefined ? "default-removed" : "default-changed", place, message),
  ];
}

function compareClientOptions(before: Parameter, after: Parameter, place: Place): Reason[] {
  if (before.clientOption === after.clientOption) return [];
  return after.clientOption
    ? [typeReason("minor", "parameter", place, "It is now an option of the client")]
    : [typeReason("major", "parameter", place, "It is no longer an option of the client")];
}

function optionsIn(facts: Facts): [string, Parameter][] {
  return Object.entries(inputParameters(facts)).filter(([, { clientOption }]) => clientOption);
}

/** A client sends its options with each operation that has them, and the default of one that is not set. */
function compareOptions(
  before: Facts,
  after: Facts,
  parameters: Place,
  known: ReadonlySet<string>,
): Reason[] {
  const old = new Map(optionsIn(before));
  return optionsIn(after).flatMap(([name, { default: fallback }]) => {
    const was = old.get(name);
    const isSent =
      was === undefined
        ? known.has(name) || fallback !== undefined
        : was.default === undefined && fallback !== undefined;
    const message = "Clients may now send it without being asked to";
    return isSent ? [typeReason("major", "parameter", inside(parameters, name), message)] : [];
  });
}

function compareBodies(before: Facts, after: Facts, place: Place): Reason[] {
  const [was, is] = [sentMediaType(before), sentMediaType(after)];
  if (was === undefined || is === undefined || was === is) return [];
  return [
    typeReason("major", "serialization", place, `It was sent as ${was} and is now sent as ${is}`),
  ];
}

/** The types do not show whether a client parses the content, if its media type is a range. */
function compareResponses(
  before: Facts["responses"],
  after: Facts["responses"],
  place: Place,
): Reason[] {
  return Object.entries(before)
    .filter(([status, was]) => {
      const is = ownValue(after, status) ?? [];
      return was.length > 0 && is.length > 0 && was.some(isJson) !== is.some(isJson);
    })
    .map(([status]) => {
      const message = "A client parsed the response before, or does so now";
      return typeReason("major", "serialization", inside(place, status), message);
    });
}

/** A client accepts every media type of a success, unless one is JSON. The types do not show which. */
function compareAccepted(
  before: Facts["responses"],
  after: Facts["responses"],
  place: Place,
): Reason[] {
  const known = Object.values(before).flat();
  // Before, there was no content to expect.
  if (known.length === 0) return [];
  return Object.entries(after)
    .filter(([, types]) => !types.some(isJson) && types.some((type) => !known.includes(type)))
    .map(([status]) => {
      const message = "Clients now accept another media type";
      return typeReason("major", "success-added", inside(place, status), message);
    });
}

type Alternatives = Facts["authentication"];

/**
 * Every alternative that was accepted must still be accepted, no credential may be newly required, and a
 * client that has several must still send the same.
 */
function compareAuthentication(before: Facts, after: Facts, place: Place): Reason[] {
  const [old, now] = [withAnonymous(before.authentication), withAnonymous(after.authentication)];
  if (!isAccepted(old, now)) {
    return [
      typeReason(
        "major",
        "authentication",
        place,
        "Credentials that were accepted may now be rejected",
      ),
    ];
  }
  const sendable = supportedAuthentication({ ...before, authentication: old });
  if (sendsOthers(sendable, supportedAuthentication(after))) {
    const message =
      "A client that has several credentials, or did not need one, may now send others";
    return [typeReason("major", "authentication", place, message)];
  }
  return isAccepted(now, old)
    ? []
    : [typeReason("minor", "authentication", place, "More credentials are now accepted")];
}

function withAnonymous(alternatives: Alternatives): Alternatives {
  return alternatives.length === 0 ? [[]] : alternatives;
}

/** Whether a client whose calls were accepted now sends a credential that it did not send. */
function sendsOthers(before: Alternatives, after: Alternatives): boolean {
  return before.some((known) =>
    after.some((other) => {
      const owned = [...known, ...other];
      return !isAccepted([sentBy(owned, before)], [sentBy(owned, after)]);
    }),
  );
}

/** What a client with these credentials sends: the first alternative that it has, if any. */
function sentBy(owned: Alternatives[number], alternatives: Alternatives): Alternatives[number] {
  return alternatives.find((one) => one.length > 0 && isAccepted([owned], [one])) ?? [];
}

/** Whether credentials for any alternative of one list satisfy some alternative of the other. */
function isAccepted(alternatives: Alternatives, acceptedBy: Alternatives): boolean {
  return alternatives.every((given) =>
    acceptedBy.some((required) =>
      required.every((credential) => given.some((other) => isEqual(credential, other))),
    ),
  );
}

function compareJob(before: Job | undefined, after: Job | undefined, place: Place): Reason[] {
  if (isEqual(before, after)) return [];
  if (before === undefined) return [typeReason("minor", "job", place, "The response is now a job")];
  if (after === undefined || before.property !== after.property) {
    return [typeReason("major", "job", place, "The response is no longer the same job")];
  }
  // A state that is no longer known does no harm, because it cannot occur. A state with another meaning does.
  const isOutcomeChanged = before.states.some(
    (state) => after.states.includes(state) && outcomeOf(before, state) !== outcomeOf(after, state),
  );
  return isOutcomeChanged
    ? [typeReason("major", "job", place, "The outcome of a state changed")]
    : [typeReason("minor", "job", place, "Its known states changed")];
}

function outcomeOf(job: Job, state: Json): string | undefined {
  return (["succeeded", "failed"] as const).find((outcome) => job[outcome].includes(String(state)));
}

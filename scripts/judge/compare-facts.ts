import { dequal } from "@redocly/openapi-core";
import { isObject, type Json, type JsonObject } from "../description/tree.ts";
import type { Facts } from "../emit/operations.ts";
import type { Reason } from "./verdict.ts";

/**
 * Compares what `operations.ts` says to running code. Operations and parameters that come or go are
 * left to the comparison of types.
 */
export function compareFacts(before: Facts, after: Facts): Reason[] {
  const reasons: Reason[] = [];
  if (before.servers[0] !== after.servers[0]) {
    const message = `Requests went to ${before.servers[0]} and now go to ${after.servers[0]}`;
    reasons.push(tell("major", "server", "servers", message));
  } else if (!dequal(before.servers, after.servers)) {
    const isKept = before.servers.every((server) => after.servers.includes(server));
    reasons.push(tell(isKept ? "minor" : "major", "server", "servers", "The servers changed"));
  }
  const successors = new Map(after.operations.map((one) => [`${one.method} ${one.path}`, one]));
  for (const { method, path, facts } of before.operations) {
    const successor = successors.get(`${method} ${path}`);
    if (successor === undefined) continue;
    const where = `${method.toUpperCase()} ${path}`;
    reasons.push(
      ...compareParameters(facts["parameters"], successor.facts["parameters"], where),
      ...compareAuthentication(
        facts["authentication"],
        successor.facts["authentication"],
        `${where} authentication`,
      ),
      ...compareJob(facts["job"], successor.facts["job"], `${where} job`),
    );
  }
  return reasons;
}

function compareParameters(
  before: Json | undefined,
  after: Json | undefined,
  operation: string,
): Reason[] {
  if (!isObject(before) || !isObject(after)) return [];
  return Object.entries(before).flatMap(([name, parameter]): Reason[] => {
    const where = `${operation} parameters.${name}`;
    const successor = after[name];
    if (successor === undefined) return [tell("major", "parameter", where, "It is gone")];
    if (!isObject(parameter) || !isObject(successor)) return [];
    const [was, is] = [parameter["default"], successor["default"]];
    return [
      ...(parameter["in"] === successor["in"] && parameter["name"] === successor["name"]
        ? []
        : [tell("major", "parameter", where, `It is sent as ${place(successor)} now`)]),
      ...(dequal(was, is)
        ? []
        : [
            tell(
              was === undefined ? "minor" : "major",
              was === undefined ? "default-added" : "default-changed",
              where,
              `The default was ${JSON.stringify(was)} and is now ${JSON.stringify(is)}`,
            ),
          ]),
    ];
  });
}

function place(parameter: JsonObject): string {
  return `${String(parameter["in"])} ${String(parameter["name"])}`;
}

/** Each alternative that was accepted must still be, and nothing may be asked where nothing was. */
function compareAuthentication(
  before: Json | undefined,
  after: Json | undefined,
  where: string,
): Reason[] {
  if (dequal(before, after) || !Array.isArray(before) || !Array.isArray(after)) return [];
  const none: Json = [];
  const accepted = after.length === 0 ? [none] : after;
  const isKept = (before.length === 0 ? [none] : before).every((way) =>
    accepted.some((other) => dequal(way, other) || dequal(other, none)),
  );
  return isKept
    ? [tell("minor", "authentication", where, "There are other ways to authenticate now")]
    : [tell("major", "authentication", where, "What was accepted is not any more")];
}

function compareJob(before: Json | undefined, after: Json | undefined, where: string): Reason[] {
  if (dequal(before, after)) return [];
  if (before === undefined) return [tell("minor", "job", where, "The answer is a job now")];
  if (!isObject(before) || !isObject(after) || before["property"] !== after["property"]) {
    return [tell("major", "job", where, "The answer is no such job any more")];
  }
  const endings = ["succeeded", "failed"].flatMap((outcome) =>
    [before[outcome]].flat().map((state) => [outcome, state] as const),
  );
  // A state that is known no more cannot be met; one with another meaning can.
  const isMoved = endings.some(
    ([outcome, state]) =>
      [after["states"]].flat().includes(state) && ![after[outcome]].flat().includes(state),
  );
  return isMoved
    ? [tell("major", "job", where, "A final state has another meaning now")]
    : [tell("minor", "job", where, "Its known states changed")];
}

function tell(bump: "major" | "minor", rule: string, where: string, message: string): Reason {
  return { bump, witness: "consumer", rule, where, message };
}

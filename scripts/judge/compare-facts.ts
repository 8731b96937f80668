import { dequal } from "@redocly/openapi-core";
import type { Facts, Job, Operation, Parameter } from "../emit/facts.ts";
import type { Reason } from "./verdict.ts";

/**
 * Compares what `operations.ts` says to running code. Operations and parameters that come or go are
 * left to the comparison of types.
 */
export function compareFacts(before: readonly Operation[], after: readonly Operation[]): Reason[] {
  const successors = new Map(after.map((one) => [`${one.method} ${one.path}`, one.facts]));
  return before.flatMap(({ method, path, facts }) => {
    const successor = successors.get(`${method} ${path}`);
    if (successor === undefined) return [];
    const where = `${method.toUpperCase()} ${path}`;
    return [
      ...compareServers(facts.servers, successor.servers, `${where} servers`),
      ...compareParameters(facts.parameters, successor.parameters, where),
      ...compareAuthentication(
        facts.authentication,
        successor.authentication,
        `${where} authentication`,
      ),
      ...compareJob(facts.job, successor.job, `${where} job`),
    ];
  });
}

function compareServers(
  before: readonly string[],
  after: readonly string[],
  where: string,
): Reason[] {
  if (before[0] !== after[0]) {
    const message = `Requests went to ${before[0]} and now go to ${after[0]}`;
    return [tell("major", "server", where, message)];
  }
  if (dequal(before, after)) return [];
  const isKept = before.every((server) => after.includes(server));
  return [tell(isKept ? "minor" : "major", "server", where, "The servers changed")];
}

function compareParameters(
  before: Facts["parameters"],
  after: Facts["parameters"],
  operation: string,
): Reason[] {
  return Object.entries(before).flatMap(([name, parameter]): Reason[] => {
    const where = `${operation} parameters.${name}`;
    const successor = after[name];
    if (successor === undefined) return [tell("major", "parameter", where, "It is gone")];
    const [was, is] = [parameter.default, successor.default];
    return [
      ...(parameter.in === successor.in && parameter.name === successor.name
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

function place(parameter: Parameter): string {
  return `${parameter.in} ${parameter.name}`;
}

/** Each alternative that was accepted must still be, and nothing may be asked where nothing was. */
function compareAuthentication(
  before: Facts["authentication"],
  after: Facts["authentication"],
  where: string,
): Reason[] {
  if (dequal(before, after)) return [];
  const none: Facts["authentication"][number] = [];
  const accepted = after.length === 0 ? [none] : after;
  const isKept = (before.length === 0 ? [none] : before).every((way) =>
    accepted.some((other) => dequal(way, other) || dequal(other, none)),
  );
  return isKept
    ? [tell("minor", "authentication", where, "There are other ways to authenticate now")]
    : [tell("major", "authentication", where, "What was accepted is not any more")];
}

function compareJob(before: Job | undefined, after: Job | undefined, where: string): Reason[] {
  if (dequal(before, after)) return [];
  if (before === undefined) return [tell("minor", "job", where, "The answer is a job now")];
  if (after === undefined || before.property !== after.property) {
    return [tell("major", "job", where, "The answer is no such job any more")];
  }
  // A state that is known no more cannot be met; one with another meaning can.
  const isMoved = (["succeeded", "failed"] as const).some((outcome) =>
    before[outcome].some(
      (state) => after.states.includes(state) && !after[outcome].includes(state),
    ),
  );
  return isMoved
    ? [tell("major", "job", where, "A final state has another meaning now")]
    : [tell("minor", "job", where, "Its known states changed")];
}

function tell(bump: "major" | "minor", rule: string, where: string, message: string): Reason {
  return { bump, witness: "consumer", rule, where, message };
}

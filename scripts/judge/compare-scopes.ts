import { objectOf, type JsonObject } from "../description/tree.ts";
import { inside, type Place } from "./place.ts";
import { typeReason } from "./type-changes.ts";
import type { Reason } from "./verdict.ts";

/** Compares the scopes that a token can have, which `redocly diff` ignores. */
export function compareScopes(before: JsonObject, after: JsonObject): Reason[] {
  const now = new Map(scopesIn(after).map((flow) => [JSON.stringify(flow.place), flow.scopes]));
  return scopesIn(before).flatMap(({ place, scopes }) => {
    const others = now.get(JSON.stringify(place));
    if (others === undefined) return [];
    return [
      ...without(scopes, others).map((scope) =>
        typeReason("major", "oauth-flow-changed", inside(place, scope), "This scope was removed"),
      ),
      ...without(others, scopes).map((scope) =>
        typeReason("minor", "oauth-flow-changed", inside(place, scope), "This scope was added"),
      ),
    ];
  });
}

function scopesIn({ components }: JsonObject): { place: Place; scopes: readonly string[] }[] {
  const section = "securitySchemes";
  return Object.entries(objectOf(objectOf(components)[section])).flatMap(([name, scheme]) =>
    Object.entries(objectOf(objectOf(scheme)["flows"])).map(([flow, value]) => ({
      place: { in: "component", section, name, keyPath: ["flows", flow, "scopes"] },
      scopes: Object.keys(objectOf(objectOf(value)["scopes"])),
    })),
  );
}

function without(scopes: readonly string[], others: readonly string[]): string[] {
  return scopes.filter((scope) => !others.includes(scope));
}

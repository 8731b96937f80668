/**
 * The keys that lead to a nested value: `[]` stands for the items of a list, `()` for the result of a
 * function.
 */
export type Way = readonly string[];

/** The place of a change. */
export type Place =
  | { readonly in: "operation"; readonly method: string; readonly path: string; readonly way: Way }
  | { readonly in: "component"; readonly section: string; readonly name: string; readonly way: Way }
  | { readonly in: "description"; readonly way: Way }
  | { readonly in: "export"; readonly entry: string; readonly name: string; readonly way: Way };

/** Returns a place inside another one. */
export function inside<P extends Place>(place: P, ...keys: readonly string[]): P {
  return { ...place, way: [...place.way, ...keys] };
}

/** Formats a place for people. */
export function formatPlace(place: Place): string {
  switch (place.in) {
    case "operation":
      return [`${place.method.toUpperCase()} ${place.path}`, formatWay(place.way)]
        .filter(Boolean)
        .join(" ");
    case "component":
      return formatWay(["components", place.section, place.name, ...place.way]);
    case "description":
      return formatWay(place.way) || "the description";
    case "export":
      return `${place.entry} ${formatWay([place.name, ...place.way])}`;
  }
}

export function formatWay(way: Way): string {
  return way
    .map((key, index) => (index === 0 || /^(?:\[\]|\(.*\))$/u.test(key) ? key : `.${key}`))
    .join("");
}

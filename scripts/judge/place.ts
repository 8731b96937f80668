/**
 * The keys that lead to a nested value: `[]` stands for the items of a list, `[0]` for the first of a
 * tuple, `()` for the result of a function.
 */
export type KeyPath = readonly string[];

export type Place =
  | {
      readonly in: "operation";
      readonly method: string;
      readonly path: string;
      readonly keyPath: KeyPath;
    }
  | {
      readonly in: "component";
      readonly section: string;
      readonly name: string;
      readonly keyPath: KeyPath;
    }
  | { readonly in: "description"; readonly keyPath: KeyPath }
  | {
      readonly in: "export";
      readonly entry: string;
      readonly name: string;
      readonly keyPath: KeyPath;
    };

/** Returns a place inside another one. */
export function inside<P extends Place>(place: P, ...keys: readonly string[]): P {
  return { ...place, keyPath: [...place.keyPath, ...keys] };
}

/** Formats a place for people. */
export function formatPlace(place: Place): string {
  switch (place.in) {
    case "operation":
      return [`${place.method.toUpperCase()} ${place.path}`, formatKeyPath(place.keyPath)]
        .filter(Boolean)
        .join(" ");
    case "component":
      return formatKeyPath(["components", place.section, place.name, ...place.keyPath]);
    case "description":
      return formatKeyPath(place.keyPath) || "the description";
    case "export":
      return `${place.entry} ${formatKeyPath([place.name, ...place.keyPath])}`;
  }
}

export function formatKeyPath(keyPath: KeyPath): string {
  return keyPath
    .map((key, index) => (index === 0 || /^(?:\[\d*\]|\(.*\))$/u.test(key) ? key : `.${key}`))
    .join("");
}

import { pathNames } from "./operation.ts";

interface Route<Target> {
  readonly target: Target;
  /** The raw value of each path parameter, by name. */
  readonly path: ReadonlyMap<string, string>;
}

/** Returns a function that finds the routes that match a path, the most concrete one first. */
export function createRouter<Target extends { readonly path: string }>(
  targets: readonly Target[],
): (path: string) => readonly Route<Target>[] {
  const routes = targets
    .map((target) => ({ target, pattern: patternOf(target.path), names: pathNames(target.path) }))
    .toSorted((a, b) => rankOf(a.target.path).localeCompare(rankOf(b.target.path)));
  return (path) =>
    routes.flatMap(({ target, pattern, names }) => {
      const match = pattern.exec(path);
      if (!match) return [];
      return [
        { target, path: new Map(names.map((name, index) => [name, match[index + 1] ?? ""])) },
      ];
    });
}

function patternOf(template: string): RegExp {
  const literals = template.split(/\{[^}]+\}/).map((text) =>
    // Encoded as in a URL.
    text
      .replace(/[^\x21-\x7e]|["<>`]/gu, encodeURIComponent)
      .replace(/[.*+?^${}()|[\]\\]/g, "\\$&"),
  );
  return new RegExp(`^${literals.join("([^/]+)")}$`);
}

/**
 * OpenAPI, "Path Templating Matching": concrete paths are matched before templated ones. So are segments that
 * are only partly a parameter, such as `{id}:cancel`.
 */
function rankOf(template: string): string {
  return template
    .split("/")
    .map((segment) => (/^\{[^}]+\}$/.test(segment) ? "2" : segment.includes("{") ? "1" : "0"))
    .join("");
}

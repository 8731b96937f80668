// ECMAScript's reserved words, including the ones of modules; `__proto__`, which sets an object's prototype; and
// the methods that the language calls by itself, which would send a request: `await` calls `then`,
// JSON.stringify `toJSON`, and conversion to text or to a number the others.
const reserved = new Set(
  (
    "arguments as async await break case catch class const continue debugger default delete do else " +
    "enum eval export extends false finally for function if implements import in instanceof " +
    "interface let new null package private protected public return static super switch this " +
    "throw true try typeof undefined var void while with yield NaN Infinity globalThis __proto__ " +
    "then toJSON toString toLocaleString valueOf"
  ).split(" "),
);

export function isIdentifier(name: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) && !reserved.has(name);
}

/** Converts an operation's id to a camelCase name, without the suffix that FastAPI appends. */
export function operationName(id: string, method: string, path: string): string {
  const [first = "", ...rest] = withoutSuffix(id, method, path)
    .split(/[^\p{ID_Continue}$]+|_+/u)
    .filter((word) => word !== "");
  // The first word becomes lower case: GetThing, GETThing and URL become getThing, getThing and url.
  const head = first.replace(/^\p{Lu}+(?=\p{Lu}\p{Ll}|$)|^\p{Lu}/u, (capitals) =>
    capitals.toLowerCase(),
  );
  const name = head + rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  return isIdentifier(name) ? name : `_${name}`;
}

/**
 * FastAPI builds an id from the function's name, the path and the method, with `_` for characters that are
 * not word characters. A mounted application only knows the tail of its path.
 */
function withoutSuffix(id: string, method: string, path: string): string {
  if (!id.endsWith(`_${method}`)) return id;
  const stem = id.slice(0, -method.length - 1);
  const segments = path.split("/");
  for (let start = 1; start <= segments.length; start += 1) {
    const tail = `/${segments.slice(start).join("/")}`;
    const bare = tail.replace(/\/$/u, "");
    // A trailing slash may have been added or removed since the id was built. A removed one is restored only
    // after a parameter: elsewhere it could be the complete path that a mounted application knows.
    const forms = bare.includes("{") ? [`${bare}/`, bare] : [tail, bare];
    for (const form of forms) {
      const suffix = form.replace(/[^\p{L}\p{N}_]/gu, "_");
      if (suffix !== "" && stem.length > suffix.length && stem.endsWith(suffix)) {
        return stem.slice(0, -suffix.length);
      }
    }
  }
  return id;
}

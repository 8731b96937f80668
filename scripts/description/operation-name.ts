// ECMAScript's reserved words, in modules too, and names that mean something wherever they stand:
// whoever awaits an object calls its `then`.
const reserved = new Set(
  (
    "arguments as async await break case catch class const continue debugger default delete do else " +
    "enum eval export extends false finally for function if implements import in instanceof " +
    "interface let new null package private protected public return static super switch then this " +
    "throw true try typeof undefined var void while with yield NaN Infinity globalThis"
  ).split(" "),
);

export function isIdentifier(name: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) && !reserved.has(name);
}

/** Names an operation by its id: camelCase, without the suffix that FastAPI appends. */
export function operationName(id: string, method: string, path: string): string {
  const [first = "", ...rest] = withoutSuffix(id, method, path)
    .split(/[^\p{ID_Continue}$]+|_+/u)
    .filter((word) => word !== "");
  // The first word in lower case: GetThing, GETThing and URL are getThing, getThing and url.
  const head = first.replace(/^\p{Lu}+(?=\p{Lu}\p{Ll}|$)|^\p{Lu}/u, (capitals) =>
    capitals.toLowerCase(),
  );
  const name = head + rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  return isIdentifier(name) ? name : `_${name}`;
}

/**
 * FastAPI makes an id of the function's name, the path, and the method, with `_` for what is no word
 * character. It knows only the tail of a path that another application is mounted at.
 */
function withoutSuffix(id: string, method: string, path: string): string {
  if (!id.endsWith(`_${method}`)) return id;
  const stem = id.slice(0, -method.length - 1);
  const segments = path.split("/");
  for (let start = 1; start <= segments.length; start += 1) {
    const tail = `/${segments.slice(start).join("/")}`;
    const bare = tail.replace(/\/$/u, "");
    // A slash at the end may have come or gone since the id was made. One that came back may be the
    // whole path that a mounted application knows, unless there is a parameter before it.
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

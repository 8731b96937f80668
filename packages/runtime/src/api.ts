import createFetchClient, { type Client, type Middleware } from "openapi-fetch";
import { openCall } from "./deadline.ts";
import { serializePath } from "./parameters.ts";
import { withPreparedInit, type RequestParts } from "./request.ts";
import type { Session, UntypedPaths } from "./session.ts";
import type { Operations } from "./types.ts";

/**
 * The description's types in a form that openapi-fetch can handle. openapi-fetch maps over every type that
 * could be an object, which would break an open union (`"known" | (string & {})`), so this replaces open
 * unions with plain strings.
 */
type WithPlainStrings<T> = T extends string
  ? string extends T
    ? string
    : T
  : { [Key in keyof T]: WithPlainStrings<T[Key]> };

/** The typed openapi-fetch client of a description. */
export type Api<Paths> = Client<WithPlainStrings<Paths>>;

/** Creates the typed openapi-fetch client of a description. Each request follows its operation's facts. */
export function createApi<Paths>(session: Session, operations: Operations): Api<Paths> {
  const client = createFetchClient<UntypedPaths>();
  const request = async (name: string, path: string, init: RequestParts = {}): Promise<unknown> => {
    for (const option of ["fetch", "pathSerializer", "querySerializer"]) {
      if (option in init) throw new TypeError(`a request of this client takes no ${option}`);
    }
    const method = name.toUpperCase();
    const operation = Object.values(operations).find(
      (each) => each.method === name.toLowerCase() && each.path === path,
    );
    if (!operation || "unsupported" in operation) {
      const reason = operation?.unsupported ?? "it is not in the description";
      throw new TypeError(`${method} ${path} cannot be called: ${reason}`);
    }
    const filledPath = serializePath(operation, init.params?.path);
    const subject = { label: `${method} ${filledPath}`, method, path: filledPath };
    const call = openCall(subject, init.signal ? { signal: init.signal } : {}, session.context);
    return withPreparedInit(session, operation, init, call, async (prepared) =>
      Reflect.apply(client.request, client, [method, path, { ...init, ...prepared }]),
    );
  };
  const api: Record<string, unknown> = {
    ...client,
    request,
    use(...middleware: Middleware[]) {
      client.use(...middleware);
      session.client = client;
    },
  };
  for (const method of Object.keys(client).filter((name) => /^[A-Z]+$/.test(name))) {
    api[method] = (path: string, init?: RequestParts) => request(method, path, init);
  }
  // The description provides these types. Nothing checks them at run time.
  return api as unknown as Api<Paths>;
}

import createFetchClient, { type Client, type Middleware } from "openapi-fetch";
import { prepareInit, undescribed, type RequestParts } from "./request.ts";
import type { Session, UntypedPaths } from "./session.ts";
import type { Operation, Operations } from "./types.ts";

/**
 * The types of the description as openapi-fetch can take them. It maps over every type that could
 * be an object, and an open union (`"known" | (string & {})`) would not survive that: here it is a
 * plain string.
 */
type WithPlainStrings<T> = T extends string
  ? string extends T
    ? string
    : T
  : { [Key in keyof T]: WithPlainStrings<T[Key]> };

/** The typed openapi-fetch client of a description. */
export type Api<Paths> = Client<WithPlainStrings<Paths>>;

/** Makes the typed openapi-fetch client of a description: each operation is sent as its facts have it. */
export function createApi<Paths>(session: Session, operations: Operations): Api<Paths> {
  const client = createFetchClient<UntypedPaths>();
  const request = (method: string, path: string, init: RequestParts = {}): unknown => {
    const operation = Object.values(operations).find(
      (known): known is Operation =>
        known.method === method.toLowerCase() && known.path === path && !("unsupported" in known),
    );
    return Reflect.apply(client.request, client, [
      method,
      path,
      { ...init, ...prepareInit(session, operation ?? undescribed, init) },
    ]);
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
  // What goes in and comes out is typed by the description, which nobody checks at run time.
  return api as unknown as Api<Paths>;
}

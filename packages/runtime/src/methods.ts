import { openCall, type Call, type CallOptions } from "./deadline.ts";
import { ApiError } from "./errors/api-error.ts";
import { isJson } from "./media-type.ts";
import { serializePath, type ParameterValues } from "./parameters.ts";
import { prepareInit } from "./request.ts";
import { contentKind } from "./response.ts";
import { retryAfter } from "./retry.ts";
import { checkClientOptions, type Session } from "./session.ts";
import type { Data, Input, Operation, Operations, Supported } from "./types.ts";

export interface MethodOptions extends CallOptions {
  /** Called with the answer if it is a success, for its status and headers. */
  readonly onResponse?: (response: Response) => void;
}

/** A method: an operation's input may be left out if nothing in it is required. */
export type Method<Paths, Op extends Operation> =
  Record<never, never> extends Input<Paths, Op>
    ? (input?: Input<Paths, Op>, options?: MethodOptions) => Promise<Data<Paths, Op>>
    : (input: Input<Paths, Op>, options?: MethodOptions) => Promise<Data<Paths, Op>>;

/** A method for each operation that the runtime can call, with the operation's documentation. */
export type Methods<Paths, Ops, Names extends keyof Ops = Supported<Ops>> = {
  readonly [Name in Names]: Ops[Name] extends Operation ? Method<Paths, Ops[Name]> : never;
};

/**
 * Makes a method of each operation. An unsupported one has none.
 *
 * @throws TypeError if an option of the client cannot be sent
 */
export function createMethods<Paths, Ops extends Operations>(
  session: Session,
  operations: Ops,
): Methods<Paths, Ops> {
  const methods: Record<string, unknown> = {};
  for (const [name, operation] of Object.entries(operations)) {
    if ("unsupported" in operation) continue;
    checkClientOptions(session, operation);
    methods[name] = async (input?: Values, options?: MethodOptions): Promise<unknown> => {
      checkInput(operation, input);
      const call = openCall(labelOf(operation, input), options);
      const { data, response } = await callOperation(session, operation, input, call);
      options?.onResponse?.(response);
      return data;
    };
  }
  // Typed by the description, which nobody checks at run time.
  return methods as Methods<Paths, Ops>;
}

type Values = Readonly<Record<string, unknown>>;

/**
 * What messages call a call: its method and path, without a query.
 *
 * @throws TypeError if a path parameter is missing, or would leave its place
 */
export function labelOf(operation: Operation, input: Values = {}): string {
  const { path = {} } = toParameters(operation, input);
  return `${operation.method.toUpperCase()} ${serializePath(operation.path, operation, path)}`;
}

/** Calls an operation as a part of a call, which may be a longer one. */
export async function callOperation(
  session: Session,
  operation: Operation,
  input: Values | undefined,
  call: Call,
): Promise<{ readonly data: unknown; readonly response: Response; readonly retryAfter: number }> {
  const params = toParameters(operation, input);
  const body = input?.["body"];
  // Mixed with streams, only the answer says which one it is.
  const isAlwaysJson = Object.values(operation.responses).flat().every(isJson);
  const { data, error, response } = await session.client.request(operation.method, operation.path, {
    ...prepareInit(session, operation, { params, body }, call),
    ...(body !== undefined && { body }),
    parseAs: isAlwaysJson ? "json" : "stream",
  });
  const pause = retryAfter(response.headers);
  if (!response.ok) throw new ApiError(call.label, response, error, pause);
  const isStream = !isAlwaysJson && contentKind(operation, response) === "stream";
  const isParsed = isAlwaysJson || isStream;
  return {
    data: isStream ? response : isParsed ? data : await response.json(),
    response,
    retryAfter: pause,
  };
}

function checkInput(operation: Operation, input: Values = {}): void {
  const { method, path, parameters, body } = operation;
  const label = `${method.toUpperCase()} ${path}`;
  for (const name of Object.keys(input)) {
    if (Object.hasOwn(parameters, name) || (name === "body" && body)) continue;
    const known = [...Object.keys(parameters), ...(body ? ["body"] : [])].join(", ");
    throw new TypeError(
      `${label} has no parameter ${JSON.stringify(name)}; it has ${known || "none"}`,
    );
  }
  for (const [name, { required, clientOption }] of Object.entries(parameters)) {
    const isMissing = required && !clientOption && (input[name] ?? undefined) === undefined;
    if (isMissing) throw new TypeError(`${label} requires ${name}`);
  }
  if (body?.required && input["body"] === undefined)
    throw new TypeError(`${label} requires a body`);
}

/** The parameters of an input by their names on the wire. What is left out is not sent. */
function toParameters({ parameters }: Operation, input: Values = {}): ParameterValues {
  const params: Record<string, Record<string, unknown>> = {};
  for (const [name, { in: place, name: wireName }] of Object.entries(parameters)) {
    const value = Object.hasOwn(input, name) ? input[name] : undefined;
    if (value !== undefined) (params[place] ??= {})[wireName] = value;
  }
  return params;
}

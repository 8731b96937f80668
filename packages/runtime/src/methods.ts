import { callBack, openCall, type Call, type CallOptions } from "./deadline.ts";
import { describe, isObject, isPlainObject, isText } from "./values.ts";
import { ApiError } from "./errors/api-error.ts";
import { callOptionNames, checkOptions, sessionOptionNames } from "./options.ts";
import { serializePath } from "./parameters.ts";
import { sendDirectly, withPreparedInit, type BoundOperation } from "./request.ts";
import { contentKind, discard, readResponse, type ParsedResponse } from "./response.ts";
import type { Session } from "./session.ts";
import type { Data, Input, Operation, Operations, Parameter, Supported } from "./types.ts";

export interface MethodOptions extends CallOptions {
  /**
   * Called with a successful response, for its status and headers. An error that it throws, also
   * asynchronously, ends the call.
   */
  readonly onResponse?: (response: Response) => unknown;
}

/** The method of an operation. Its input is optional if nothing in it is required. */
export type Method<Paths, Op extends Operation> =
  Record<never, never> extends Input<Paths, Op>
    ? (input?: Input<Paths, Op>, options?: MethodOptions) => Promise<Data<Paths, Op>>
    : (input: Input<Paths, Op>, options?: MethodOptions) => Promise<Data<Paths, Op>>;

/** A method for each operation that the runtime supports, with the operation's documentation. */
export type Methods<Paths, Ops, Names extends keyof Ops = Supported<Ops>> = {
  readonly [Name in Names]: Ops[Name] extends Operation ? Method<Paths, Ops[Name]> : never;
};

/**
 * Creates a method for each supported operation.
 *
 * @throws TypeError if the client has an unknown option or credential, or an option whose value cannot be sent
 */
export function createMethods<Paths, Ops extends Operations>(
  session: Session,
  operations: Ops,
): Methods<Paths, Ops> {
  const methods: Record<string, unknown> = {};
  const names: string[] = [];
  const schemes = new Set<string>();
  for (const [name, operation] of Object.entries(operations)) {
    if ("unsupported" in operation) continue;
    session.prepare(operation);
    for (const { scheme } of operation.authentication.flat()) schemes.add(scheme);
    for (const [option, { clientOption }] of Object.entries(operation.parameters)) {
      if (clientOption && !names.includes(option)) names.push(option);
    }
    methods[name] = async (input?: Values, options?: MethodOptions): Promise<unknown> => {
      const { data } = await invoke(session, bindOperation(operation, input), options);
      return data;
    };
  }
  checkOptions(session.options, sessionOptionNames, names);
  checkOptions(session.options.credentials, [], [...schemes], "credential");
  // The description provides these types. Nothing checks them at run time.
  return methods as Methods<Paths, Ops>;
}

const methodOptionNames = [...callOptionNames, "onResponse"];

type Values = Readonly<Record<string, unknown>>;

/**
 * Binds an operation to its input. Undefined values are not sent.
 *
 * @throws TypeError if the input has an unknown parameter, lacks a required one, or has a path parameter
 *   that would change the path
 */
export function bindOperation(operation: Operation, input: Values = {}): BoundOperation {
  const { parameters, body } = operation;
  const method = operation.method.toUpperCase();
  const fail = (fault: string): never => {
    throw new TypeError(`${method} ${operation.path} ${fault}`);
  };
  const known = (): string =>
    [...Object.keys(parameters), ...(body ? ["body"] : [])].join(", ") || "no parameters";
  if (!isPlainObject(input)) fail(`takes an object of ${known()}, not ${describe(input)}`);
  const params: { [Location in Parameter["in"]]?: Record<string, unknown> } = {};
  for (const name of Object.keys(input)) {
    const value = input[name];
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (!parameter && !(body && name === "body")) {
      fail(`has no parameter ${describe(name)}; it has ${known()}`);
    }
    if (parameter && value !== undefined) (params[parameter.in] ??= {})[parameter.name] = value;
  }
  for (const name in parameters) {
    const { required, clientOption } = parameters[name] ?? {};
    const value = Object.hasOwn(input, name) ? input[name] : undefined;
    if (required && !clientOption && (value ?? undefined) === undefined) fail(`requires ${name}`);
  }
  const content = body && input["body"];
  if (body?.required && content === undefined) fail("requires a body");
  if (content !== undefined && !hasJson(content)) fail(`sends JSON, and not ${describe(content)}`);
  const path = serializePath(operation, params.path);
  return { label: `${method} ${path}`, method, path, operation, params, body: content };
}

/** Whether a value has a JSON text that says what it holds: that of a map is `{}`, that of bytes a list. */
function hasJson(value: unknown): boolean {
  if (!isObject(value)) return value === null || isText(value);
  if (isPlainObject(value) || Array.isArray(value)) return true;
  return "toJSON" in value && !ArrayBuffer.isView(value);
}

/** Calls an operation as a call with its own deadline. */
export async function invoke(
  session: Session,
  operation: BoundOperation,
  options?: MethodOptions,
): Promise<{ readonly data: unknown; readonly call: Call }> {
  checkOptions(options, methodOptionNames);
  const call = openCall(operation, options, session.context);
  const { data, response } = await callOperation(session, operation, call);
  try {
    if (options?.onResponse) await callBack(call, options.onResponse, response);
  } catch (error) {
    discard(response);
    throw error;
  }
  return { data, call };
}

/** Calls an operation as a part of a call, which may send other requests as well. */
export async function callOperation(
  session: Session,
  bound: BoundOperation,
  call: Call,
): Promise<ParsedResponse> {
  const result = await (session.client
    ? sendThroughMiddleware(session, session.client, bound, call)
    : sendDirectly(session, bound, call));
  if (!result.response.ok) throw new ApiError(call, result.response, result.data);
  return result;
}

/** Sends a request through openapi-fetch, so that its middleware runs. */
async function sendThroughMiddleware(
  session: Session,
  client: NonNullable<Session["client"]>,
  bound: BoundOperation,
  call: Call,
): Promise<ParsedResponse> {
  const { operation, method } = bound;
  return withPreparedInit(session, operation, bound, call, async (init) => {
    const { error, response } = await client.request(operation.method, operation.path, {
      ...init,
      parseAs: "stream",
    });
    if (!response.ok) return { response, data: error === "" ? undefined : error };
    const kind = contentKind(operation.responses, method, response);
    if (kind === "json") return readResponse(call, response);
    return { response, data: kind === "stream" ? response : undefined };
  });
}

import { openCall, type Call, type CallOptions } from "./deadline.ts";
import { ApiError } from "./errors/api-error.ts";
import { callOptionNames, checkOptions } from "./options.ts";
import { serializePath } from "./parameters.ts";
import { prepareInit, sendPrepared, type BoundOperation, type PreparedInit } from "./request.ts";
import { contentKind, type Answer } from "./response.ts";
import { sessionOptionNames, type Session } from "./session.ts";
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
 * @throws TypeError if there is no such option of the client, or if one cannot be sent
 */
export function createMethods<Paths, Ops extends Operations>(
  session: Session,
  operations: Ops,
): Methods<Paths, Ops> {
  const methods: Record<string, unknown> = {};
  const names: string[] = [...sessionOptionNames];
  for (const [name, operation] of Object.entries(operations)) {
    if ("unsupported" in operation) continue;
    session.prepare(operation);
    for (const [option, { clientOption }] of Object.entries(operation.parameters)) {
      if (clientOption && !names.includes(option)) names.push(option);
    }
    methods[name] = async (input?: Values, options?: MethodOptions): Promise<unknown> => {
      const { data } = await invoke(session, bindOperation(operation, input), options);
      return data;
    };
  }
  checkOptions(session.options, names);
  // Typed by the description, which nobody checks at run time.
  return methods as Methods<Paths, Ops>;
}

const methodOptionNames = [...callOptionNames, "onResponse"];

type Values = Readonly<Record<string, unknown>>;

/**
 * Binds an operation to its input. What is undefined is not sent.
 *
 * @throws TypeError if the input has what the operation does not take, lacks what it requires, or has a
 *   path parameter that would leave its place
 */
export function bindOperation(operation: Operation, input: Values = {}): BoundOperation {
  const { parameters, body } = operation;
  const method = operation.method.toUpperCase();
  const fail = (fault: string): never => {
    throw new TypeError(`${method} ${operation.path} ${fault}`);
  };
  const params: Record<string, Record<string, unknown>> = {};
  for (const [name, value] of Object.entries(input)) {
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (!parameter && !(body && name === "body")) {
      const known = [...Object.keys(parameters), ...(body ? ["body"] : [])].join(", ");
      fail(`has no parameter ${JSON.stringify(name)}; it has ${known || "none"}`);
    }
    if (parameter && value !== undefined) (params[parameter.in] ??= {})[parameter.name] = value;
  }
  for (const [name, { required, clientOption }] of Object.entries(parameters)) {
    if (required && !clientOption && (input[name] ?? undefined) === undefined) {
      fail(`requires ${name}`);
    }
  }
  const content = body && input["body"];
  if (body?.required && content === undefined) fail("requires a body");
  const path = serializePath(operation.path, operation, params["path"] ?? {});
  return { label: `${method} ${path}`, method, path, operation, params, body: content };
}

/** Calls an operation by itself. */
export async function invoke(
  session: Session,
  operation: BoundOperation,
  options?: MethodOptions,
): Promise<{ readonly data: unknown; readonly call: Call }> {
  checkOptions(options, methodOptionNames);
  const call = openCall(operation, options, session.context);
  const { data, response } = await callOperation(session, operation, call);
  options?.onResponse?.(response);
  return { data, call };
}

/** Calls an operation as a part of a call, which may be a longer one. */
export async function callOperation(
  session: Session,
  bound: BoundOperation,
  call: Call,
): Promise<Answer> {
  const init = prepareInit(session, bound.operation, bound, call);
  const answer = await (session.client
    ? sendThroughMiddleware(session.client, bound, init)
    : sendPrepared(session, bound, init, call));
  if (!answer.response.ok) throw new ApiError(call, answer.response, answer.data);
  return answer;
}

/** Lets openapi-fetch send what is prepared. */
async function sendThroughMiddleware(
  client: NonNullable<Session["client"]>,
  { operation, method }: BoundOperation,
  init: PreparedInit,
): Promise<Answer> {
  const { error, response } = await client.request(operation.method, operation.path, {
    ...init,
    parseAs: "stream",
  });
  if (!response.ok) return { response, data: error };
  const kind = contentKind(operation.responses, method, response);
  if (kind === "stream") return { response, data: response };
  return { response, data: kind === "json" ? await response.json() : undefined };
}

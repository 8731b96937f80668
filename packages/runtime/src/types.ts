import type { Readable, Writable } from "./read-write.ts";

/** What `generate` writes of an operation: everything that decides what is sent, and what comes back. */
export interface Operation {
  readonly method: HttpMethod;
  readonly path: string;
  /** The servers that can be used as they are; empty if the client needs a `baseUrl`. */
  readonly servers: readonly string[];
  /** By the names that a client's input has. */
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly body?: { readonly required: boolean; readonly mediaTypes: readonly string[] };
  /** The media types of each success, by its status. */
  readonly responses: Readonly<Record<string, readonly string[]>>;
  /** Alternatives of sets. None: nothing is needed. An empty set: nothing is needed either. */
  readonly authentication: readonly (readonly Credential[])[];
  readonly job?: Job;
}

export type HttpMethod = "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace";

/** An operation that the runtime cannot call. */
export interface UnsupportedOperation {
  readonly method: HttpMethod;
  readonly path: string;
  readonly unsupported: string;
}

export interface Parameter {
  readonly in: "path" | "query" | "header";
  readonly name: string;
  readonly required: boolean;
  readonly style?:
    "simple" | "label" | "matrix" | "form" | "spaceDelimited" | "pipeDelimited" | "deepObject";
  readonly explode?: boolean;
  /** The media type of the value, in place of a style. */
  readonly content?: string;
  readonly allowReserved?: boolean;
  readonly type: string;
  readonly default?: unknown;
  /** Whether it is an option of the client, too. */
  readonly clientOption?: boolean;
}

/** What is sent for a security scheme, and where. */
export interface Credential {
  readonly scheme: string;
  readonly in: "header" | "query";
  readonly name: string;
  readonly prefix: string;
}

/** The states of a job that an operation reports. */
export interface Job {
  readonly property: string;
  readonly states: readonly string[];
  readonly succeeded: readonly string[];
  readonly failed: readonly string[];
}

export type Operations = Readonly<Record<string, Operation | UnsupportedOperation>>;

/** The names of the operations that the runtime can call. */
export type Supported<Ops> = {
  [Name in keyof Ops]: Ops[Name] extends Operation ? Name : never;
}[keyof Ops];

/** What the description's types say of an operation. */
type Described<Paths, Op extends Operation> = Op["path"] extends keyof Paths
  ? Op["method"] extends keyof Paths[Op["path"]]
    ? Paths[Op["path"]][Op["method"]]
    : never
  : never;

type Get<T, Key> = Key extends keyof T ? T[Key] : never;

/** The content of an answer or a body, by its media type. */
type ContentOf<T> = Get<NonNullable<T>, "content">;

type ParameterValue<Paths, Op extends Operation, Facts extends Parameter> = Exclude<
  Get<NonNullable<Get<Get<Described<Paths, Op>, "parameters">, Facts["in"]>>, Facts["name"]>,
  undefined
>;

type RequiredName<Parameters extends Operation["parameters"]> = {
  [Name in keyof Parameters]: Parameters[Name] extends { clientOption: true }
    ? never
    : Parameters[Name]["required"] extends true
      ? Name
      : never;
}[keyof Parameters];

type BodyOf<Paths, Op extends Operation> = Writable<
  Get<
    ContentOf<Get<Described<Paths, Op>, "requestBody">>,
    NonNullable<Op["body"]>["mediaTypes"][number]
  >
>;

/** One object type; without keys, one that takes none. */
type Simplify<T> = [keyof T] extends [never]
  ? { readonly [name: string]: never }
  : { [Key in keyof T]: T[Key] };

/** What a call of an operation takes: its parameters by their client names, and `body`. */
export type Input<Paths, Op extends Operation> = Simplify<
  {
    readonly [Name in RequiredName<Op["parameters"]>]: ParameterValue<
      Paths,
      Op,
      Op["parameters"][Name]
    >;
  } & {
    readonly [
      Name in Exclude<keyof Op["parameters"], RequiredName<Op["parameters"]>>
    ]?: ParameterValue<Paths, Op, Op["parameters"][Name]>;
  } & (Op extends { body: { required: true } }
      ? { readonly body: BodyOf<Paths, Op> }
      : Op extends { body: object }
        ? { readonly body?: BodyOf<Paths, Op> }
        : unknown)
>;

/** Media types whose values are parsed; others come as a `Response`. */
type IsJson<MediaType extends string> =
  Lowercase<MediaType> extends
    | "*/*"
    | "application/json"
    | `application/json;${string}`
    | `${string}+json`
    | `${string}+json;${string}`
    ? true
    : false;

type Value<Content, MediaType extends string> = MediaType extends string
  ? IsJson<MediaType> extends true
    ? Readable<Get<Content, MediaType>>
    : Response
  : never;

/** What a call of an operation gives: JSON as it is described, a `Response` for other content. */
export type Data<Paths, Op extends Operation> = {
  [Status in keyof Op["responses"]]: Op["responses"][Status] extends readonly []
    ? undefined
    : Value<
        ContentOf<ByStatus<Get<Described<Paths, Op>, "responses">, Status>>,
        Op["responses"][Status][number]
      >;
}[keyof Op["responses"]];

/** The types name a status by a number, the facts by a text. */
type ByStatus<Responses, Status> = {
  [Key in keyof Responses]: `${Key & (string | number)}` extends Status ? Responses[Key] : never;
}[keyof Responses];

/** What the description says of the statuses of an operation that are no success. */
export type Failures<Paths, Op extends Operation> = {
  [
    Status in keyof Get<
      Described<Paths, Op>,
      "responses"
    > as `${Status & (string | number)}` extends `2${string}` ? never : Status
  ]: Readable<
    Get<
      ContentOf<Get<Described<Paths, Op>, "responses">[Status]>,
      keyof ContentOf<Get<Described<Paths, Op>, "responses">[Status]>
    >
  >;
};

/** The names of the parameters that are options of the client. */
type ClientOptionName<Parameters> = {
  [Name in keyof Parameters]: Parameters[Name] extends { clientOption: true } ? Name : never;
}[keyof Parameters];

/** The options of a client that its description brings along. */
export type ClientParameters<Ops> = {
  readonly [
    Name in {
      [Key in keyof Ops]: Ops[Key] extends Operation
        ? ClientOptionName<Ops[Key]["parameters"]>
        : never;
    }[keyof Ops] &
      string
  ]?: string;
};

/** The names of the security schemes that operations use. */
export type SchemeName<Ops> = {
  [Key in keyof Ops]: Ops[Key] extends Operation
    ? Ops[Key]["authentication"][number][number]["scheme"]
    : never;
}[keyof Ops];

import type { Readable, Writable } from "./read-write.ts";

/** The facts of an operation, written by `generate`: all that decides what is sent and what is returned. */
export interface Operation {
  readonly method: HttpMethod;
  readonly path: string;
  /** The servers with a complete URL; empty if the client needs a `baseUrl`. */
  readonly servers: readonly string[];
  /** The parameters, by their names in the method's input. */
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly body?: { readonly required: boolean; readonly mediaTypes: readonly string[] };
  /** The media types of each successful response, by its status. */
  readonly responses: Readonly<Record<string, readonly string[]>>;
  /** Alternative sets of credentials. If there are none, or one is empty, no credentials are required. */
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
  /** The media type of the value, if it has one instead of a style. */
  readonly content?: string;
  readonly allowReserved?: boolean;
  readonly type: string;
  readonly default?: unknown;
  /** Whether the parameter is also an option of the client. */
  readonly clientOption?: boolean;
}

/** How the credential of a security scheme is sent. */
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

/** The names of the operations that the runtime supports. */
export type Supported<Ops> = {
  [Name in keyof Ops]: Ops[Name] extends Operation ? Name : never;
}[keyof Ops];

/** The description's type of an operation. */
type DescribedOperation<Paths, Op extends Operation> = Op["path"] extends keyof Paths
  ? Op["method"] extends keyof Paths[Op["path"]]
    ? Paths[Op["path"]][Op["method"]]
    : never
  : never;

/** A key that is a number in the description's types is a string in the facts. */
type Get<T, Key> = Key extends keyof T
  ? T[Key]
  : Key extends `${infer Numeric extends number & keyof T}`
    ? T[Numeric]
    : never;

/** The content of a response or a request body, by its media type. */
type ContentOf<T> = Get<NonNullable<T>, "content">;

type ParameterValue<Paths, Op extends Operation, Facts extends Parameter> = Writable<
  Exclude<
    Get<
      NonNullable<Get<Get<DescribedOperation<Paths, Op>, "parameters">, Facts["in"]>>,
      Facts["name"]
    >,
    undefined
  >
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
    ContentOf<Get<DescribedOperation<Paths, Op>, "requestBody">>,
    NonNullable<Op["body"]>["mediaTypes"][number]
  >
>;

/** Merges an intersection into one object type. A type without keys accepts no property. */
type Simplify<T> = [keyof T] extends [never]
  ? { readonly [name: string]: never }
  : { [Key in keyof T]: T[Key] };

/** The values of parameters. Their documentation is that of the facts, because the type maps over them. */
type ValuesOf<Paths, Op extends Operation, Parameters extends Operation["parameters"]> = {
  readonly [Name in keyof Parameters]: ParameterValue<Paths, Op, Parameters[Name]>;
};

/** The input of an operation's method: its parameters by their client names, and `body`. */
export type Input<Paths, Op extends Operation> = Simplify<
  ValuesOf<Paths, Op, Pick<Op["parameters"], RequiredName<Op["parameters"]>>> &
    Partial<ValuesOf<Paths, Op, Omit<Op["parameters"], RequiredName<Op["parameters"]>>>> &
    (Op extends { body: { required: true } }
      ? { readonly body: BodyOf<Paths, Op> }
      : Op extends { body: object }
        ? { readonly body?: BodyOf<Paths, Op> }
        : unknown)
>;

/** Whether values of a media type are parsed; others are returned as a `Response`. */
type IsJson<MediaType extends string> =
  Lowercase<MediaType> extends
    | "*/*"
    | "application/json"
    | `application/json;${string}`
    | `${string}+json`
    | `${string}+json;${string}`
    ? true
    : false;

type JsonOf<MediaType extends string> = MediaType extends string
  ? IsJson<MediaType> extends true
    ? MediaType
    : never
  : never;

/** If JSON is offered, the client requests nothing else. */
type Value<Content, MediaType extends string> = [JsonOf<MediaType>] extends [never]
  ? Response
  : Readable<Get<Content, JsonOf<MediaType>>>;

/** The result of an operation's method: the described JSON, or a `Response` for other content. */
export type Data<Paths, Op extends Operation> = {
  [Status in keyof Op["responses"]]: [Op["method"], Op["responses"][Status]] extends
    ["head", unknown] | [string, readonly []]
    ? undefined
    : Value<
        ContentOf<Get<Get<DescribedOperation<Paths, Op>, "responses">, Status>>,
        Op["responses"][Status][number]
      >;
}[keyof Op["responses"]];

/** The content that the description gives for an operation's statuses other than success. */
export type Failures<Paths, Op extends Operation> = {
  [
    Status in keyof Get<
      DescribedOperation<Paths, Op>,
      "responses"
    > as `${Status & (string | number)}` extends `2${string}` ? never : Status
  ]: Readable<
    Get<
      ContentOf<Get<DescribedOperation<Paths, Op>, "responses">[Status]>,
      keyof ContentOf<Get<DescribedOperation<Paths, Op>, "responses">[Status]>
    >
  >;
};

/** The names of the parameters that are options of the client. */
type ClientOptionName<Parameters> = {
  [Name in keyof Parameters]: Parameters[Name] extends { clientOption: true } ? Name : never;
}[keyof Parameters];

/** The options of a client that come from its description. */
export type ClientParameters<Paths, Ops> = {
  readonly [
    Name in {
      [Key in keyof Ops]: Ops[Key] extends Operation
        ? ClientOptionName<Ops[Key]["parameters"]>
        : never;
    }[keyof Ops] &
      string
  ]?: {
    [Key in keyof Ops]: Ops[Key] extends Operation
      ? Name extends keyof Ops[Key]["parameters"]
        ? ParameterValue<Paths, Ops[Key], Ops[Key]["parameters"][Name]>
        : never
      : never;
  }[keyof Ops];
};

/** The names of the security schemes that operations use. */
export type SchemeName<Ops> = {
  [Key in keyof Ops]: Ops[Key] extends Operation
    ? Ops[Key]["authentication"][number][number]["scheme"]
    : never;
}[keyof Ops];

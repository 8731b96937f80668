// Types of what is marked as readOnly or writeOnly. Those of openapi-typescript would make plain strings
// of open unions (`"known" | (string & {})`), and an intersection of every type that is written. Lists
// are written as such, because the compiler puts off what they hold, which may be themselves.

/** As openapi-typescript marks what only answers hold, and what only requests do. */
interface ReadMark<T> {
  readonly $read: T;
}
interface WriteMark<T> {
  readonly $write: T;
}

type Primitive = string | number | bigint | boolean | symbol | null | undefined;

/** The names of properties that have a mark, also where they may be missing. */
type Marked<T, Mark> = {
  [Name in keyof T]-?: [NonNullable<T[Name]>] extends [never]
    ? never
    : NonNullable<T[Name]> extends Mark
      ? Name
      : never;
}[keyof T];

/** What an answer holds: nothing that is written only. */
export type Readable<T> = T extends Primitive
  ? T
  : T extends ReadMark<infer Value>
    ? Readable<Value>
    : T extends readonly unknown[]
      ? T[number][] extends T
        ? Readable<T[number]>[]
        : { [Index in keyof T]: Readable<T[Index]> }
      : T extends object
        ? { [Name in keyof T as Exclude<Name, Marked<T, WriteMark<unknown>>>]: Readable<T[Name]> }
        : T;

/** What a request may hold: nothing that is read only. */
export type Writable<T> = T extends Primitive
  ? T
  : T extends WriteMark<infer Value>
    ? Writable<Value>
    : T extends readonly unknown[]
      ? T[number][] extends T
        ? Writable<T[number]>[]
        : { [Index in keyof T]: Writable<T[Index]> }
      : T extends object
        ? [Marked<T, ReadMark<unknown>>] extends [never]
          ? { [Name in keyof T]: Writable<T[Name]> }
          : {
              [Name in keyof T as Exclude<Name, Marked<T, ReadMark<unknown>>>]: Writable<T[Name]>;
            } & { readonly [Name in Marked<T, ReadMark<unknown>>]?: never }
        : T;

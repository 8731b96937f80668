// Types that apply readOnly and writeOnly. Those of openapi-typescript would turn open unions
// (`"known" | (string & {})`) into plain strings, and every writable type into an intersection. Arrays are
// spelled as `T[]`, because the compiler resolves their items lazily, and an item may contain its own type.

/** How openapi-typescript marks properties that occur only in responses, or only in requests. */
interface ReadMark<T> {
  readonly $read: T;
}
interface WriteMark<T> {
  readonly $write: T;
}

type Primitive = string | number | bigint | boolean | symbol | null | undefined;

/** The names of the properties that have a mark, including optional ones, but no index signature. */
type NamesWithMark<T, Mark> = keyof {
  [
    Name in keyof T as string extends Name
      ? never
      : number extends Name
        ? never
        : [NonNullable<T[Name]>] extends [never]
          ? never
          : NonNullable<T[Name]> extends Mark
            ? Name
            : never
  ]: 0;
};

/** A type as it occurs in responses: without write-only properties. */
export type Readable<T> = T extends Primitive
  ? T
  : T extends ReadMark<infer Value>
    ? Readable<Value>
    : T extends readonly unknown[]
      ? T[number][] extends T
        ? Readable<T[number]>[]
        : { [Index in keyof T]: Readable<T[Index]> }
      : T extends object
        ? {
            [Name in keyof T as Exclude<Name, NamesWithMark<T, WriteMark<unknown>>>]: Readable<
              T[Name]
            >;
          }
        : T;

/** A type as it occurs in requests: without read-only properties, and with lists that may be read-only. */
export type Writable<T> = T extends Primitive
  ? T
  : T extends WriteMark<infer Value>
    ? Writable<Value>
    : T extends readonly unknown[]
      ? T[number][] extends T
        ? readonly Writable<T[number]>[]
        : { readonly [Index in keyof T]: Writable<T[Index]> }
      : T extends object
        ? [NamesWithMark<T, ReadMark<unknown>>] extends [never]
          ? { [Name in keyof T]: Writable<T[Name]> }
          : {
              [Name in keyof T as Exclude<Name, NamesWithMark<T, ReadMark<unknown>>>]: Writable<
                T[Name]
              >;
            } & { readonly [Name in NamesWithMark<T, ReadMark<unknown>>]?: never }
        : T;

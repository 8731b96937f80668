import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeTemporaryFolder } from "../../command/temporary-folder.ts";
import { compareExports } from "../../judge/compare-exports.ts";

const released = `interface components { schemas: { Thing: { no: string } } }
type Thing = components["schemas"]["Thing"];
interface Job { id: string; state: "a" | (string & {}) }
interface Options { token: string; wait?: number }
declare class Client { get(id: string): Promise<Job>; all(): AsyncGenerator<Job>; row(): [string, number?, ...boolean[]] }
declare class Failure extends Error {
  #private;
  get reason(): string;
}
declare function create(options: Options): Client;
declare function read(thing: Thing): Thing;
export { create, read, Failure, type Client, type Job, type Options };
`;

const cases: readonly [
  what: string,
  text: string,
  replacement: string,
  rules: readonly string[],
][] = [
  ["nothing", "", "", []],
  ["a field of a result is added", "{ id", "{ more: string; id", ["minor result-added"]],
  ["a field of a result becomes optional", "{ id:", "{ id?:", ["major result-optional"]],
  ["a promise becomes nullable", "<Job>", "<Job | null>", ["major result-nullable"]],
  ["a known value is added", '"a" |', '"a" | "b" |', ["minor result-values"]],
  ["an option is added", "wait?", "more?: string; wait?", ["minor input-added"]],
  ["a required option is added", "wait?", "more: string; wait?", ["major input-required"]],
  ["an option becomes required", "wait?", "wait", ["major input-required"]],
  ["an optional argument is added", "(id: string", "(id: string, more?: 1", ["minor result-type"]],
  ["a required argument is added", "(id: string", "(id: string, more: 1", ["major result-type"]],
  [
    "a constructor requires other arguments",
    "get reason",
    "constructor(subject: string, code: number); get reason",
    ["major result-type"],
  ],
  ["an export is removed", ", type Job", "", ["major export-removed"]],
  [
    "the description changes, which is compared separately",
    "Thing: { no: string }",
    "Thing: { no: number; more: string }",
    [],
  ],
  ["an item of a tuple becomes optional", "[string,", "[string?,", ["major result-optional"]],
  ["an item of a tuple becomes required", "number?", "number", ["minor result-required"]],
  [
    "an item of a tuple changes its type",
    "number?",
    "string?",
    ["major result-widened", "minor result-narrowed"],
  ],
  [
    "the rest of a tuple becomes nullable",
    "boolean[]",
    "(boolean | null)[]",
    ["major result-nullable"],
  ],
  ["the rest of a tuple is removed", ", ...boolean[]", "", ["major result-removed"]],
  [
    "an argument no longer has the type from the description",
    "thing: Thing",
    "thing: { more: string }",
    ["major input-removed", "major input-required"],
  ],
  [
    "an export is renamed",
    "type Job,",
    "type Job as Task,",
    ["major export-removed", "minor export-added"],
  ],
];

// All cases share one program, because creating it takes seconds.
const reasons = await (async () => {
  await using root = await makeTemporaryFolder("exports");
  const entries = await Promise.all(
    cases.map(async ([what, text, replacement], index) => {
      const [before, after] = [
        join(root.path, `${index}-before.d.ts`),
        join(root.path, `${index}-after.d.ts`),
      ];
      await writeFile(before, released);
      await writeFile(after, released.replace(text, replacement));
      return [what, [before, after]] as const;
    }),
  );
  return compareExports(new Map(entries));
})();

test.each(cases)("%s", (what, _text, _replacement, rules) => {
  const own = reasons.filter(({ place }) => place.in === "export" && place.entry === what);
  expect(new Set(own.map(({ bump, rule }) => `${bump} ${rule}`))).toEqual(new Set(rules));
});

test("classes of the same name are described by their constructors", () => {
  const [{ message } = expect.fail()] = reasons.filter(
    ({ place }) =>
      place.in === "export" && place.entry === "a constructor requires other arguments",
  );
  expect(message).toMatch(
    /^It was `\(message\?: string.*\): Failure`.* and is now `\(subject: string, code: number\): Failure`$/u,
  );
  expect(reasons.filter(({ message: other }) => /It was (.+) and is now \1$/u.test(other))).toEqual(
    [],
  );
});

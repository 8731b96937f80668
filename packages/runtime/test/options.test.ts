import { runInNewContext } from "node:vm";
import { expect, expectTypeOf, test } from "vitest";
import { checkOptions, type callOptionNames, type sessionOptionNames } from "../src/options.ts";
import type { CallOptions } from "../src/deadline.ts";
import type { SessionOptions } from "../src/session.ts";

const names = [
  "timeout",
  "attemptTimeout",
  "idleTimeout",
  "interval",
  "maxRetries",
  "maxLineLength",
  "fetch",
  "onEvent",
  "onProgress",
  "onResponse",
  "onEnd",
  "findHostFault",
  "signal",
  "compress",
  "insecureHosts",
  "orgName",
];

test.each<[string, readonly unknown[], readonly unknown[]]>([
  ["timeout", [0, 1, Infinity], [-1, NaN, "1", null]],
  ["attemptTimeout", [1], [0, -1, NaN, "1"]],
  ["idleTimeout", [0.5], [0, NaN, "30"]],
  ["interval", [1], [0, -1, NaN, "1"]],
  ["maxRetries", [0, 3, Infinity], [-1, 1.5, NaN, "3"]],
  ["maxLineLength", [1], [1.5, "1"]],
  ["fetch", [fetch], ["fetch", {}]],
  ["onEvent", [() => 1], [true]],
  ["onProgress", [() => 1], [{}]],
  ["onResponse", [() => 1], [{}]],
  ["onEnd", [() => 1], [{}]],
  ["findHostFault", [() => 1], [{}]],
  ["compress", [true, false], ["yes", 1, null]],
  ["signal", [AbortSignal.abort()], [{}, { aborted: false }, new AbortController(), "abort"]],
  [
    "insecureHosts",
    [[], ["mock", "mock.example", "[fd00::1]"]],
    ["mock", {}, ["MOCK"], ["mock:8080"], ["fd00::1"], ["*.mock"], ["http://mock"], [""], [1]],
  ],
  ["orgName", ["acme", null], []],
])("%s is validated, and named if it is invalid", (name, right, wrong) => {
  for (const value of [...right, undefined]) {
    expect(() => checkOptions({ [name]: value }, names)).not.toThrow();
  }
  for (const value of wrong) {
    const check = (): void => checkOptions({ [name]: value }, names);
    expect(check).toThrow(TypeError);
    expect(check).toThrow(new RegExp(`^${name} must be .+, but is `));
  }
});

test("the objects of another realm are accepted", () => {
  const { signal } = new AbortController();
  // As in Jest, whose modules run in a VM but get the platform's objects.
  const foreign: unknown = runInNewContext("({ throwIfAborted() {} })");
  for (const value of [signal, foreign]) {
    expect(() => checkOptions({ signal: value }, names)).not.toThrow();
  }
  for (const options of [runInNewContext("({ timeout: 1 })"), Object.create(null)]) {
    expect(() => checkOptions(options, names)).not.toThrow();
  }
});

class Config {
  get timeout(): number {
    return 1;
  }
}

test.each([null, "timeout", 1, [], new Date(), new Map()])(
  "options must be an object, not %j",
  (options) => {
    expect(() => checkOptions(options, ["timeout", "signal"], ["q"])).toThrow(
      new TypeError("the options must be an object with timeout, signal, q"),
    );
    expect(() => checkOptions(options, [])).toThrow(
      new TypeError("the options must be an object with none"),
    );
  },
);

test.each([
  ["timeout", new Config()],
  ["q", Object.create({ q: 1 })],
])("option %s must not be inherited", (name, options) => {
  expect(() => checkOptions(options, ["timeout", "signal"], ["q"])).toThrow(
    new TypeError(`option ${name} must not be inherited`),
  );
});

test("an unknown option is named, with the known ones, and its value is not quoted", () => {
  expect(() => checkOptions({ timeOut: 1 }, ["timeout", "signal"])).toThrow(
    new TypeError("unknown option timeOut; the options are timeout, signal"),
  );
  expect(() => checkOptions({ timeout: NaN }, names)).toThrow(/but is NaN$/);
  expect(() => checkOptions({ timeout: "a-secret" }, names)).toThrow(/but is of type string$/);
  expect(() => checkOptions(undefined, names)).not.toThrow();
});

test("the lists of names have the names of the types", () => {
  expectTypeOf<(typeof sessionOptionNames)[number]>().toEqualTypeOf<keyof SessionOptions>();
  expectTypeOf<(typeof callOptionNames)[number]>().toEqualTypeOf<keyof CallOptions>();
});

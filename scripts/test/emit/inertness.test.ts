import { describe, expect, test } from "vitest";
import { CommandError } from "../../command/problem.js";
import { parseModule } from "../../emit/compile.ts";
import { proveInert } from "../../emit/inertness.ts";

function stop(text: string, kind: "types" | "constants"): string {
  try {
    proveInert(parseModule("a.ts", text), kind);
  } catch (error) {
    if (error instanceof CommandError) return error.message;
    throw error;
  }
  return "";
}

const refusal =
  /^a\.ts:\d+:\d+: The generated file would not be inert: .+\. Find the name or reference in the description that causes this, and correct it with an overlay action\.$/u;

describe("accepts", () => {
  test.each([
    [
      "types",
      "// A comment.\n\nexport interface A<T> extends B<T> {\n  'a': string;\n  [key: string]: T;\n}\ninterface B {}\n",
    ],
    ["types", "export type A = B['c'] | `x${string}` | (string & {}) | -1 | null | [a?: 1];\n"],
    [
      "constants",
      'export const a = { b: [1, -2.5e3, "c", true, false, null], "d-e": {} } as const;\n',
    ],
    ["constants", "/** A text. */\nexport const a = {} as const;\n"],
    ["constants", "export {};\n"],
    ["constants", "export const a = [] as const;\nexport const b = 'c' as const;\n"],
  ] as const)("%s: %j", (kind, text) => expect(stop(text, kind)).toBe(""));
});

describe("refuses among types", () => {
  test.each([
    "export const a = 1;",
    "const a = {} as const;",
    "declare const a: 1;",
    "declare let a: string;",
    "export enum A { B }",
    "declare const enum A { B }",
    "function f() {}",
    "declare function f(): void;",
    "class A {}",
    "declare class A {}",
    "namespace A { export const b = 1; }",
    'declare module "a" {}',
    "declare global {}",
    'import "a";',
    'import type { A } from "a";',
    'import a = require("a");',
    'export * from "a";',
    'export type { A } from "a";',
    "export {};",
    "export default 1;",
    "export = a;",
    "export as namespace a;",
    "f();",
    '"use strict";',
    ";",
    "{}",
    "if (a) b();",
    "a: 1;",
    'type A = import("a").B;',
    'type A = typeof import("a");',
    "type A = typeof process;",
    "interface A { b: { c: typeof d } }",
    "interface A { b: string",
    "type A = ;",
    "type A = 1; f(); type B = 2;",
    '/// <reference path="a.ts" />\ntype A = 1;',
    '/// <reference types="node" />\ntype A = 1;',
    '/// <reference lib="dom" />\ntype A = 1;',
    "// \u202e\ntype A = 1;",
    'type A = "\u2066";',
  ])("%j", (text) => expect(stop(text, "types")).toMatch(refusal));
});

describe("refuses among constants", () => {
  test.each([
    "export { a };",
    'export {} from "a";',
    "export type {} ;export default 1;",
    "const a = 1 as const;",
    "export let a = 1 as const;",
    "export var a = 1 as const;",
    "export declare const a = 1 as const;",
    "export const a = 1;",
    "export const a = 1 as number;",
    "export const a = 1 as const satisfies number;",
    "export const a = 1 as const, b = f() as const;",
    "export const { a } = {} as const;",
    "export const a = f() as const;",
    "export const a = new A() as const;",
    "export const a = b as const;",
    "export const a = undefined as const;",
    "export const a = b.c as const;",
    "export const a = (1) as const;",
    "export const a = (() => 1) as const;",
    "export const a = function () {} as const;",
    "export const a = `b` as const;",
    "export const a = `${b}` as const;",
    "export const a = b`c` as const;",
    "export const a = /b/ as const;",
    "export const a = 1n as const;",
    "export const a = +1 as const;",
    "export const a = -b as const;",
    "export const a = !1 as const;",
    "export const a = (1, 2) as const;",
    "export const a = [,] as const;",
    "export const a = [...b] as const;",
    "export const a = { ...b } as const;",
    "export const a = { b } as const;",
    "export const a = { [b]: 1 } as const;",
    'export const a = { ["b"]: 1 } as const;',
    "export const a = { b() {} } as const;",
    "export const a = { get b() { return 1; } } as const;",
    "export const a = { __proto__: {} } as const;",
    'export const a = { "__proto__": {} } as const;',
    String.raw`export const a = { "\u005f_proto__": {} } as const;`,
    "export const a = [{ b: [f()] }] as const;",
    "export const a = {",
    "export type A = 1;",
    "export interface A {}",
    'import "a";',
    "f();",
    '/// <reference types="node" />\nexport const a = 1 as const;',
    'export const a = "\u202e" as const;',
  ])("%j", (text) => expect(stop(text, "constants")).toMatch(refusal));
});

test("names the line and the column", () => {
  expect(stop("type A = 1;\n  f();\n", "types")).toBe(
    "a.ts:2:3: The generated file would not be inert: ExpressionStatement is not allowed there. Find the name or reference in the description that causes this, and correct it with an overlay action.",
  );
});

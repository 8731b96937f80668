import { join } from "node:path";
import { expect, test } from "vitest";
import { compareExports } from "../judge/compare-exports.ts";
import { makeProject } from "./project.ts";

const released = `interface Job { id: string; state: "a" | (string & {}) }
interface Options { token: string; wait?: number }
declare class Client { get(id: string): Promise<Job>; all(): AsyncGenerator<Job> }
declare function create(options: Options): Client;
export { create, type Client, type Job, type Options };
`;

test.each<[what: string, text: string, replacement: string, rules: readonly string[]]>([
  ["nothing", "", "", []],
  ["a field of a result is new", "{ id", "{ more: string; id", ["minor result-added"]],
  ["a field of a result may be missing", "{ id:", "{ id?:", ["major result-optional"]],
  ["a promise may be of null", "<Job>", "<Job | null>", ["major result-nullable"]],
  ["a known value is new", '"a" |', '"a" | "b" |', ["minor result-values"]],
  ["an option is new", "wait?", "more?: string; wait?", ["minor input-added"]],
  ["a required option is new", "wait?", "more: string; wait?", ["major input-required"]],
  ["an option becomes required", "wait?", "wait", ["major input-required"]],
  ["an optional argument is new", "(id: string", "(id: string, more?: 1", ["minor result-type"]],
  ["a required argument is new", "(id: string", "(id: string, more: 1", ["major result-type"]],
  ["an export is gone", ", type Job", "", ["major export-removed"]],
  [
    "an export has another name",
    "type Job,",
    "type Job as Task,",
    ["major export-removed", "minor export-added"],
  ],
])("%s", async (_what, text, replacement, rules) => {
  const root = await makeProject({
    "released/index.d.ts": released,
    "dist/index.d.ts": released.replace(text, replacement),
  });
  const entry = [join(root, "released/index.d.ts"), join(root, "dist/index.d.ts")] as const;
  const reasons = compareExports(new Map([["index", entry]]));
  expect(new Set(reasons.map(({ bump, rule }) => `${bump} ${rule}`))).toEqual(new Set(rules));
});

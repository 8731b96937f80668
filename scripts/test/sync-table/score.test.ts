import { describe, expect, test } from "vitest";
import { absorbed, either, set, stopped } from "../../sync-table/change.ts";
import { kinds } from "../../sync-table/changes/kinds.ts";
import { Draft } from "../../sync-table/draft.ts";
import { score } from "../../sync-table/score.ts";

const edits = [set("root.x", 1)];
const minor = absorbed("It was added", "minor", edits);
const named = stopped("It was removed", ["id|job_id"], edits);

const judgedAs = (bump: "none" | "minor" | "major") => ({ verdict: { bump, why: [] } });

describe("a change is", () => {
  test.each([
    ["absorbed, if nothing stops it and its bump is right", minor, judgedAs("minor"), "absorbed"],
    ["silent, if its bump is too low", minor, judgedAs("none"), "silent"],
    ["overstrict, if its bump is too high", minor, judgedAs("major"), "overstrict"],
    ["overstrict, if it stops and should not", minor, { stop: "It was added" }, "overstrict"],
    ["silent, if the calls fail", minor, { ...judgedAs("minor"), fault: "500" }, "silent"],
    ["silent, if nothing stops a change that should stop", named, judgedAs("major"), "silent"],
    ["named, if the message has the word", named, { stop: "The id is gone" }, "named"],
    ["not named by a part of a word", named, { stop: "It is void" }, "unnamed"],
    ["not named by an internal error", named, { stop: "internal error: id" }, "unnamed"],
    ["right either way", either("x", "minor", ["id"], edits), { stop: "id" }, "named"],
  ] as const)("%s", (_, change, trial, outcome) => {
    expect(score("Kind", change, trial).outcome).toBe(outcome);
  });
});

test("the table has no duplicate changes, and each one that stops has words that name it", () => {
  const changes = kinds.flatMap((kind) => kind.changes);
  const names = changes.map(({ change }) => change);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  expect(changes.length).toBeGreaterThan(150);
  for (const { expected, names: words } of changes) {
    if (expected === "stopped") expect(words.length).toBeGreaterThan(0);
  }
});

test("an edit that changes nothing is an error in the table", () => {
  const draft = new Draft({ a: { b: [1] } });
  draft.add("a.b", 2);
  expect(draft.description).toEqual({ a: { b: [1, 2] } });
  expect(() => draft.set("a.b", [1, 2])).toThrow("a.b is that already");
  expect(() => draft.remove("a.c")).toThrow("a.c is not there");
  expect(() => draft.drop("a.b", 3)).toThrow("a.b has no 3");
});

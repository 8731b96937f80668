import { describe, expect, test } from "vitest";
import { CommandError } from "../../command/problem.js";
import type { Place } from "../../judge/place.ts";
import type { Rule } from "../../judge/rules.ts";
import { toVerdict, type Reason, type Verdict } from "../../judge/verdict.ts";
import type { Changeset } from "../../release/changeset.ts";
import { describeChange } from "../../release/describe-change.ts";
import { plan as planIn } from "../../release/plan.ts";

const names = new Map([["GET /things/{id}", { method: "getThing", id: "get_old" }]]);
const at = (...keyPath: string[]): Place => ({
  in: "operation",
  method: "get",
  path: "/things/{id}",
  keyPath,
});
const json = ["responses", "200", "content", "application/json"];
const api: Place = { in: "description", keyPath: [] };

const makeReason = (
  bump: Reason["bump"],
  rule: Rule,
  place: Place,
  message: string,
  witness: Reason["witness"] = "types",
): Reason => ({ bump, witness, rule, place, message });
const removedField = makeReason("major", "result-removed", at(...json, "note"), "It was removed");
const addedField = makeReason("minor", "result-added", at(...json, "expires_at"), "It was added");
const removedFieldInDiff = makeReason(
  "major",
  "property-removed",
  at(...json, "note"),
  "Property `note` was removed.",
  "diff",
);
const texts = makeReason("patch", "texts-changed", api, "Only descriptive texts changed");
const server = makeReason("major", "server", at("servers"), "Requests went elsewhere");

const field = (name: string): Reason => {
  const place: Place = { in: "export", entry: "index.d.ts", name, keyPath: ["job", "note"] };
  return makeReason("major", "result-removed", place, "It was removed");
};
const componentField = makeReason(
  "major",
  "result-removed",
  { in: "component", section: "schemas", name: "Unused", keyPath: ["note"] },
  "It was removed",
);
const movedText = (to: string): string =>
  `The API has changed.\n\n**BREAKING**\n\n- \`getThing\`: it moved from \`GET /things/{id}\` to \`${to}\`. The client's methods already use the new path; change it wherever your code has it.`;

const plan = (verdict: Verdict, version: string, known: typeof names, earlier?: Changeset) =>
  planIn(verdict, version, known, ".changeset/things-api-description.md", earlier);

describe("describeChange", () => {
  test("says what breaks, how to adapt, and what is new, in the client's terms", () => {
    expect(describeChange(toVerdict([removedField, addedField, removedFieldInDiff]), names)).toBe(
      [
        "The API has changed.",
        "**BREAKING**",
        "- `getThing`, response 200, `note`: it was removed. Stop using it.",
        "**Added**",
        "- `getThing`, response 200, `expires_at`: it was added.",
      ].join("\n\n"),
    );
  });

  test("keeps the vendor's texts from mentioning users or closing issues", () => {
    const place = at(...json, "note` @somebody fixes #1");
    const text = describeChange(
      toVerdict([makeReason("minor", "result-added", place, "It is <b>")]),
      names,
    );
    expect(text).toContain("` @\u2060somebody fixes #\u20601`: it is <\u2060b>.");
  });

  test("reports the change of a field in many places once", () => {
    const places = [field("A"), field("B"), field("C")];
    expect(describeChange(toVerdict([...places, removedField]), names)).toMatch(
      /\*\*BREAKING\*\*\n\n- `getThing`, response 200, `note`: it was removed\. Stop using it\.$/u,
    );
    expect(describeChange(toVerdict(places), names)).toContain(
      "\n\n- `A.job.note`; `B.job.note` and `C.job.note`: it was removed.",
    );
    expect(describeChange(toVerdict(places.slice(1)), names)).toContain(
      "`B.job.note` and `C.job.note`: it was removed.",
    );
  });

  test("gives each direction of a field its own remedy", () => {
    const inBody = at("requestBody", "content", "application/json", "note");
    const inInput = makeReason("major", "input-removed", inBody, "It was removed");
    expect(describeChange(toVerdict([removedField, inInput, componentField]), names)).toContain(
      [
        "- `getThing`, response 200, `note` and `Unused.note`: it was removed. Stop using it.",
        "- `getThing`, body, `note`: it was removed. Stop passing it.",
      ].join("\n"),
    );
  });

  test("reports a removed, added or renamed method once, and not as a key of the client", () => {
    const method = (bump: Reason["bump"], rule: Rule, message: string, ...keyPath: string[]) =>
      makeReason(
        bump,
        rule,
        { in: "export", entry: "index.d.ts", name: "Client", keyPath },
        message,
      );
    const read: Place = { in: "operation", method: "get", path: "/things", keyPath: [] };
    const known = new Map([...names, ["GET /things", { method: "readThings", id: "things" }]]);
    const renaming = {
      ...makeReason(
        "major",
        "operation-renamed",
        read,
        "Its method `listThings` is now `readThings`",
      ),
      renamed: { from: "listThings", to: "readThings" },
    };
    const verdict = toVerdict([
      makeReason("major", "operation-removed", at(), "It was removed"),
      renaming,
      method("major", "result-removed", "It was removed", "getThing"),
      method("major", "result-removed", "It was removed", "listThings"),
      method("minor", "result-added", "It was added", "readThings"),
      method("minor", "result-added", "It was added", "exportThings"),
    ]);
    expect(describeChange(verdict, known)).toBe(
      [
        "The API has changed.",
        "**BREAKING**",
        [
          "- `getThing`: it was removed. Call its replacement.",
          "- `readThings`: its method `listThings` is now `readThings`. Call it by its new name.",
        ].join("\n"),
        "**Added**",
        "- `Client.exportThings`: it was added.",
      ].join("\n\n"),
    );
  });

  describe("an operation whose path or method changed", () => {
    const v2: Place = { in: "operation", method: "get", path: "/v2/things/{id}", keyPath: [] };
    const put: Place = { ...v2, method: "put" };
    const pathRenamed = "Path `/things/{id}` was renamed to `/v2/things/{id}`.";
    const path = {
      ...makeReason("major", "path-removed", api, pathRenamed, "diff"),
      renamed: { from: "/things/{id}", to: "/v2/things/{id}" },
    };
    const removed = makeReason("major", "operation-removed", at(), "It was removed");
    const added = (place: Place): Reason =>
      makeReason("minor", "operation-added", place, "It was added");
    test("has moved, if its path was renamed", () => {
      expect(describeChange(toVerdict([path, removed, added(v2)]), names)).toBe(
        movedText("GET /v2/things/{id}"),
      );
    });

    test("has moved, if it kept its name", () => {
      const known = new Map([
        ...names,
        ["PUT /v2/things/{id}", { method: "getThing", id: "get_old" }],
      ]);
      expect(describeChange(toVerdict([removed, added(put)]), known)).toBe(
        movedText("PUT /v2/things/{id}"),
      );
    });

    test("has moved, and its new name is reported", () => {
      const known = new Map([
        ...names,
        ["GET /v2/things/{id}", { method: "getThingAgain", id: "get_new" }],
      ]);
      expect(describeChange(toVerdict([path, removed, added(v2)]), known)).toContain(
        "`GET /v2/things/{id}` and is now named `getThingAgain`. Call it by its new name.",
      );
    });

    const types = (
      [
        ["major", "type-removed", "get_old", "The type with this name was removed"],
        ["minor", "type-added", "get_new", "The type with this name was added"],
      ] as const
    ).map(([bump, rule, id, message]) =>
      makeReason(bump, rule, { in: "description", keyPath: ["operations", id] }, message),
    );
    const known = new Map([
      ...names,
      ["GET /v2/things/{id}", { method: "getThing", id: "get_new" }],
      ["PUT /v2/things/{id}", { method: "putThing", id: "get_new" }],
    ]);

    test("has renamed types, if its operationId changed as well", () => {
      const text = describeChange(toVerdict([path, removed, added(v2), ...types]), known);
      expect(text).toContain(
        "- `operations.get_old`: its name is now `operations.get_new`. Use the type that replaces it.",
      );
      expect(text).not.toContain("**Added**");
    });

    test("is reported once, without its path and its types, if it was removed", () => {
      const paths: Place = { in: "description", keyPath: ["paths", "/things/{id}"] };
      const pathRemoved = makeReason("major", "path-removed", paths, "It was removed", "diff");
      const verdict = toVerdict([pathRemoved, removed, added(put), ...types]);
      expect(describeChange(verdict, known)).toBe(
        [
          "The API has changed.",
          "**BREAKING**",
          "- `getThing`: it was removed. Call its replacement.",
          "**Added**",
          "- `putThing`: it was added.",
        ].join("\n\n"),
      );
    });

    test("is removed, if a different operation replaced it", () => {
      const text = describeChange(toVerdict([path, removed, added(put)]), names);
      expect(text).toContain(
        "- The API: path `/things/{id}` was renamed to `/v2/things/{id}`. The cl",
      );
      expect(text).toContain("- `getThing`: it was removed. ");
      expect(text).toContain("**Added**\n\n- `PUT /v2/things/{id}`: it was added.");
    });
  });

  test("reports a change that types do not show, along with others", () => {
    const place = at("parameters", "query", "ids");
    const message = "`explode` of `ids` query parameter was set to 'false'.";
    const hidden = makeReason("major", "parameter-serialization-changed", place, message, "diff");
    expect(describeChange(toVerdict([removedField, hidden]), names)).toContain(
      "- `getThing`, `ids`: `explode` of `ids` query parameter was set to 'false'. Check",
    );
  });

  test("reports a change of an operation that both witnesses see once", () => {
    const facts = makeReason(
      "major",
      "serialization",
      at("parameters", "ids"),
      "Its serialization changed",
    );
    const of = (method: string): Reason => {
      const place: Place = {
        in: "operation",
        method,
        path: "/things/{id}",
        keyPath: ["parameters", "ids"],
      };
      return makeReason("major", "parameter-serialization-changed", place, "It differs", "diff");
    };
    const text = describeChange(toVerdict([facts, of("get"), of("put")]), names);
    expect(text).toContain("- `getThing`, `ids`: its serialization changed.");
    expect(text).not.toContain("`getThing`, `ids`: it differs");
    expect(text).toContain("- `PUT /things/{id}`, `ids`: it differs.");
  });

  test.each<[Place, string]>([
    [at("parameters", "query", "limit"), "`getThing`, `limit`"],
    [at("parameters", "limit"), "`getThing`, `limit`"],
    [at(), "`getThing`"],
    [at("servers"), "`getThing`, `servers`"],
    [at("requestBody"), "`getThing`, body"],
    [at(...json), "`getThing`, response 200, `application/json`"],
    [at("responses", "200", "headers", "x-left"), "`getThing`, response 200, `headers.x-left`"],
    [
      {
        in: "operation",
        method: "put",
        path: "/things/{id}",
        keyPath: ["requestBody", "content", "application/json", "keys", "[]", "key"],
      },
      "`PUT /things/{id}`, body, `keys[].key`",
    ],
    [{ in: "export", entry: "index.d.ts", name: "ExportJob", keyPath: ["id"] }, "`ExportJob.id`"],
    [{ in: "component", section: "schemas", name: "Thing", keyPath: ["id"] }, "`Thing.id`"],
    [{ in: "description", keyPath: ["operations", "getThing"] }, "`operations.getThing`"],
    [api, "The API"],
  ])("names the place of %j", (place, text) => {
    const reason = makeReason("major", "result-removed", place, "It was removed");
    expect(describeChange(toVerdict([reason]), names)).toContain(`\n- ${text}: `);
  });

  test("gives a remedy even for a rule without its own", () => {
    const reason = makeReason("major", "other-modified", api, "Something went");
    expect(describeChange(toVerdict([reason]), names)).toContain(
      "something went. Check where your code depends on it.",
    );
  });

  test("lists a patch that changes more than texts", () => {
    const shorter = makeReason(
      "patch",
      "schema-constraint-changed",
      at(...json, "note"),
      "It is shorter",
      "diff",
    );
    expect(describeChange(toVerdict([shorter]), names)).toBe(
      "The API has changed.\n\n**Changed**\n\n- `getThing`, response 200, `note`: it is shorter.",
    );
  });

  test("says that only texts changed", () => {
    expect(describeChange(toVerdict([texts]), names)).toBe(
      "The vendor reworded some texts about the API.",
    );
  });
});

describe("plan", () => {
  test.each<[Reason[], string, Changeset["bump"] | undefined]>([
    [[], "0.1.0", undefined],
    [[texts], "0.1.0", "patch"],
    [[addedField], "0.1.0", "minor"],
    [[removedField], "0.1.0", "minor"],
    [[removedField], "1.0.0", "major"],
    [[addedField, removedField], "10.2.3", "major"],
  ])("moves the version by the highest bump, less in 0.x", (reasons, version, bump) => {
    expect(plan(toVerdict(reasons), version, names)?.bump).toBe(bump);
  });

  test("a major change in 0.x is still called breaking", () => {
    expect(plan(toVerdict([removedField]), "0.1.0", names)?.text).toContain("**BREAKING**");
  });

  const verdict = toVerdict([removedField]);
  const firstPlan = plan(verdict, "1.2.3", names) ?? expect.fail();

  test("plans the same again, and more after further changes", () => {
    expect(plan(verdict, "1.2.3", names, firstPlan)).toEqual(firstPlan);
    const before = plan(toVerdict([addedField]), "1.2.3", names);
    expect(plan(verdict, "1.2.3", names, before)).toEqual(firstPlan);
  });

  test("refuses a changeset with a lower bump, and names both", () => {
    const lower = (): unknown => plan(verdict, "1.2.3", names, { ...firstPlan, bump: "minor" });
    expect(lower).toThrow(CommandError);
    expect(lower).toThrow(
      /Its bump is minor, but the judge requires major: .*note It was removed.*Overruled/u,
    );
    const none = plan(toVerdict([addedField]), "1.2.3", names) ?? expect.fail();
    const patch = { ...none, bump: "patch", text: `${none.text}\n\nOverruled: no` } as const;
    expect(() => plan(toVerdict([addedField]), "1.2.3", names, patch)).toThrow(
      /only a major change/u,
    );
  });

  test("ends no message with two full stops", () => {
    const found = toVerdict([removedFieldInDiff]);
    const earlier = plan(found, "1.2.3", names) ?? expect.fail();
    expect(() => plan(found, "1.2.3", names, { ...earlier, bump: "minor" })).toThrow(
      /`note` was removed\. Give a reason/u,
    );
  });

  test("a reason overrules a major change, and appears in the changelog", () => {
    const text = `${firstPlan.text}\n\nOverruled: the server never sent it.`;
    const overruled = plan(verdict, "1.2.3", names, { ...firstPlan, bump: "patch", text });
    expect(overruled?.bump).toBe("patch");
    expect(overruled?.text).toContain("\n\nOverruled: the server never sent it.");
    expect(overruled?.text).not.toContain("BREAKING");
    expect(plan(verdict, "1.2.3", names, overruled)).toEqual(overruled);
    // In 0.x the bump may stay the same: only the text says that nothing breaks.
    const early = plan(verdict, "0.1.0", names, { ...firstPlan, bump: "minor", text });
    expect(early).toMatchObject({ bump: "minor", text: overruled?.text });
  });

  test.each(["\n", "\r\n"])("a reason may have several lines, which end with %j", (end) => {
    const reason = ["Overruled: the server", "never sent it,", "ever.", "", "Other words"].join(
      end,
    );
    const text = `${firstPlan.text}\n\n${reason}`;
    const overruled = plan(verdict, "1.2.3", names, { ...firstPlan, bump: "patch", text });
    expect(overruled?.text).toMatch(/\n\nOverruled: the server never sent it, ever\.(?:\n\n|$)/u);
    expect(plan(verdict, "1.2.3", names, overruled)).toEqual(overruled);
  });

  test("an overrule lowers only major changes", () => {
    const both = toVerdict([removedField, addedField]);
    const { judged, text } = plan(both, "1.2.3", names) ?? expect.fail();
    const overruled = { judged, text: `${text}\n\nOverruled: the server never sent it.` };
    expect(plan(both, "1.2.3", names, { ...overruled, bump: "minor" })?.bump).toBe("minor");
    for (const version of ["0.1.0", "1.2.3"]) {
      expect(() => plan(both, version, names, { ...overruled, bump: "patch" })).toThrow(
        /Its bump is patch, but the judge requires minor: .*expires_at It was added\. Remove the file/u,
      );
    }
    const none = { ...firstPlan, text: overruled.text, bump: "none" } as const;
    expect(() => plan(verdict, "1.2.3", names, none)).toThrow(/the judge requires patch: .*note/u);
  });

  test("a bump that a person raised stays raised, whatever else changes", () => {
    const raised = { ...(plan(toVerdict([addedField]), "0.1.0", names) ?? expect.fail()) };
    const major = { ...raised, bump: "major" } as const;
    for (const reasons of [[addedField], [texts], [addedField, removedField]]) {
      expect(plan(toVerdict(reasons), "0.1.0", names, major)?.bump).toBe("major");
    }
    // A bump that the judge itself had raised is judged again.
    expect(plan(toVerdict([addedField]), "1.2.3", names, firstPlan)?.bump).toBe("minor");
  });

  test("a reason has to have words, and does not cover another change", () => {
    const empty = { ...firstPlan, bump: "patch", text: "Overruled: \n\nOverruled:" } as const;
    expect(() => plan(verdict, "1.2.3", names, empty)).toThrow(/requires major/u);
    const text = `${firstPlan.text}\n\nOverruled: the server never sent it.`;
    const more = toVerdict([removedField, server]);
    expect(() => plan(more, "1.2.3", names, { ...firstPlan, bump: "patch", text })).toThrow(
      /overrules a different change/u,
    );
  });
});

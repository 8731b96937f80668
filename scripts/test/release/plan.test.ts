import { describe, expect, test } from "vitest";
import { Stop } from "../../command/problem.ts";
import { toVerdict, type Reason, type Verdict } from "../../judge/verdict.ts";
import type { Changeset } from "../../release/changeset.ts";
import { describeChange } from "../../release/describe-change.ts";
import { plan as planIn } from "../../release/plan.ts";

const names = new Map([["GET /things/{id}", "getThing"]]);
const answer = "GET /things/{id} responses.200.content.application/json";

const said = (bump: Reason["bump"], rule: string, where: string, message: string): Reason => ({
  bump,
  witness: where.startsWith("#") ? "wire" : "consumer",
  rule,
  where,
  message,
});
const gone = said("major", "result-removed", `${answer}.note`, "It is gone");
const fresh = said("minor", "result-added", `${answer}.expires_at`, "It is new");
const wireGone = said("major", "property-removed", "#/paths/x", "Property `note` was removed.");
const texts = said("patch", "texts-changed", "schema.ts", "Only the texts for people changed");

const plan = (verdict: Verdict, version: string, known: typeof names, earlier?: Changeset) =>
  planIn(verdict, version, known, ".changeset/things-api-description.md", earlier);

describe("describeChange", () => {
  test("says what breaks, with what to do, and what is new, in the words of the client", () => {
    expect(describeChange(toVerdict([gone, fresh, wireGone]), names)).toBe(
      [
        "The client follows a change of the API.",
        "**BREAKING**",
        "- `getThing`, answer 200, `note`: it is gone. Do not read it any more.",
        "**Added**",
        "- `getThing`, answer 200, `expires_at`: it is new.",
      ].join("\n\n"),
    );
  });

  test("says where a path has moved to, which only the wire sees", () => {
    const moved = "Path `/things/{id}` was renamed to `/v2/things/{id}`.";
    const text = describeChange(
      toVerdict([
        said("major", "path-removed", "#/paths/x", moved),
        said("major", "operation-removed", "GET /things/{id}", "It is gone"),
        said("minor", "operation-added", "GET /v2/things/{id}", "It is new"),
      ]),
      names,
    );
    expect(text).toContain(
      "- The API: path `/things/{id}` was renamed to `/v2/things/{id}`. The cl",
    );
    expect(text).toContain("- `getThing`: it is gone. ");
    expect(text).toContain("**Added**\n\n- `GET /v2/things/{id}`: it is new.");
  });

  test.each<[Reason, string]>([
    [
      said("major", "parameter", "GET /things/{id} parameters.query.limit", "It is gone"),
      "`getThing`, `limit`",
    ],
    [
      said(
        "major",
        "input-required",
        "PUT /things/{id} requestBody.content.application/json.key",
        "It is required now",
      ),
      "`PUT /things/{id}`, body, `key`",
    ],
    [said("major", "export-removed", "index.d.ts ExportJob", "It is gone"), "`ExportJob`"],
    [said("major", "server", "servers", "Requests went elsewhere"), "`servers`"],
    [said("major", "property-removed", "#/paths/x", "A property went."), "The API"],
  ])("names the place of %j", (reason, place) => {
    expect(describeChange(toVerdict([reason]), names)).toContain(`\n- ${place}: `);
  });

  test("knows what to do even about a rule that it does not know", () => {
    const reason = said("major", "unheard-of", "#/paths/x", "Something went");
    expect(describeChange(toVerdict([reason]), names)).toContain(
      "something went. Look at where you depend on it.",
    );
  });

  test("says of texts alone that they are all that changed", () => {
    expect(describeChange(toVerdict([texts]), names)).toBe(
      "The vendor says some things about the API in other words.",
    );
  });
});

describe("plan", () => {
  test.each<[Reason[], string, Changeset["move"] | undefined]>([
    [[], "0.1.0", undefined],
    [[texts], "0.1.0", "patch"],
    [[fresh], "0.1.0", "minor"],
    [[gone], "0.1.0", "minor"],
    [[gone], "1.0.0", "major"],
    [[fresh, gone], "10.2.3", "major"],
  ])("moves the version by the gravest reason, less in 0.x", (reasons, version, move) => {
    expect(plan(toVerdict(reasons), version, names)?.move).toBe(move);
  });

  test("a major change in 0.x is still called breaking", () => {
    expect(plan(toVerdict([gone]), "0.1.0", names)?.text).toContain("**BREAKING**");
  });

  const verdict = toVerdict([gone]);
  const planned = plan(verdict, "1.2.3", names) ?? expect.fail();

  test("plans the same again, and more when more has changed", () => {
    expect(plan(verdict, "1.2.3", names, planned)).toEqual(planned);
    const before = plan(toVerdict([fresh]), "1.2.3", names);
    expect(plan(verdict, "1.2.3", names, before)).toEqual(planned);
  });

  test("refuses a changeset that says less, and names both", () => {
    const lower = (): unknown => plan(verdict, "1.2.3", names, { ...planned, move: "minor" });
    expect(lower).toThrow(Stop);
    expect(lower).toThrow(/It says minor, and the judge says major: .*note It is gone.*Overruled/u);
    const none = plan(toVerdict([fresh]), "1.2.3", names) ?? expect.fail();
    const patch = { ...none, move: "patch", text: `${none.text}\n\nOverruled: no` } as const;
    expect(() => plan(toVerdict([fresh]), "1.2.3", names, patch)).toThrow(/only a major change/u);
  });

  test("a major change is overruled by a reason, which the changelog then gives", () => {
    const text = `${planned.text}\n\nOverruled: the server never sent it.`;
    const overruled = plan(verdict, "1.2.3", names, { ...planned, move: "patch", text });
    expect(overruled?.move).toBe("patch");
    expect(overruled?.text).toContain("\n\nOverruled: the server never sent it.");
    expect(overruled?.text).not.toContain("BREAKING");
    expect(plan(verdict, "1.2.3", names, overruled)).toEqual(overruled);
    // In 0.x the bump may stay what it is: the text alone says that nothing breaks.
    const early = plan(verdict, "0.1.0", names, { ...planned, move: "minor", text });
    expect(early).toMatchObject({ move: "minor", text: overruled?.text });
  });

  test("a reason is no reason without words, and none for another change", () => {
    const empty = { ...planned, move: "patch", text: "Overruled: \n\nOverruled:" } as const;
    expect(() => plan(verdict, "1.2.3", names, empty)).toThrow(/says major/u);
    const text = `${planned.text}\n\nOverruled: the server never sent it.`;
    const more = toVerdict([gone, said("major", "server", "servers", "Requests went elsewhere")]);
    expect(() => plan(more, "1.2.3", names, { ...planned, move: "patch", text })).toThrow(
      /overrules another change/u,
    );
  });
});

import { describe, expect, test } from "vitest";
import { holds, resolveExpressions } from "../../workflows/expressions.ts";

const table = { "runner.temp": "/temp", "needs.a.outputs.b": "true", "vars.EMPTY": "" };

describe("an expression", () => {
  test("is replaced by its value, which may be empty", () => {
    expect(resolveExpressions("${{ runner.temp }}/x${{vars.EMPTY}}", table)).toBe("/temp/x");
  });

  test("is not looked for in its value", () => {
    expect(resolveExpressions("${{ a }}", { a: "${{ b }}" })).toBe("${{ b }}");
  });

  test.each(["github.head_ref", "needs.a.outputs.c", "toString", "format('x')"])(
    "is an error that names it, if it is unknown: %s",
    (name) => {
      expect(() => resolveExpressions(`\${{ ${name} }}`, table)).toThrow(
        `${name}: The simulation of GitHub Actions does not support this expression`,
      );
    },
  );
});

describe("a condition", () => {
  test.each<[condition: string | undefined, hasFailed: boolean, expected: boolean]>([
    [undefined, false, true],
    [undefined, true, false],
    ["${{ !cancelled() }}", true, true],
    ["!cancelled()", false, true],
    ["needs.a.outputs.b == 'true'", false, true],
    ["${{ needs.a.outputs.b == 'false' }}", false, false],
    ["needs.a.outputs.b == 'true'", true, false],
  ])("%s, with a failure before it: %s, is %s", (condition, hasFailed, expected) => {
    expect(holds(condition, table, hasFailed)).toBe(expected);
  });

  test.each(["always()", "needs.a.outputs.c == 'true'"])(
    "is an error if it is unknown: %s",
    (it) => {
      expect(() => holds(it, table, false)).toThrow("does not support this expression");
    },
  );
});

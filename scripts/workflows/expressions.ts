import { CommandError } from "../command/problem.js";

/** The values of the expressions that a job may use, by name: `needs.build.outputs.version`. */
export type ExpressionTable = Readonly<Record<string, string>>;

/**
 * Replaces each `${{ name }}` in a text by its value.
 *
 * @throws CommandError that names an expression that the table does not have
 */
export function resolveExpressions(text: string, table: ExpressionTable): string {
  return text.replace(/\$\{\{(.*?)\}\}/gsu, (_whole, expression: string) =>
    valueOf(expression.trim(), table),
  );
}

/**
 * Evaluates the condition of a job or a step. Nothing is ever cancelled here. A condition without a status
 * function, or none at all, also requires that everything before it succeeded.
 *
 * @throws CommandError that names a condition that the simulation does not support
 */
export function holds(
  condition: string | undefined,
  table: ExpressionTable,
  hasFailed: boolean,
): boolean {
  const [, inner] = /^\$\{\{(.*)\}\}$/su.exec(condition?.trim() ?? "") ?? [];
  const expression = (inner ?? condition ?? "").trim();
  if (expression === "") return !hasFailed;
  if (expression === "!cancelled()") return true;
  const [, name, value] = /^([\w.-]+) == '([^']*)'$/u.exec(expression) ?? [];
  if (name === undefined) throw unknown(expression);
  // What a job did not set because it failed is not worth an error.
  return !hasFailed && valueOf(name, table) === value;
}

function valueOf(name: string, table: ExpressionTable): string {
  const value = Object.hasOwn(table, name) ? table[name] : undefined;
  if (value === undefined) throw unknown(name);
  return value;
}

function unknown(expression: string): CommandError {
  const remedy = "Add it to scripts/workflows/";
  const fault = "The simulation of GitHub Actions does not support this expression";
  return new CommandError({ file: expression, fault, remedy }, 2);
}

import type { Expression, Node } from "typescript";
import { ts } from "./typescript.ts";

/**
 * Finds the titles of the tests in the text of a file, without running it. If a title begins with the
 * `%s` of a table, each row of the table results in a title.
 */
export function titlesOf(text: string): string[] {
  const titles: string[] = [];
  const visit = (node: Node): void => {
    if (ts.isCallExpression(node)) {
      const [title] = node.arguments;
      if (title && ts.isStringLiteralLike(title) && /^test\b/.test(node.expression.getText())) {
        titles.push(...expand(title.text, node.expression));
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("a.test.ts", text, ts.ScriptTarget.ESNext, true));
  return titles;
}

function expand(title: string, callee: Expression): string[] {
  const [table] = ts.isCallExpression(callee) ? callee.arguments : [];
  if (!title.startsWith("%s") || !table || !ts.isArrayLiteralExpression(table)) return [title];
  return table.elements.map((row) => {
    const [first] = ts.isArrayLiteralExpression(row) ? row.elements : [row];
    return first && ts.isStringLiteralLike(first) ? title.replace("%s", first.text) : title;
  });
}

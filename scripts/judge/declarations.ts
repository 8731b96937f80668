import ts from "typescript";
import { compile, parseModule } from "../emit/compile.ts";
import type { Pair } from "./parts.ts";

/**
 * Compiles two generated `schema.ts` files in memory, each as a separate module.
 *
 * @throws if the compiler finds an error, because changes of an erroneous type cannot be determined
 */
export function compilePair([before, after]: Pair<string>): {
  readonly checker: ts.TypeChecker;
  readonly sources: Pair<ts.SourceFile>;
} {
  const oldSource = parseModule("before.ts", before);
  const newSource = parseModule("after.ts", after);
  const program = compile([oldSource, newSource]);
  for (const [source, when] of [
    [oldSource, "old"],
    [newSource, "new"],
  ] as const) {
    const [fault] = program.getSemanticDiagnostics(source);
    if (fault === undefined) continue;
    const message = ts.flattenDiagnosticMessageText(fault.messageText, " ").replace(/\.$/u, "");
    throw new Error(`The ${when} types do not compile: ${message} (TS${fault.code})`);
  }
  return { checker: program.getTypeChecker(), sources: [oldSource, newSource] };
}

/** The comments in a generated file, without duplicates and sorted, because names and order do not matter. */
export function commentsIn(text: string): string[] {
  const comments = new Set<string>();
  const scanner = ts.createScanner(ts.ScriptTarget.ES2023, false);
  scanner.setText(text);
  for (let kind = scanner.scan(); kind !== ts.SyntaxKind.EndOfFileToken; kind = scanner.scan()) {
    if (kind !== ts.SyntaxKind.MultiLineCommentTrivia) continue;
    // Ignore the indentation.
    comments.add(scanner.getTokenText().replaceAll(/\n\s*/gu, "\n"));
  }
  return [...comments].toSorted();
}

import ts from "typescript";
import { compile } from "../emit/compile.ts";
import type { Pair } from "./parts.ts";

/**
 * Checks two generated `schema.ts`, each a module of its own, in memory.
 *
 * @throws if the compiler finds a fault: of a type in error nobody can say what changed
 */
export function check([before, after]: Pair<string>): {
  readonly checker: ts.TypeChecker;
  readonly sources: Pair<ts.SourceFile>;
} {
  const program = compile(new Map(Object.entries({ "before.ts": before, "after.ts": after })));
  const [one, other] = ["/before.ts", "/after.ts"].map((file) => program.getSourceFile(file));
  if (one === undefined || other === undefined) throw new Error("The compiler lost a file");
  for (const [source, when] of [
    [one, "old"],
    [other, "new"],
  ] as const) {
    const [fault] = program.getSemanticDiagnostics(source);
    if (fault === undefined) continue;
    const message = ts.flattenDiagnosticMessageText(fault.messageText, " ").replace(/\.$/u, "");
    throw new Error(`The ${when} types do not compile: ${message} (TS${fault.code})`);
  }
  return { checker: program.getTypeChecker(), sources: [one, other] };
}

/** The texts for people in a generated file, each once, sorted: names and order say nothing. */
export function commentsIn(text: string): string[] {
  const comments = new Set<string>();
  const scanner = ts.createScanner(ts.ScriptTarget.ES2023, false);
  scanner.setText(text);
  for (let kind = scanner.scan(); kind !== ts.SyntaxKind.EndOfFileToken; kind = scanner.scan()) {
    if (kind !== ts.SyntaxKind.MultiLineCommentTrivia) continue;
    // How deep it stands says nothing.
    comments.add(scanner.getTokenText().replaceAll(/\n\s*/gu, "\n"));
  }
  return [...comments].toSorted();
}

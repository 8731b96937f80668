import ts from "typescript";

const options: ts.CompilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  target: ts.ScriptTarget.ES2023,
  // Generated types use no more of it, and more would take longer than they do.
  lib: ["lib.es5.d.ts"],
  types: [],
};

type Pair<T> = readonly [before: T, after: T];

/** What the compiler makes of two generated `schema.ts`, each a module of its own, in memory. */
export function check([before, after]: Pair<string>): {
  readonly checker: ts.TypeChecker;
  readonly sources: Pair<ts.SourceFile>;
} {
  const sources = [parse("/before.ts", before), parse("/after.ts", after)] as const;
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (name, ...rest) =>
    sources.find(({ fileName }) => fileName === name) ?? getSourceFile(name, ...rest);
  const program = ts.createProgram(["/before.ts", "/after.ts"], options, host);
  return { checker: program.getTypeChecker(), sources };
}

function parse(name: string, text: string): ts.SourceFile {
  return ts.createSourceFile(name, text, ts.ScriptTarget.ES2023, true);
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

import ts from "typescript";

/** The declarations of a description: its program's types, and the texts to tell what is the same. */
export interface Declarations {
  readonly source: ts.SourceFile;
  /** The normalized text of each declaration, such as `components.schemas.Thing`, by its name. */
  readonly units: ReadonlyMap<string, Unit>;
  /** The texts for people. */
  readonly comments: ReadonlySet<string>;
}

interface Unit {
  /** Without comments, layout and order of lines. */
  readonly text: string;
  /** The names of the declarations that it refers to. */
  readonly references: ReadonlySet<string>;
}

const options: ts.CompilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  target: ts.ScriptTarget.ES2023,
  // Their types use no more of it, and more would cost more than both descriptions.
  lib: ["lib.es5.d.ts"],
  types: [],
};

/** Type-checks texts in memory, each a module of its own. */
export function check(texts: readonly string[]): [ts.TypeChecker, ts.SourceFile[]] {
  const sources = texts.map((text, index) =>
    ts.createSourceFile(`/${index}.ts`, text, ts.ScriptTarget.ES2023, true),
  );
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (name, ...rest) =>
    sources.find(({ fileName }) => fileName === name) ?? getSourceFile(name, ...rest);
  const program = ts.createProgram(
    sources.map(({ fileName }) => fileName),
    options,
    host,
  );
  return [program.getTypeChecker(), sources];
}

/** Takes a generated `schema.ts` apart into its declarations. */
export function takeApart(source: ts.SourceFile): Declarations {
  const { units, comments } = { units: new Map<string, Unit>(), comments: new Set<string>() };
  const add = (name: string, node: ts.Node): void => {
    const words = wordsOf(node.getFullText(source), comments);
    units.set(name, { text: words.join(" "), references: referencesIn(words) });
  };
  for (const statement of source.statements) {
    if (!ts.isInterfaceDeclaration(statement)) {
      add(`type.${nameOf(statement)}`, statement);
      continue;
    }
    for (const member of statement.members) {
      const name = `${statement.name.text}.${nameOf(member)}`;
      const isSection =
        statement.name.text === "components" &&
        ts.isPropertySignature(member) &&
        member.type !== undefined &&
        ts.isTypeLiteralNode(member.type);
      if (!isSection) add(name, member);
      else for (const one of member.type.members) add(`${name}.${nameOf(one)}`, one);
    }
  }
  return { source, units, comments };
}

function nameOf(node: ts.Statement | ts.TypeElement): string {
  if (ts.isTypeAliasDeclaration(node)) return node.name.text;
  const name = "name" in node ? node.name : undefined;
  return name !== undefined &&
    (ts.isIdentifier(name) || ts.isStringLiteral(name) || ts.isNumericLiteral(name))
    ? name.text
    : "";
}

const scanner = ts.createScanner(ts.ScriptTarget.ES2023, false);

/** The tokens of a text; its comments are put aside. */
function wordsOf(text: string, comments: Set<string>): string[] {
  const words: string[] = [];
  scanner.setText(text);
  for (let kind = scanner.scan(); kind !== ts.SyntaxKind.EndOfFileToken; kind = scanner.scan()) {
    if (kind === ts.SyntaxKind.MultiLineCommentTrivia) {
      comments.add(scanner.getTokenText().replaceAll(/\s*\n\s*\*?/gu, "\n"));
    } else if (
      kind !== ts.SyntaxKind.WhitespaceTrivia &&
      kind !== ts.SyntaxKind.NewLineTrivia &&
      kind !== ts.SyntaxKind.SingleLineCommentTrivia
    ) {
      words.push(scanner.getTokenText());
    }
  }
  return words;
}

/** Names such as `operations["list"]` and `components["schemas"]["Thing"]`, as those of units. */
function referencesIn(words: readonly string[]): Set<string> {
  const references = new Set<string>();
  const keyAt = (index: number): string | undefined => {
    const word = words[index + 1];
    return words[index] === "[" && word !== undefined && words[index + 2] === "]"
      ? word.slice(1, -1)
      : undefined;
  };
  for (const [index, word] of words.entries()) {
    if (word !== "components" && word !== "operations" && word !== "paths") continue;
    const keys = [keyAt(index + 1), word === "components" ? keyAt(index + 4) : undefined];
    if (keys[0] !== undefined) {
      references.add([word, ...keys.filter((key) => key !== undefined)].join("."));
    }
  }
  return references;
}

/** The declarations that are the same in both, and refer only to such ones. */
export function findSame(before: Declarations, after: Declarations): Set<string> {
  const same = new Set(
    [...before.units.keys()].filter(
      (name) => before.units.get(name)?.text === after.units.get(name)?.text,
    ),
  );
  for (let size = Infinity; size !== same.size;) {
    size = same.size;
    for (const name of same) {
      for (const reference of before.units.get(name)?.references ?? []) {
        if (!same.has(reference)) same.delete(name);
      }
    }
  }
  return same;
}

/** The declarations that these refer to, directly or through others, and these themselves. */
export function findReached({ units }: Declarations, from: Iterable<string>): Set<string> {
  const reached = new Set(from);
  for (const name of reached) {
    for (const reference of units.get(name)?.references ?? []) reached.add(reference);
  }
  return reached;
}

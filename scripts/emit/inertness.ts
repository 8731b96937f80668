import ts from "typescript";
import { CommandError } from "../command/problem.js";

/**
 * Proves that a generated file has no effects, whatever the description contains: `schema.ts` declares only
 * types, `operations.ts` exports only constants with JSON-like literals, and neither has a control
 * character that makes the text read differently from what it is.
 */
export function proveInert(source: ts.SourceFile, kind: "types" | "constants"): void {
  const refuse = (position: number, fault: string): never => {
    const { line, character } = source.getLineAndCharacterOfPosition(position);
    throw new CommandError({
      file: source.fileName,
      place: `${line + 1}:${character + 1}`,
      fault: `The generated file would not be inert: ${fault}`,
      remedy:
        "Find the name or reference in the description that causes this, and correct it with an overlay action",
    });
  };

  const control = source.text.search(/\p{Bidi_Control}/u);
  if (control >= 0) refuse(control, "it holds a bidirectional control character");

  const { referencedFiles, typeReferenceDirectives, libReferenceDirectives } = source;
  for (const { pos } of [
    ...referencedFiles,
    ...typeReferenceDirectives,
    ...libReferenceDirectives,
  ]) {
    refuse(pos, "it refers to another file");
  }
  // Unparseable text is either not an allowed kind of statement, or is flagged within one.
  const { parseDiagnostics = [] } = source as {
    parseDiagnostics?: readonly ts.DiagnosticWithLocation[];
  };
  for (const { start } of parseDiagnostics) refuse(start, "it is not valid TypeScript");

  const allowed = kind === "types" ? isTypeDeclaration : isConstant;
  for (const statement of source.statements) {
    if (!allowed(statement))
      refuse(statement.getStart(), `${ts.SyntaxKind[statement.kind]} is not allowed there`);
  }
}

/** Whether a statement is a type or interface that takes no type from another module or from a value. */
function isTypeDeclaration(statement: ts.Statement): boolean {
  const isClosed = (node: ts.Node): boolean =>
    !ts.isImportTypeNode(node) &&
    !ts.isTypeQueryNode(node) &&
    ts.forEachChild(node, (child) => (isClosed(child) ? undefined : true)) === undefined;
  return (
    (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) &&
    isClosed(statement)
  );
}

/** Accepts `export const name = <literal> as const`, or the `export {}` that makes an empty file a module. */
function isConstant(statement: ts.Statement): boolean {
  if (ts.isExportDeclaration(statement)) {
    const { exportClause, moduleSpecifier } = statement;
    return (
      moduleSpecifier === undefined &&
      exportClause !== undefined &&
      ts.isNamedExports(exportClause) &&
      exportClause.elements.length === 0
    );
  }
  return (
    ts.isVariableStatement(statement) &&
    statement.modifiers?.length === 1 &&
    statement.modifiers[0]?.kind === ts.SyntaxKind.ExportKeyword &&
    (statement.declarationList.flags & ts.NodeFlags.BlockScoped) === ts.NodeFlags.Const &&
    statement.declarationList.declarations.every(
      ({ name, initializer }) =>
        ts.isIdentifier(name) &&
        initializer !== undefined &&
        ts.isAsExpression(initializer) &&
        ts.isConstTypeReference(initializer.type) &&
        isJsonLike(initializer.expression),
    )
  );
}

function isJsonLike(node: ts.Expression): boolean {
  if (ts.isArrayLiteralExpression(node)) return node.elements.every(isJsonLike);
  if (ts.isObjectLiteralExpression(node)) {
    return node.properties.every(
      (property) =>
        ts.isPropertyAssignment(property) &&
        !ts.isComputedPropertyName(property.name) &&
        property.name.text !== "__proto__" &&
        isJsonLike(property.initializer),
    );
  }
  if (ts.isPrefixUnaryExpression(node)) {
    return node.operator === ts.SyntaxKind.MinusToken && ts.isNumericLiteral(node.operand);
  }
  return (
    ts.isStringLiteral(node) ||
    ts.isNumericLiteral(node) ||
    node.kind === ts.SyntaxKind.TrueKeyword ||
    node.kind === ts.SyntaxKind.FalseKeyword ||
    node.kind === ts.SyntaxKind.NullKeyword
  );
}

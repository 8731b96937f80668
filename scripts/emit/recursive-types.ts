import ts from "typescript";

/**
 * Gives a name to each schema whose type contains itself other than within an object, such as a value that
 * may be a list of such values. TypeScript resolves the members of an object lazily, but the items of a
 * list only within a named type (TS2502 otherwise). It resolves the items of a tuple at once, also when the
 * runtime's types map them, so a tuple that contains itself other than in a list becomes a list.
 */
export function nameRecursiveTypes(declarations: readonly ts.Node[]): ts.Node[] {
  const schemas = new Map(declarations.flatMap(schemasOf));
  const referencesOf = (options: { inLists: boolean }): ReadonlyMap<string, readonly string[]> =>
    new Map(
      [...schemas].map(([name, { type }]) => [name, type ? eagerReferences(type, options) : []]),
    );
  const references = referencesOf({ inLists: true });
  const unlisted = referencesOf({ inLists: false });
  const names = new Map<string, string>();
  for (const name of schemas.keys()) {
    if (!leadsTo(name, name, references)) continue;
    let alias = `Recursive${name.replace(/[^\p{ID_Continue}]/gu, "_")}`;
    while ([...names.values()].includes(alias)) alias += "_";
    names.set(name, alias);
  }
  if (names.size === 0) return [...declarations];
  const { factory } = ts;
  const referenceTo = (name: string): ts.TypeReferenceNode => factory.createTypeReferenceNode(name);
  const aliases = [...names].flatMap(([name, alias]) => {
    const type = schemas.get(name)?.type;
    if (type === undefined) return [];
    const isRecursive = (reference: string): boolean =>
      reference === name || leadsTo(reference, name, unlisted);
    const withLists = replaceNodes(type, (node) =>
      ts.isTupleTypeNode(node) && eagerReferences(node, { inLists: false }).some(isRecursive)
        ? factory.createArrayTypeNode(factory.createUnionTypeNode(node.elements.map(itemOf)))
        : undefined,
    );
    const renamed = replaceNodes(withLists, (node) => {
      const other = names.get(schemaNameOf(node) ?? "");
      return other === undefined ? undefined : referenceTo(other);
    });
    const modifiers = [factory.createModifier(ts.SyntaxKind.ExportKeyword)];
    return [factory.createTypeAliasDeclaration(modifiers, alias, undefined, renamed)];
  });
  const types = new Map<ts.Node | undefined, string>(
    [...names].map(([name, alias]) => [schemas.get(name)?.type, alias]),
  );
  const rest = declarations.map((declaration) =>
    replaceNodes(declaration, (node) => {
      const alias = types.get(node);
      return alias === undefined ? undefined : referenceTo(alias);
    }),
  );
  return [...rest, ...aliases];
}

/** The properties of `components["schemas"]`, by name. */
function schemasOf(declaration: ts.Node): [string, ts.PropertySignature][] {
  if (!ts.isInterfaceDeclaration(declaration) || declaration.name.text !== "components") return [];
  const section = propertiesOf(declaration).find(([name]) => name === "schemas")?.[1].type;
  return section !== undefined && ts.isTypeLiteralNode(section) ? propertiesOf(section) : [];
}

function propertiesOf({
  members,
}: ts.InterfaceDeclaration | ts.TypeLiteralNode): [string, ts.PropertySignature][] {
  return members
    .filter(ts.isPropertySignature)
    .map((property) => [
      ts.isComputedPropertyName(property.name) ? "" : property.name.text,
      property,
    ]);
}

/** The schemas that TypeScript has to resolve together with a type. The runtime's types resolve lists lazily. */
function eagerReferences(type: ts.Node, { inLists }: { inLists: boolean }): string[] {
  if (ts.isTypeLiteralNode(type) || (!inLists && ts.isArrayTypeNode(type))) return [];
  const name = schemaNameOf(type);
  const inner: string[] = name === undefined ? [] : [name];
  ts.forEachChild(type, (child) => void inner.push(...eagerReferences(itemOf(child), { inLists })));
  return inner;
}

/** The type of a tuple's item, whether it is required, optional or repeated. */
function itemOf<Type extends ts.Node>(type: Type): Type | ts.TypeNode {
  if (ts.isOptionalTypeNode(type)) return type.type;
  return ts.isRestTypeNode(type) && ts.isArrayTypeNode(type.type) ? type.type.elementType : type;
}

/** The name of the schema in `components["schemas"]["Thing"]`. */
function schemaNameOf(node: ts.Node): string | undefined {
  if (!ts.isIndexedAccessTypeNode(node) || !ts.isIndexedAccessTypeNode(node.objectType))
    return undefined;
  const { objectType: root, indexType: section } = node.objectType;
  const isSchemas =
    ts.isTypeReferenceNode(root) &&
    ts.isIdentifier(root.typeName) &&
    root.typeName.text === "components" &&
    textOf(section) === "schemas";
  return isSchemas ? textOf(node.indexType) : undefined;
}

function textOf(type: ts.TypeNode): string | undefined {
  return ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal)
    ? type.literal.text
    : undefined;
}

function leadsTo(
  from: string,
  to: string,
  references: ReadonlyMap<string, readonly string[]>,
  seen: Set<string> = new Set(),
): boolean {
  return (references.get(from) ?? []).some((next) => {
    if (next === to) return true;
    if (seen.has(next)) return false;
    return leadsTo(next, to, references, seen.add(next));
  });
}

function replaceNodes<Node extends ts.Node>(
  node: Node,
  replacementOf: (node: ts.Node) => ts.Node | undefined,
): Node {
  const visited = ts.transform(node, [
    (context) => (root) => {
      const visit = (child: ts.Node): ts.Node =>
        replacementOf(child) ?? ts.visitEachChild(child, visit, context);
      return ts.visitNode(root, visit) as Node;
    },
  ]);
  return visited.transformed[0] ?? node;
}

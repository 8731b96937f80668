import ts from "typescript";

/** The members of a union, grouped by how they are compared. */
export interface Members {
  readonly isNullable: boolean;
  /** Types with unlimited values, such as string. */
  readonly kinds: ReadonlySet<string>;
  /** Single values, and the kind of each. */
  readonly values: ReadonlyMap<string, string>;
  /** Whether other strings than those listed may occur. */
  readonly isOpen: boolean;
  readonly objects: readonly ts.Type[];
}

export interface Key {
  readonly isOptional: boolean;
  readonly type: ts.Type;
}

export function membersOf(checker: ts.TypeChecker, type: ts.Type): Members {
  const { TypeFlags } = ts;
  const kinds = new Set<string>();
  const values = new Map<string, string>();
  const objects: ts.Type[] = [];
  let isNullable = false;
  let isOpen = false;
  for (const member of type.isUnion() ? type.types : [type]) {
    const { flags } = member;
    if ((flags & (TypeFlags.Never | TypeFlags.Undefined)) !== 0) continue;
    if ((flags & TypeFlags.Null) !== 0) isNullable = true;
    else if (member.isStringLiteral()) values.set(JSON.stringify(member.value), "string");
    else if (member.isNumberLiteral()) values.set(String(member.value), "number");
    else if ((flags & TypeFlags.BooleanLiteral) !== 0) {
      values.set(checker.typeToString(member), "boolean");
    } else if (
      member.isIntersection() &&
      member.types.some((part) => part.flags & TypeFlags.String)
    ) {
      // string & {}: any string, next to the values that an editor suggests.
      kinds.add("string");
      isOpen = true;
    } else if ((flags & (TypeFlags.Object | TypeFlags.Intersection)) !== 0) objects.push(member);
    else kinds.add(checker.typeToString(member));
  }
  if (values.has("true") && values.has("false")) {
    values.delete("true");
    values.delete("false");
    kinds.add("boolean");
  }
  return { isNullable, kinds, values, isOpen, objects };
}

/** The keys that can have a value. Index signatures have the key `[type]`. An absent type has none. */
export function keysOf(checker: ts.TypeChecker, type: ts.Type | undefined): Map<string, Key> {
  const keys = new Map<string, Key>();
  if (type === undefined) return keys;
  for (const property of checker.getPropertiesOfType(type)) {
    const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0;
    const value = checker.getTypeOfSymbol(property);
    // An optional key has undefined in its type, which adds no information.
    const isEmpty = isOptional && (value.flags & ts.TypeFlags.Undefined) !== 0;
    if (!isEmpty && (value.flags & ts.TypeFlags.Never) === 0) {
      keys.set(property.name, { isOptional, type: value });
    }
  }
  for (const { keyType, type: value } of checker.getIndexInfosOfType(type)) {
    if ((value.flags & ts.TypeFlags.Never) !== 0) continue;
    keys.set(`[${checker.typeToString(keyType)}]`, { isOptional: true, type: value });
  }
  return keys;
}

/** Whether a type, or a member of a union, has keys that can have no value. */
export function forbidsKeys(checker: ts.TypeChecker, type: ts.Type): boolean {
  return membersOf(checker, type).objects.some((object) => {
    const all = checker.getPropertiesOfType(object).length;
    return all + checker.getIndexInfosOfType(object).length > keysOf(checker, object).size;
  });
}

/** The name of a component's type. Other literal types return the key that they were declared for. */
export function nameOf(type: ts.Type): string | undefined {
  const holder = literalOf(type)?.parent;
  if (holder === undefined || !ts.isPropertySignature(holder)) return undefined;
  return holder.name.getText().replaceAll('"', "");
}

/** The path of a description's type in the generated interfaces; undefined for other types. */
export function generatedPathOf(type: ts.Type): string | undefined {
  const names: string[] = [];
  let node: ts.Node | undefined = type.symbol?.declarations?.[0];
  while (node !== undefined && !ts.isInterfaceDeclaration(node)) {
    if (ts.isPropertySignature(node)) names.unshift(node.name.getText());
    node = node.parent;
  }
  if (node === undefined || !generated.has(node.name.text)) return undefined;
  return [node.name.text, ...names].join(".");
}

const generated = new Set(["paths", "webhooks", "components", "operations"]);

function literalOf(type: ts.Type): ts.TypeLiteralNode | undefined {
  const declaration = type.symbol?.declarations?.[0];
  return declaration !== undefined && ts.isTypeLiteralNode(declaration) ? declaration : undefined;
}

export function isUnrestricted({ flags }: ts.Type): boolean {
  return (flags & (ts.TypeFlags.Unknown | ts.TypeFlags.Any)) !== 0;
}

export function mayBeUndefined(type: ts.Type): boolean {
  const types = type.isUnion() ? type.types : [type];
  return types.some(({ flags }) => (flags & ts.TypeFlags.Undefined) !== 0);
}

export function isList(checker: ts.TypeChecker, type: ts.Type): boolean {
  return checker.isArrayType(type) || checker.isTupleType(type);
}

/** The items of a list: those of a tuple by position, and all others. */
interface Items {
  readonly fixed: readonly Key[];
  readonly rest: Key | undefined;
}

/** Returns the items of a list; undefined for other types. */
export function itemsOf(checker: ts.TypeChecker, type: ts.Type): Items | undefined {
  const element = type.getNumberIndexType();
  const rest = element && { isOptional: true, type: element };
  if (checker.isArrayType(type)) return { fixed: [], rest };
  if (!isTuple(checker, type)) return undefined;
  const { elementFlags, fixedLength } = type.target;
  const all = checker.getTypeArguments(type).map((item, index) => ({
    isOptional: elementFlags[index] !== ts.ElementFlags.Required,
    type: item,
  }));
  const fixed = all.slice(0, fixedLength);
  const others = all.slice(fixedLength);
  // Items after the rest have no position.
  return { fixed, rest: others.length > 1 ? rest : others[0] };
}

function isTuple(checker: ts.TypeChecker, type: ts.Type): type is ts.TupleTypeReference {
  return checker.isTupleType(type);
}

/** Whether a type is a class or an interface of a dependency, such as Promise. */
export function isLibrary(type: ts.Type): boolean {
  return (type.symbol?.declarations ?? []).some(
    (declaration) =>
      (ts.isInterfaceDeclaration(declaration) || ts.isClassDeclaration(declaration)) &&
      declaration.getSourceFile().fileName.includes("/node_modules/"),
  );
}

/** The type arguments of a type of the standard library. The arguments of types of other libraries may have any direction. */
export function argumentsOf(checker: ts.TypeChecker, type: ts.Type): readonly ts.Type[] {
  const isStandardLibrary = type.symbol.declarations?.some((declaration) =>
    declaration.getSourceFile().fileName.includes("/typescript/lib/"),
  );
  return isStandardLibrary === true && isReference(type) ? checker.getTypeArguments(type) : [];
}

function isReference(type: ts.Type): type is ts.TypeReference {
  return "target" in type;
}

export function show(checker: ts.TypeChecker, type: ts.Type): string {
  const text = nameOf(type) ?? checker.typeToString(type);
  return `\`${text.length > 80 ? `${text.slice(0, 80)}…` : text}\``;
}

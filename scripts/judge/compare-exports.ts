import ts from "typescript";
import { reuseLibraries } from "../emit/compile.ts";
import type { Pair } from "./parts.ts";
import type { Place } from "./place.ts";
import { typeReason } from "./type-changes.ts";
import { TypeComparer } from "./type-comparer.ts";
import { generatedPathOf } from "./type-members.ts";
import type { Reason } from "./verdict.ts";

/** The old and new declaration files of a package's entry points, keyed by entry point. */
export type Entries = ReadonlyMap<string, Pair<string>>;

const options: ts.CompilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
};

const libraries = new Map<string, ts.SourceFile>();

/**
 * Compares the public declarations of a package, entry by entry. An exported type is judged in the
 * directions in which an exported value uses it, or in both if none does. Types of the description are
 * skipped here: they are compared separately, so that one change has one verdict.
 */
export function compareExports(entries: Entries): Reason[] {
  if (entries.size === 0) return [];
  const program = ts.createProgram([...entries.values()].flat(), options, makeHost());
  const checker = program.getTypeChecker();
  const comparer = new TypeComparer(
    checker,
    (left, right) =>
      generatedPathOf(left) !== undefined && generatedPathOf(left) === generatedPathOf(right),
    false,
  );

  const exportsOf = (file: string): Map<string, ts.Symbol> => {
    const source = program.getSourceFile(file);
    const module = source && checker.getSymbolAtLocation(source);
    if (module === undefined) return new Map();
    return new Map(
      checker.getExportsOfModule(module).map((symbol) => {
        const isAlias = hasFlag(symbol, ts.SymbolFlags.Alias);
        return [symbol.name, isAlias ? checker.getAliasedSymbol(symbol) : symbol];
      }),
    );
  };

  return [...entries].flatMap(([entry, [before, after]]) => {
    const [old, now] = [exportsOf(before), exportsOf(after)];
    const placeOf = (name: string): Place => ({ in: "export", entry, name, keyPath: [] });
    const common = [...old].flatMap(([name, symbol]) => {
      const successor = now.get(name);
      return successor === undefined ? [] : [[placeOf(name), symbol, successor] as const];
    });
    return [
      ...[...old.keys()]
        .filter((name) => !now.has(name))
        .map((name) => typeReason("major", "export-removed", placeOf(name), "It was removed")),
      ...[...now.keys()]
        .filter((name) => !old.has(name))
        .map((name) => typeReason("minor", "export-added", placeOf(name), "It was added")),
      ...common.flatMap(([place, oldSymbol, newSymbol]) =>
        hasFlag(oldSymbol, ts.SymbolFlags.Value) && hasFlag(newSymbol, ts.SymbolFlags.Value)
          ? comparer.compare(
              checker.getTypeOfSymbol(oldSymbol),
              checker.getTypeOfSymbol(newSymbol),
              "result",
              place,
            )
          : [],
      ),
      ...common.flatMap(([place, oldSymbol, newSymbol]) => {
        if (!hasFlag(oldSymbol, ts.SymbolFlags.Type) || !hasFlag(newSymbol, ts.SymbolFlags.Type))
          return [];
        const oldType = checker.getDeclaredTypeOfSymbol(oldSymbol);
        const newType = checker.getDeclaredTypeOfSymbol(newSymbol);
        if (comparer.isCompared(oldType, newType)) return [];
        const reasons = comparer.compare(oldType, newType, "result", place);
        // A class can only be instantiated by its constructor.
        return oldType.isClass()
          ? reasons
          : [...reasons, ...comparer.compare(oldType, newType, "input", place)];
      }),
    ];
  });
}

/** Reads declarations without `#private;`, which makes a class incompatible with its own copy. */
function makeHost(): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const { readFile } = host;
  host.readFile = (file) => readFile(file)?.replaceAll(/^\s*#private;$/gmu, "");
  reuseLibraries(host, libraries);
  return host;
}

function hasFlag({ flags }: ts.Symbol, kind: ts.SymbolFlags): boolean {
  return (flags & kind) !== 0;
}

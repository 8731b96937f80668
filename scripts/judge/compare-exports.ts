import ts from "typescript";
import { makeCompareTypes } from "./compare-types.ts";
import type { Reason } from "./verdict.ts";

const options: ts.CompilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
};

/**
 * Compares the public declarations of a package, entry by entry. An exported type is judged in the
 * directions in which an exported value uses it, or in both if none does.
 */
export function compareExports(
  entries: ReadonlyMap<string, readonly [before: string, after: string]>,
): Reason[] {
  if (entries.size === 0) return [];
  const program = ts.createProgram([...entries.values()].flat(), options, makeHost());
  const checker = program.getTypeChecker();
  const { compare, isCompared } = makeCompareTypes(checker, () => false);

  const exportsOf = (file: string): Map<string, ts.Symbol> => {
    const source = program.getSourceFile(file);
    const module = source && checker.getSymbolAtLocation(source);
    if (module === undefined) return new Map();
    return new Map(
      checker.getExportsOfModule(module).map((symbol) => {
        const isAlias = is(symbol, ts.SymbolFlags.Alias);
        return [symbol.name, isAlias ? checker.getAliasedSymbol(symbol) : symbol];
      }),
    );
  };

  return [...entries].flatMap(([entry, [before, after]]) => {
    const [old, now] = [exportsOf(before), exportsOf(after)];
    const kept = [...old].flatMap(([name, symbol]) => {
      const successor = now.get(name);
      return successor === undefined ? [] : [[`${entry} ${name}`, symbol, successor] as const];
    });
    return [
      ...[...old.keys()]
        .filter((name) => !now.has(name))
        .map((name) => tell("major", "export-removed", `${entry} ${name}`, "It is gone")),
      ...[...now.keys()]
        .filter((name) => !old.has(name))
        .map((name) => tell("minor", "export-added", `${entry} ${name}`, "It is new")),
      ...kept.flatMap(([where, one, other]) =>
        is(one, ts.SymbolFlags.Value) && is(other, ts.SymbolFlags.Value)
          ? compare(checker.getTypeOfSymbol(one), checker.getTypeOfSymbol(other), "result", where)
          : [],
      ),
      ...kept.flatMap(([where, one, other]) => {
        if (!is(one, ts.SymbolFlags.Type) || !is(other, ts.SymbolFlags.Type)) return [];
        const was = checker.getDeclaredTypeOfSymbol(one);
        const becomes = checker.getDeclaredTypeOfSymbol(other);
        if (isCompared(was, becomes)) return [];
        const reasons = compare(was, becomes, "result", where);
        // Nobody makes an instance of a class but by its constructor.
        return was.isClass() ? reasons : [...reasons, ...compare(was, becomes, "input", where)];
      }),
    ];
  });
}

/** Reads declarations without `#private;`, which makes each class another than its own copy. */
function makeHost(): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const { readFile } = host;
  host.readFile = (file) => readFile(file)?.replaceAll(/^\s*#private;$/gmu, "");
  return host;
}

function is({ flags }: ts.Symbol, kind: ts.SymbolFlags): boolean {
  return (flags & kind) !== 0;
}

function tell(bump: "major" | "minor", rule: string, where: string, message: string): Reason {
  return { bump, witness: "consumer", rule, where, message };
}

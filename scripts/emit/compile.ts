import ts from "typescript";
import { CommandError } from "../command/problem.js";
import { toPointer } from "../description/tree.ts";

const options: ts.CompilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  target: ts.ScriptTarget.ES2023,
  // Generated types need no more than this, and a larger library takes longer to load than they do.
  lib: ["lib.es5.d.ts"],
  types: [],
};

const libraries = new Map<string, ts.SourceFile>();

/** Makes a compiler host reuse the declarations of platforms, which never change, across hosts. */
export function reuseLibraries(host: ts.CompilerHost, kept: Map<string, ts.SourceFile>): void {
  const { getSourceFile } = host;
  host.getSourceFile = (file, ...rest) => {
    const source = kept.get(file) ?? getSourceFile(file, ...rest);
    const isLibrary = /\/node_modules\/(?:typescript\/lib|@types)\//u.test(file);
    if (source !== undefined && isLibrary) kept.set(file, source);
    return source;
  };
}

/** Parses a generated module. Its comments are for people, and no proof reads them. */
export function parseModule(file: string, text: string): ts.SourceFile {
  const parsing = {
    languageVersion: ts.ScriptTarget.ES2023,
    jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
  };
  return ts.createSourceFile(file, text, parsing, true);
}

/** Compiles parsed modules in memory. */
export function compile(modules: readonly ts.SourceFile[]): ts.Program {
  const sources = new Map(modules.map((source) => [source.fileName, source]));
  const host = ts.createCompilerHost(options);
  reuseLibraries(host, libraries);
  const { getSourceFile } = host;
  host.getSourceFile = (name, ...rest) => sources.get(name) ?? getSourceFile(name, ...rest);
  return ts.createProgram([...sources.keys()], options, host);
}

/**
 * Proves that the compiler accepts the text that will be written.
 *
 * @throws CommandError that names the part of the description that causes each error.
 */
export function proveCompiles(modules: readonly ts.SourceFile[]): void {
  const program = compile(modules);
  const problems = modules.flatMap((source) => {
    return program.getSemanticDiagnostics(source).map(({ start = 0, code, messageText }) => {
      const message = ts.flattenDiagnosticMessageText(messageText, " ").replace(/\.$/u, "");
      return {
        file: source.fileName,
        fault: `${namesAt(source, start)} would not compile: ${message} (TS${code})`,
        remedy: "Correct its source in the description with an overlay action",
      };
    });
  });
  if (problems.length > 0) throw new CommandError(problems.slice(0, 20));
}

/** The path of names around a position, such as `name of #/components/schemas/Thing`. */
function namesAt(source: ts.SourceFile, position: number): string {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if (position < node.getStart(source) || position >= node.end) return;
    if ("name" in node && typeof node.name === "object" && node.name !== null) {
      const { name } = node as ts.NamedDeclaration;
      if (name !== undefined)
        names.push(ts.isStringLiteral(name) ? name.text : name.getText(source));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  // Recursive types are declared outside the components whose types they are.
  const component = componentOf(source, names[0]);
  if (component !== undefined) names.splice(0, 1, "components", "schemas", component);
  if (names[0] !== "components" || names.length < 3) return names.join(".") || "It";
  // Inside a component, the names in the types differ from the keys in the description.
  const place = toPointer(names.slice(0, 3));
  return names.length === 3 ? place : `${names.slice(3).join(".")} of ${place}`;
}

/** The name of the property whose type is exactly this alias. */
function componentOf(source: ts.SourceFile, alias: string | undefined): string | undefined {
  const find = (node: ts.Node): string | undefined => {
    if (!ts.isPropertySignature(node) || node.type?.getText(source) !== alias) {
      return ts.forEachChild(node, find);
    }
    return ts.isComputedPropertyName(node.name) ? undefined : node.name.text;
  };
  return alias === undefined ? undefined : find(source);
}

import type { CompilerOptions, LanguageService, LanguageServiceHost } from "typescript";
import { ts } from "./typescript.ts";

/** Files that several programs share are parsed once. */
const registry = ts.createDocumentRegistry();

/** What an editor knows about a program of one file. */
function createService(file: string, code: string, options: CompilerOptions): LanguageService {
  const host: LanguageServiceHost = {
    getScriptFileNames: () => [file],
    getScriptVersion: () => "1",
    getScriptSnapshot(name) {
      const text = name === file ? code : ts.sys.readFile(name);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => ts.sys.getCurrentDirectory(),
    getCompilationSettings: () => options,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: (name) => name === file || ts.sys.fileExists(name),
    readFile: (name) => (name === file ? code : ts.sys.readFile(name)),
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
  };
  return ts.createLanguageService(host, registry);
}

/** The faults of a program of one file, also those of its declarations. */
export function faultsOf(file: string, code: string, options: CompilerOptions): string[] {
  const program = createService(file, code, { ...options, declaration: true }).getProgram();
  const source = program?.getSourceFile(file);
  return [program?.getSemanticDiagnostics(source), program?.getDeclarationDiagnostics(source)]
    .flatMap((faults) => faults ?? [])
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

/** Returns what an editor shows for a name in a program: its type and documentation, by its text. */
export function hoverOver(
  file: string,
  code: string,
  options: CompilerOptions,
): (text: string) => { readonly type: string; readonly documentation: string } {
  const service = createService(file, code, options);
  return (text) => {
    const info = service.getQuickInfoAtPosition(file, code.indexOf(text));
    return {
      type: ts.displayPartsToString(info?.displayParts),
      documentation: ts.displayPartsToString(info?.documentation),
    };
  };
}

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { sha256 } from "../command/digest.ts";

/** Type-checks packages repeatedly. Unchanged files are read and checked only once. */
export interface TypeChecker {
  /**
   * Returns the compiler's messages in the format of `tsc`. `extra` is a file in addition to the package's
   * own.
   */
  check(extra?: { readonly file: string; readonly text: string }): string[];
}

type VersionedSourceFile = ts.SourceFile & { version?: string };

/** @param configs the `tsconfig.json` files of the packages */
export function createTypeChecker(root: string, configs: readonly string[]): TypeChecker {
  const sources = new Map<string, VersionedSourceFile>();
  const generated = join(root, "generated");
  const projects = configs.map((config) => {
    const file = join(root, config);
    const { fileNames, options, errors } = ts.parseJsonConfigFileContent(
      ts.readConfigFile(file, ts.sys.readFile).config,
      ts.sys,
      dirname(file),
    );
    if (errors.length > 0) throw new Error(format(errors, root));
    const last: { builder?: ts.SemanticDiagnosticsBuilderProgram } = {};
    return { folder: dirname(file), fileNames, options, last };
  });

  return {
    check(extra) {
      const messages = projects.flatMap(({ folder, fileNames, options, last }) => {
        const added = extra !== undefined && extra.file.startsWith(folder) ? [extra.file] : [];
        const host = ts.createCompilerHost(options);
        const isExtra = (file: string): boolean => added.includes(file);
        const { fileExists } = host;
        host.createHash = sha256;
        host.fileExists = (file) => isExtra(file) || fileExists(file);
        host.getSourceFile = (file, settings) => {
          const known = sources.get(file);
          if (known !== undefined && !file.startsWith(generated) && !isExtra(file)) return known;
          const text = isExtra(file) ? extra?.text : readFileSync(file, "utf8");
          if (text === undefined || known?.text === text) return known;
          const source: VersionedSourceFile = ts.createSourceFile(file, text, settings, true);
          source.version = sha256(text);
          sources.set(file, source);
          return source;
        };
        const rootNames = [...fileNames, ...added];
        const builder = ts.createSemanticDiagnosticsBuilderProgram(
          rootNames,
          options,
          host,
          last.builder,
        );
        last.builder = builder;
        const isDependency = ({ fileName }: ts.SourceFile): boolean =>
          !rootNames.includes(fileName);
        // Otherwise cached results of a file remain although one of its imports has changed.
        while (builder.getSemanticDiagnosticsOfNextAffectedFile(undefined, isDependency)) continue;
        return [
          ...builder.getOptionsDiagnostics(),
          ...builder.getGlobalDiagnostics(),
          ...rootNames.flatMap((file) => {
            const source = builder.getSourceFile(file);
            return [
              ...builder.getSyntacticDiagnostics(source),
              ...builder.getSemanticDiagnostics(source),
            ];
          }),
        ];
      });
      return messages.length === 0 ? [] : format(messages, root).trim().split("\n");
    },
  };
}

function format(messages: readonly ts.Diagnostic[], root: string): string {
  return ts.formatDiagnostics(ts.sortAndDeduplicateDiagnostics(messages), {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => root,
    getNewLine: () => "\n",
  });
}

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { sha256 } from "../command/digest.js";

/** Type-checks packages repeatedly. Unchanged files are read and checked only once. */
export interface TypeChecker {
  /**
   * Returns the compiler's messages in the format of `tsc`. With `extra`, a file in the `src` folder of a
   * package, checks only this package.
   */
  check(extra?: { readonly file: string; readonly text: string }): string[];
}

type VersionedSourceFile = ts.SourceFile & { version?: string };

/**
 * @param programs for each program the `tsconfig.json` files that include its files. The first one has its
 *   options.
 */
export function createTypeChecker(
  root: string,
  programs: readonly (readonly [string, ...string[]])[],
): TypeChecker {
  const sources = new Map<string, VersionedSourceFile>();
  const changing = ["generated/", "packages/client/dist/"].map((folder) => join(root, folder));
  const readConfig = (config: string): ts.ParsedCommandLine => {
    const file = join(root, config);
    const parsed = ts.parseJsonConfigFileContent(
      ts.readConfigFile(file, ts.sys.readFile).config,
      ts.sys,
      dirname(file),
    );
    if (parsed.errors.length > 0) throw new Error(format(parsed.errors, root));
    return parsed;
  };
  const projects = programs.map(([config, ...others]) => {
    const { fileNames, options } = readConfig(config);
    const otherNames = others.flatMap((other) => readConfig(other).fileNames);
    const last: { builder?: ts.SemanticDiagnosticsBuilderProgram } = {};
    return {
      folder: dirname(join(root, config)),
      fileNames: [...new Set([...fileNames, ...otherNames])],
      options,
      last,
    };
  });

  return {
    check(extra) {
      const checked = projects.filter(
        ({ folder }) => extra === undefined || dirname(dirname(extra.file)) === folder,
      );
      const messages = checked.flatMap(({ fileNames, options, last }) => {
        const added = extra === undefined ? [] : [extra.file];
        const host = ts.createCompilerHost(options);
        const isExtra = (file: string): boolean => added.includes(file);
        const { fileExists } = host;
        host.createHash = sha256;
        host.fileExists = (file) => isExtra(file) || fileExists(file);
        host.getSourceFile = (file, settings) => {
          const known = sources.get(file);
          const mayChange = isExtra(file) || changing.some((folder) => file.startsWith(folder));
          if (known !== undefined && !mayChange) return known;
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

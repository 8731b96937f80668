import { readFileSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import type { UserConfig } from "tsdown";

// How clients are built. What they are made of is inlined, code and types: nothing that is installed
// beside a client can take its place.

const inlined = [/^@audit-logs\/(?:generated\/|runtime(?:\/|$))/, /^openapi-/];

const shared: UserConfig = {
  format: "esm",
  platform: "neutral",
  target: "es2023",
  noExternal: inlined,
  // A type that cannot be inlined is only a warning, and leaves a declaration that names nothing.
  failOnWarn: true,
  clean: false,
};

/**
 * Builds a client: its entries `index` and `schema`, and the description that it is generated from as
 * `schema.json`. The folder of the package is the current one.
 */
export function buildClient(): UserConfig[] {
  const { generatedFrom }: { generatedFrom: string } = JSON.parse(
    readFileSync("package.json", "utf8"),
  );
  return [
    ...buildEntry("src/index.ts", {
      clean: true,
      copy: { from: `../../generated/${generatedFrom}/openapi.json`, rename: "schema.json" },
      onSuccess: copyLicense,
    }),
    ...buildEntry("src/schema.ts"),
  ];
}

/** Builds an entry: one file of code, and one of types. Together they would share a third. */
export function buildEntry(entry: string, options: UserConfig = {}): UserConfig[] {
  const { plugins = [] } = options;
  return [
    { ...shared, ...options, entry, dts: false },
    {
      ...shared,
      ...options,
      clean: false,
      entry,
      dts: { resolve: inlined, emitDtsOnly: true },
      plugins: [plugins, { name: "document-operations", renderChunk: documentOperations }],
    },
  ];
}

/**
 * Makes an object type of a namespace of operations. An editor finds no documentation behind the names
 * that a namespace re-exports.
 */
export function documentOperations(code: string): string {
  return code.replace(
    /^declare namespace (\w+) \{\s+export \{ ([^}]+) \};\s+\}$/gmu,
    (_, namespace: string, names: string) => {
      const properties = names.split(", ").map((specifier) => {
        const [local = "", name = local] = specifier.split(" as ");
        const comment = new RegExp(
          `(/\\*\\*(?:(?!\\*/)[^])*\\*/\\n)(?=declare const ${local.replaceAll("$", "\\$")}:)`,
        ).exec(code)?.[1];
        return `${comment ?? ""}readonly ${name}: typeof ${local};`;
      });
      return `declare const ${namespace}: {\n${properties.join("\n")}\n};`;
    },
  );
}

/** Puts the licence of what is inlined beside it, as it asks for. */
function copyLicense(): Promise<void> {
  return copyFile("../runtime/node_modules/openapi-fetch/LICENSE", "dist/LICENSE-openapi-fetch");
}

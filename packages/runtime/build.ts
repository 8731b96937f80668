import { readFileSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import type { UserConfig } from "tsdown";

// How clients are built. The code and types of the runtime, the generated files and openapi-fetch are
// inlined, so no other version that a consumer has installed can replace them.

const inlined = [/^@audit-logs\/(?:generated\/|runtime(?:\/|$))/, /^openapi-/];

const shared: UserConfig = {
  format: "esm",
  platform: "neutral",
  target: "es2023",
  noExternal: inlined,
  // By default a type that cannot be inlined is only a warning, and leaves a dangling import.
  failOnWarn: true,
  clean: false,
};

/**
 * Builds a client: its entries `index` and `schema`, and its description as `schema.json`. Expects to run
 * in the folder of the package.
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

/** Builds an entry: one file of code, and one of types. A joint build would add a shared third file. */
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
 * Turns a namespace of operations into an object type. Editors show no documentation for names that a
 * namespace re-exports.
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

/** Copies the licence of the inlined openapi-fetch, which requires that. */
function copyLicense(): Promise<void> {
  return copyFile("../runtime/node_modules/openapi-fetch/LICENSE", "dist/LICENSE-openapi-fetch");
}

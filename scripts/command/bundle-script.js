import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { digestOf } from "./digest.js";
import { packages } from "./load-package.cjs";

/**
 * Large packages are loaded in a faster way.
 *
 * @type {import("esbuild").Plugin}
 */
const largePackages = {
  name: "large-package",
  setup({ onResolve, onLoad }) {
    const namespace = largePackages.name;
    onResolve({ filter: /./ }, ({ path }) =>
      packages.includes(path) ? { path, namespace } : undefined,
    );
    onLoad({ filter: /./, namespace }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule("module").createRequire(${JSON.stringify(import.meta.url)})("./load-package.cjs").loadPackage(${JSON.stringify(path)})`,
    }));
  },
};

/**
 * Lets code that locates files relative to itself find them from the bundle.
 *
 * @param {Map<string, string | undefined>} digests receives the digest of each file, from before it is read:
 *   if it is edited meanwhile, the bundle is made again
 * @returns {import("esbuild").Plugin}
 */
const urls = (digests) => ({
  name: "urls",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]scripts[\\/].+\.[jt]s$/ }, async ({ path }) => {
      digests.set(path, digestOf(path));
      return {
        contents: (await readFile(path, "utf8"))
          .replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href))
          .replaceAll("import.meta.dirname", JSON.stringify(dirname(path))),
        loader: path.endsWith(".ts") ? "ts" : "js",
      };
    });
  },
});

/**
 * Bundles a script and its imports from the repository into one file, whose first line has the root,
 * because the file has absolute paths, and the digests of all files that it was made from.
 *
 * @param {string} root
 * @param {string} script
 * @param {string} bundle the file to write
 */
export async function bundleScript(root, script, bundle) {
  /** @type {Map<string, string | undefined>} */
  const loaded = new Map();
  const { outputFiles, metafile } = await build({
    entryPoints: [script],
    absWorkingDir: root,
    outfile: bundle,
    write: false,
    bundle: true,
    metafile: true,
    packages: "external",
    format: "esm",
    platform: "node",
    target: "node20",
    // For --enable-source-maps, which takes time and is seldom needed: the bundle is readable.
    sourcemap: "inline",
    sourcesContent: false,
    tsconfigRaw: {},
    plugins: [largePackages, urls(loaded)],
    logLevel: "error",
  });
  const inputs = [
    ...Object.keys(metafile.inputs).filter((input) => !input.startsWith(largePackages.name)),
    "scripts/run.js",
    "scripts/command/bundle-script.js",
    "scripts/command/load-package.cjs",
    "pnpm-lock.yaml",
  ];
  const digests = inputs.map((input) => {
    const path = join(root, input);
    return [input, loaded.has(path) ? loaded.get(path) : digestOf(path)];
  });
  const line = JSON.stringify({ root, digests: Object.fromEntries(digests) });
  await mkdir(dirname(bundle), { recursive: true });
  // Renaming is atomic: a concurrent run of the same script reads either the old or the new file.
  await writeFile(`${bundle}.${process.pid}`, `// ${line}\n${outputFiles[0]?.text}`);
  await rename(`${bundle}.${process.pid}`, bundle);
}

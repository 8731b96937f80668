import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

// node scripts/run.js <script> [<argument>…]: runs scripts/<script>.ts.
//
// Node 20 cannot run TypeScript, and hooks that transform file by file also see every file of every
// dependency, which takes longer than most scripts run. So esbuild bundles a script and its imports from this
// repository into one JavaScript file; dependencies are loaded as they are.

const [program = "", , name = "", ...args] = process.argv;
const root = fileURLToPath(new URL("..", import.meta.url));
const script = join(root, "scripts", `${name}.ts`);
const outfile = join(root, "node_modules/.cache/scripts", `${name}.js`);

// Node reads an imported CommonJS module twice, first to find the names of its exports. The compiler has nine
// megabytes, so it is required instead, which takes half as long; so is openapi-typescript, which imports it.
/** @type {import("esbuild").Plugin} */
const required = {
  name: "required",
  setup({ onResolve, onLoad }) {
    const from = JSON.stringify(import.meta.url);
    onResolve({ filter: /^(?:openapi-)?typescript$/ }, ({ path }) => ({
      path,
      namespace: "required",
    }));
    onLoad({ filter: /./, namespace: "required" }, ({ path }) => ({
      contents: `module.exports =
        process.getBuiltinModule("module").createRequire(${from})(${JSON.stringify(path)})`,
    }));
  },
};

/** @type {import("esbuild").Plugin} */
const addresses = {
  name: "addresses",
  setup({ onLoad }) {
    // Lets code that locates files relative to itself find them from the bundle, too.
    onLoad({ filter: /[\\/]scripts[\\/].+\.[jt]s$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8"))
        .replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href))
        .replaceAll("import.meta.dirname", JSON.stringify(dirname(path))),
      loader: path.endsWith(".ts") ? "ts" : "js",
    }));
  },
};

const { outputFiles } = await build({
  entryPoints: [script],
  write: false,
  bundle: true,
  packages: "external",
  format: "esm",
  platform: "node",
  target: "node20",
  sourcemap: "inline",
  plugins: [required, addresses],
  logLevel: "error",
});
const text = outputFiles[0]?.text ?? "";
if (text !== (await readFile(outfile, "utf8").catch(() => undefined))) {
  await mkdir(dirname(outfile), { recursive: true });
  // Renaming is atomic: a concurrent run of the same script reads either the old or the new file.
  await writeFile(`${outfile}.${process.pid}`, text);
  await rename(`${outfile}.${process.pid}`, outfile);
}
process.setSourceMapsEnabled(true);
process.argv = [program, script, ...args];
await import(pathToFileURL(outfile).href);

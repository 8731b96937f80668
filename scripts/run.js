import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

// node scripts/run.js <script> [<argument>…]: runs scripts/<script>.ts.
//
// Node 20 runs no TypeScript, and hooks that translate file by file see each file of every dependency
// too, which takes longer than most of the scripts. So a script and what it imports of this repository
// become one file of JavaScript, and its dependencies are loaded as they are.

const [program = "", , name = "", ...args] = process.argv;
const root = fileURLToPath(new URL("..", import.meta.url));
const script = join(root, "scripts", `${name}.ts`);
const outfile = join(root, "node_modules/.cache/scripts", `${name}.js`);

// Node reads a CommonJS module that is imported twice, first for the names of what it exports. The
// compiler is nine megabytes, so it is required, which takes half as long; and so is what imports it.
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
    // Code that finds a file by its own address finds it from the bundle as well.
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
  // Whoever runs the same script now reads the whole of one file, or of the other.
  await writeFile(`${outfile}.${process.pid}`, text);
  await rename(`${outfile}.${process.pid}`, outfile);
}
process.setSourceMapsEnabled(true);
process.argv = [program, script, ...args];
await import(pathToFileURL(outfile).href);

const { createHash } = require("node:crypto");
const {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} = require("node:fs");
const { createRequire } = require("node:module");
const { dirname, join } = require("node:path");
const { pathToFileURL } = require("node:url");
const { cachedDataVersionTag } = require("node:v8");
const { Script } = require("node:vm");

// Loads a large package from one file, together with the code that V8 compiled for it in an earlier run. The
// pipeline's packages have a thousand files and ten megabytes: without this, reading and compiling them takes
// longer than most scripts run.

const root = join(__dirname, "../..");
// Only an installation changes packages. Whoever edits one by hand has to remove this cache.
const installed = join(root, "node_modules/.pnpm/lock.yaml");
const digest = createHash("sha256")
  .update(readFileSync(installed))
  // The bundles have absolute paths, which differ in a copy of the repository.
  .update(__filename)
  .update(readFileSync(__filename));
const cache = join(root, "node_modules/.cache/packages");
const folder = join(cache, digest.digest("hex"));

/** The packages that are worth it, and whether they have to be bundled into one file first. */
const bundled = new Map([
  ["@redocly/openapi-core", true],
  ["openapi-typescript", true],
  ["typescript", false],
]);

/** @type {Map<string, { exports: unknown }>} */
const loaded = new Map();

/**
 * @param {string} name
 * @returns {unknown} the exports of the package
 */
function loadPackage(name) {
  const known = loaded.get(name);
  if (known !== undefined) return known.exports;
  const original = require.resolve(name);
  const path = bundled.get(name) ? join(folder, name, "bundle.cjs") : original;
  const text = read(path) ?? keep(path, bundle(name, original));
  const compiled = join(folder, name, `${cachedDataVersionTag()}.bin`);
  const cachedData = read(compiled);
  const script = new Script(
    `(function (exports, require, module, __filename, __dirname, importModule) {${text.toString()}\n})`,
    {
      filename: path,
      ...(cachedData === undefined ? {} : { cachedData }),
    },
  );
  const module = { exports: {} };
  loaded.set(name, module);
  const requireOriginal = createRequire(original);
  /** @param {string} id */
  const requireFrom = (id) => (bundled.has(id) ? loadPackage(id) : requireOriginal(id));
  script.runInThisContext()(
    module.exports,
    Object.assign(requireFrom, requireOriginal),
    module,
    original,
    dirname(original),
    (/** @type {string} */ specifier) => import(specifier),
  );
  // At the end, V8 has compiled everything that a run needs.
  if (script.cachedDataRejected !== false) {
    process.once("exit", () => keep(compiled, script.createCachedData()));
  }
  return module.exports;
}

/**
 * @param {string} name
 * @param {string} original
 */
function bundle(name, original) {
  const { outputFiles } = require("esbuild").buildSync({
    entryPoints: [original],
    write: false,
    bundle: true,
    // One copy of each package, even if another one depends on it.
    external: [...bundled.keys()].filter((other) => other !== name),
    format: "cjs",
    platform: "node",
    define: { "import.meta.url": JSON.stringify(pathToFileURL(original).href) },
    logLevel: "error",
  });
  // Node loads no modules for code that it did not load itself.
  return Buffer.from((outputFiles[0]?.text ?? "").replaceAll(/\bimport\(/gu, "importModule("));
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/**
 * Stores a file for later runs. Another user may not be allowed to, and does the work each time.
 *
 * @param {string} path
 * @param {Buffer} content
 */
function keep(path, content) {
  try {
    // Removes what was kept for another installation.
    if (!existsSync(folder)) rmSync(cache, { recursive: true, force: true });
    mkdirSync(dirname(path), { recursive: true });
    // Renaming is atomic: a concurrent run reads a complete file or none.
    writeFileSync(`${path}.${process.pid}`, content);
    renameSync(`${path}.${process.pid}`, path);
  } catch {
    // The next run tries again.
  }
  return content;
}

// Separately, so that Node finds the names for an import.
module.exports.loadPackage = loadPackage;
module.exports.packages = [...bundled.keys()];

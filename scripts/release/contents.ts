import ts from "typescript";
import type { Problem } from "../command/problem.js";
import { isObject, listOf, type Json, type JsonObject } from "../description/tree.ts";

/** A packed package: its manifest, and its files by path. */
export interface PackedPackage {
  readonly manifest: JsonObject;
  readonly files: ReadonlyMap<string, string>;
}

/** Finds all problems with the contents of the tarball. */
export function findContentFaults(packed: PackedPackage): Problem[] {
  return [
    ...findFileFaults(packed),
    ...findLinkFaults(packed.files),
    ...findSpecifierFaults(packed.manifest),
    ...findImportFaults(packed),
    ...findSourceMapFaults(packed.files),
  ];
}

/**
 * The package must contain the entry points, their imports, and the texts that `files` names, and nothing
 * else.
 */
function findFileFaults({ manifest, files }: PackedPackage): Problem[] {
  const { version, files: listed, exports = {}, bin = {} } = manifest;
  // The first release creates it.
  const absent = version === "0.0.0" ? "CHANGELOG.md" : undefined;
  const texts = listOf(listed)
    .map(String)
    .filter((file) => file.endsWith(".md") && file !== absent);
  const own = ["package.json", "README.md", "LICENSE", ...texts];
  const expected = new Set([...own, ...targetsOf(exports), ...targetsOf(bin)]);
  for (const file of expected) {
    for (const name of importsIn(file, files.get(file) ?? "")) {
      const imported = resolvePath(file, name);
      if (name.startsWith(".") && files.has(imported)) expected.add(imported);
    }
  }
  const missing = [...expected].filter((file) => !files.has(file));
  // Bundled dependencies bring their licences.
  const surplus = [...files.keys()].filter(
    (file) => !expected.has(file) && !file.startsWith("dist/LICENSE-"),
  );
  return [
    ...missing.map((file) => ({
      file,
      fault: "It is not in the tarball",
      remedy: "Build it, and check that `files` in package.json lists it",
    })),
    ...surplus.map((file) => ({
      file,
      fault: "It is in the tarball, but is not an entry",
      remedy: "Keep it out, or make it an entry in `exports` of package.json",
    })),
  ];
}

/** Finds links in its texts to files that do not exist where the package is installed. */
function findLinkFaults(files: ReadonlyMap<string, string>): Problem[] {
  const texts = [...files].filter(([file]) => file.endsWith(".md"));
  return texts.flatMap(([file, text]) => {
    const prose = text.replaceAll(/^(`{3,}).*\n[^]*?^\1|`[^`\n]*`/gmu, "");
    const links = [...prose.matchAll(/\]\((?![a-z]+:|#)([^)#\s]+)/gu)].map(([, link = ""]) => link);
    const dead = links.filter((link) => !files.has(resolvePath(file, link)));
    return [...new Set(dead)].map((link) => ({
      file,
      fault: `Its link to ${link} points to nothing in the tarball`,
      remedy: "Describe it without a link, or link to its URL",
    }));
  });
}

function targetsOf(exports: Json): string[] {
  if (typeof exports === "string") return [exports.replace(/^\.\//u, "")];
  return isObject(exports) ? Object.values(exports).flatMap(targetsOf) : [];
}

/** pnpm replaces these specifiers when it packs. npm does not understand them. */
function findSpecifierFaults(manifest: JsonObject): Problem[] {
  const kinds = ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"];
  return kinds.flatMap((kind) =>
    Object.entries(manifest[kind] ?? {})
      .filter(([, range]) => /^(?:workspace|catalog|link|file|portal):/u.test(String(range)))
      .map(([name, range]) => ({
        file: "package.json",
        place: `#/${kind}/${name}`,
        fault: `${JSON.stringify(range)} means nothing outside this workspace`,
        remedy: "Pack with pnpm, which replaces it",
      })),
  );
}

/**
 * Code may import the package's dependencies and its own files. Node's modules are allowed only in the
 * entry point for Node, or in a package with a program.
 */
function findImportFaults({ manifest, files }: PackedPackage): Problem[] {
  const dependencies = Object.keys(manifest["dependencies"] ?? {});
  const isForNode = "bin" in manifest;
  return [...files].flatMap(([file, text]) => {
    return importsIn(file, text)
      .filter((name) => {
        if (name.startsWith(".")) return !files.has(resolvePath(file, name));
        if (name.startsWith("node:")) return !isForNode && !file.startsWith("dist/node.");
        return !dependencies.some((known) => name === known || name.startsWith(`${known}/`));
      })
      .map((name) => ({
        file,
        fault: `It imports ${JSON.stringify(name)}, which is neither in the package nor a dependency`,
        remedy: "Bundle it, or do without it",
      }));
  });
}

function importsIn(file: string, text: string): string[] {
  if (!/\.(?:js|d\.ts)$/u.test(file)) return [];
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
}

/** A debugger that looks for a source map should find it. */
function findSourceMapFaults(files: PackedPackage["files"]): Problem[] {
  return [...files].flatMap(([file, text]) => {
    const map = /^\/\/# sourceMappingURL=(?!data:)(\S+)/mu.exec(text)?.[1];
    if (map === undefined || files.has(resolvePath(file, map))) return [];
    const fault = `Its source map ${map} is not in the tarball`;
    return [{ file, fault, remedy: "Pack the map, or build without one" }];
  });
}

/** Resolves a relative name in a file. Both paths are relative to the package's root. */
function resolvePath(file: string, name: string): string {
  return new URL(name, `file:///${file}`).pathname.slice(1);
}

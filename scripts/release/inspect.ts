import {
  checkPackage,
  createPackageFromTarballData,
  type Problem as TypeProblem,
} from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { CommandError, type Problem } from "../command/problem.js";
import { isObject } from "../description/tree.ts";
import { findContentFaults, type PackedPackage } from "./contents.ts";

/** Throws a CommandError if the contents of a tarball have problems. */
export function inspectContents(tarball: Buffer): PackedPackage {
  const packed = unpack(tarball);
  throwIfAny(findContentFaults(packed));
  return packed;
}

function unpack(tarball: Buffer): PackedPackage {
  const unpacked = createPackageFromTarballData(tarball);
  const root = `/node_modules/${unpacked.packageName}/`;
  const files = unpacked
    .listFiles()
    .map((path) => [path.slice(root.length), unpacked.readFile(path)] as const);
  const manifest: unknown = JSON.parse(unpacked.readFile(`${root}package.json`));
  if (!isObject(manifest)) throw new Error("package.json is not an object");
  return { manifest, files: new Map(files) };
}

/** Throws a CommandError if publint reports anything, including suggestions. */
export async function inspectManifest(tarball: Buffer): Promise<void> {
  const { messages, pkg } = await publint({
    pack: { tarball: new Uint8Array(tarball).buffer },
    strict: true,
  });
  const problems = messages.map((message) => ({
    file: "package.json",
    place: `#/${message.path.join("/")}`,
    fault: `publint: ${formatMessage(message, pkg, { color: false }) ?? message.code}`,
    remedy: "Fix the package's package.json or its build",
  }));
  throwIfAny(problems);
}

/**
 * Throws a CommandError if the types of an entry point do not match its code in a supported module
 * resolution.
 */
export async function inspectTypes(tarball: Buffer): Promise<void> {
  const { manifest } = unpack(tarball);
  // A package that is only a program has no entry for code.
  if (Object.keys(manifest["exports"] ?? {}).every((entry) => entry === "./package.json")) return;
  const result = await checkPackage(createPackageFromTarballData(tarball));
  const faults = result.types ? result.problems.filter((problem) => !isKnown(problem)) : [result];
  throwIfAny(
    faults.map((fault) => ({
      file: "the tarball",
      fault: `are-the-types-wrong: ${JSON.stringify(fault)}`,
      remedy: "Fix `exports` in the package's package.json or its build",
    })),
  );
}

/** Whether a problem is a deliberate consequence of being ESM with `exports`. */
export function isKnown(problem: TypeProblem): boolean {
  return (
    // TypeScript's resolution before 4.7, which does not support `exports`.
    (problem.kind === "NoResolution" && problem.resolutionKind === "node10") ||
    // Node supports require(esm) from 20.19.
    (problem.kind === "CJSResolvesToESM" && problem.resolutionKind === "node16-cjs")
  );
}

function throwIfAny(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new CommandError(problems);
}

import {
  checkPackage,
  createPackageFromTarballData,
  type Problem as TypeProblem,
} from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { CommandError, type Problem } from "../command/problem.ts";
import { isObject } from "../description/tree.ts";
import { findContentFaults, type Packed } from "./contents.ts";

/** Stops at anything that is wrong with what is in a tarball. */
export function inspectContents(tarball: Buffer): Packed {
  const packed = unpack(tarball);
  stopAt(findContentFaults(packed));
  return packed;
}

function unpack(tarball: Buffer): Packed {
  const unpacked = createPackageFromTarballData(tarball);
  const root = `/node_modules/${unpacked.packageName}/`;
  const files = unpacked
    .listFiles()
    .map((path) => [path.slice(root.length), unpacked.readFile(path)] as const);
  const manifest: unknown = JSON.parse(unpacked.readFile(`${root}package.json`));
  if (!isObject(manifest)) throw new Error("package.json is no object");
  return { manifest, files: new Map(files), packedBytes: tarball.byteLength };
}

/** Stops at anything that publint says, mere suggestions too. */
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
  stopAt(problems);
}

/** Stops at entries whose types are not those of their code, in a resolution that we promise. */
export async function inspectTypes(tarball: Buffer): Promise<void> {
  const result = await checkPackage(createPackageFromTarballData(tarball));
  const faults = result.types ? result.problems.filter((problem) => !isKnown(problem)) : [result];
  stopAt(
    faults.map((fault) => ({
      file: "the tarball",
      fault: `are-the-types-wrong: ${JSON.stringify(fault)}`,
      remedy: "Fix `exports` in the package's package.json or its build",
    })),
  );
}

/** What follows from being ESM with `exports`, on purpose. */
export function isKnown(problem: TypeProblem): boolean {
  return (
    // The resolution of TypeScript before 4.7, which knows no `exports`.
    (problem.kind === "NoResolution" && problem.resolutionKind === "node10") ||
    // Node has require(esm) from 20.19 on.
    (problem.kind === "CJSResolvesToESM" && problem.resolutionKind === "node16-cjs")
  );
}

function stopAt(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new CommandError(problems);
}

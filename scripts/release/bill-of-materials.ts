import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CommandError } from "../command/problem.js";
import { mustRun } from "../command/must-run.js";
import type { Json, JsonObject } from "../description/tree.ts";
import type { ReleasedPackage } from "../packages/client-packages.ts";
import { readPackages } from "../packages/read-packages.js";

interface Component {
  readonly "bom-ref": string;
  readonly name: string;
  readonly version: string;
  readonly group?: string;
  readonly licenses?: readonly {
    readonly license?: { readonly id?: string; readonly name?: string };
    readonly expression?: string;
  }[];
}

/** The components of a package other than its own code, in CycloneDX. */
export interface BillOfMaterials {
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

/**
 * Lists the dependencies of a package, and what is bundled into it: the dependencies of the private
 * packages of this workspace that it is built from.
 */
export async function listMaterials(
  root: string,
  { name, manifest }: ReleasedPackage,
  signal: AbortSignal,
): Promise<BillOfMaterials> {
  const bundled = await privatePackages(root);
  const parts = Object.keys(manifest["devDependencies"] ?? {}).filter((part) => bundled.has(part));
  const [own, all] = [
    await createBill(root, [name], signal),
    await createBill(root, [name, ...parts], signal),
  ];
  // For several packages, pnpm creates one bill under the name of the workspace.
  const ref = own.metadata.component["bom-ref"];
  const whole = all.metadata.component["bom-ref"];
  const dependencies = all.dependencies.map((dependency) =>
    dependency.ref === whole ? { ...dependency, ref } : dependency,
  );
  return { ...own, components: all.components, dependencies };
}

async function createBill(
  root: string,
  names: readonly string[],
  signal: AbortSignal,
): Promise<BillOfMaterials> {
  const filters = names.map((name) => `--filter=${name}`);
  const { stdout } = await mustRun(
    join(root, "node_modules/pnpm/pnpm"),
    [...filters, "sbom", "--sbom-format=cyclonedx", "--sbom-spec-version=1.6", "--prod"],
    { cwd: root, signal },
    { file: "pnpm sbom", remedy: "Fix what it reports" },
  );
  return JSON.parse(stdout);
}

/**
 * Describes each component of a bill with its licence.
 *
 * @throws CommandError if a component has no licence
 */
export function describeMaterials({ components }: Pick<BillOfMaterials, "components">): string[] {
  const parts = components.map(({ group, name, version, licenses = [] }) => ({
    part: `${group === undefined ? "" : `${group}/`}${name} ${version}`,
    // A licence has an identifier, an expression, or a name.
    licences: licenses.map(({ license, expression }) => expression ?? license?.id ?? license?.name),
  }));
  const problems = parts
    .filter(({ licences }) => licences.length === 0)
    .map(({ part }) => ({
      file: "the bill of materials",
      fault: `${part} has no licence`,
      remedy: "Ask its author for one, or do without it",
    }));
  if (problems.length > 0) throw new CommandError(problems);
  return parts.map(({ part, licences }) => `${part} (${licences.join(", ")})`);
}

async function privatePackages(root: string): Promise<Set<Json>> {
  const generated: JsonObject = JSON.parse(
    await readFile(join(root, "generated/package.json"), "utf8"),
  );
  const manifests = (await readPackages(root)).map(({ manifest }) => manifest);
  return new Set(
    [generated, ...manifests]
      .filter((manifest) => manifest["private"] === true)
      .map(({ name = "" }) => name),
  );
}

import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { basename, dirname, join } from "node:path";
import { CommandError } from "../command/problem.js";
import type { Outcome, Stage } from "../command/define-command.js";
import type { ReleasedPackage } from "../packages/client-packages.ts";
import { mustRun } from "../command/must-run.js";
import { makeTemporaryFolder } from "../command/temporary-folder.ts";
import { describeMaterials, listMaterials, type BillOfMaterials } from "./bill-of-materials.ts";
import { consumers, install, typeCheck, runConsumer, type Consumer } from "./consumers.ts";
import { inspectContents, inspectManifest, inspectTypes } from "./inspect.ts";
import { findUpstream, startLoopback, type LoopbackRegistry } from "./loopback.ts";
import { findOriginFaults } from "./origin.ts";
import { build, checkIdentical, download, pack, type Tarball } from "./pack.ts";
import { isPublished } from "./published.js";
import { sortByDependencies } from "./dependencies.js";
import { readScenario } from "./scenario.ts";
import { formatTable, type Proof } from "./table.ts";
import { readCommit } from "./work-tree.ts";

/** The time limit for one package, in milliseconds. It allows for a slow registry. */
const timeoutPerPackage = 10 * 60_000;

interface RehearseOptions {
  /** Where to keep the tarballs and their digests; by default they are not kept. */
  readonly tarballOut?: string;
  /** Whether to skip the checks of versions and origins, which only a release needs. Default: false. */
  readonly anyVersion?: boolean;
}

/**
 * Packs the packages whose version npm's registry does not have, checks the tarballs, and uses them as
 * consumers would, together with the others as they were published. Returns what this proves.
 */
export async function rehearse(
  root: string,
  packages: readonly ReleasedPackage[],
  interrupt: AbortSignal,
  stage: Stage,
  options: RehearseOptions = {},
): Promise<Outcome> {
  const timeout = AbortSignal.timeout(timeoutPerPackage * Math.max(1, packages.length));
  const signal = AbortSignal.any([interrupt, timeout]);
  await using folder = await makeTemporaryFolder("release-rehearse");
  try {
    return await rehearseIn(folder.path, root, packages, signal, stage, options);
  } catch (error) {
    // Both are referenced here, because Node.js 20 collects signals that only AbortSignal.any() refers to.
    const ended = [interrupt, timeout].find(({ aborted }) => aborted);
    if (!ended) throw error;
    const fault = `It was interrupted: ${String(ended.reason)}`;
    throw new CommandError({ file: "the rehearsal", fault, remedy: "Run it again" }, 2);
  }
}

/** Runs a step that proves a claim and returns the evidence. */
type Prove = (claim: string, work: () => string | Promise<string>) => Promise<void>;

async function rehearseIn(
  folder: string,
  root: string,
  packages: readonly ReleasedPackage[],
  signal: AbortSignal,
  stage: Stage,
  { tarballOut, anyVersion = false }: RehearseOptions,
): Promise<Outcome> {
  const proofs: Proof[] = [];
  const prove: Prove = async (claim, work) => {
    proofs.push({ claim, evidence: await stage(claim, work) });
    signal.throwIfAborted();
  };

  await prove("clean work tree", async () => `commit ${await readCommit(root, signal)}`);
  const published = new Map<ReleasedPackage, string>();
  if (!anyVersion) {
    for (const released of await findPublished(root, packages, signal, prove)) {
      await stage(`${released.name}: download`, async () => {
        const work = join(folder, basename(released.folder));
        published.set(released, await download(root, released, work, signal));
      });
    }
  }
  await stage("build", () => build(root, signal));

  const scopes = packages.map(({ name }) => name.slice(0, name.indexOf("/")));
  const upstream = await findUpstream(root, signal);
  await using registry = await stage("registry on loopback", () =>
    startLoopback(join(folder, "registry"), new Set(scopes), upstream),
  );
  const rehearsedPackages: { name: string; version: string; integrity: string }[] = [];
  // A consumer of a package also installs those that it depends on.
  for (const released of sortByDependencies(packages)) {
    const { name, version } = released;
    const asPublished = published.get(released);
    if (asPublished !== undefined) {
      await publish(asPublished, registry, signal);
      continue;
    }
    const work = join(folder, basename(released.folder));
    const proveFor: Prove = (claim, step) => prove(`${name}: ${claim}`, step);
    const { tarball, bill } = await packAndInspect(work, root, released, signal, proveFor);
    await publishAndUse(work, root, released, tarball, registry, signal, proveFor);
    if (tarballOut !== undefined) await keep(tarball, bill, tarballOut);
    rehearsedPackages.push({ name, version, integrity: tarball.integrity });
  }

  const names = rehearsedPackages.map(({ name, version }) => `${name}@${version}`).join(", ");
  const notes = tarballOut === undefined ? [] : [`The tarballs are in ${tarballOut}`];
  return {
    lines: ["", `${names}, as packed:`, "", ...formatTable(proofs), ...notes],
    data: { packages: rehearsedPackages, proofs },
  };
}

/**
 * Finds the packages whose version npm's registry has: those that did not change, and those that an earlier
 * run published before it failed.
 *
 * @throws CommandError if there is nothing to release, or a package does not say where it comes from
 */
async function findPublished(
  root: string,
  packages: readonly ReleasedPackage[],
  signal: AbortSignal,
  prove: Prove,
): Promise<readonly ReleasedPackage[]> {
  const faults = packages.flatMap(({ folder, manifest }) => findOriginFaults(folder, manifest));
  if (faults.length > 0) throw new CommandError(faults);
  const published: ReleasedPackage[] = [];
  for (const released of packages) {
    const { name, version, manifest } = released;
    await prove(`${name}: origin`, () => JSON.stringify(manifest["repository"] ?? null));
    await prove(`${name}: version`, async () => {
      const isOnRegistry = await isPublished(name, version, { cwd: root, signal });
      if (!isOnRegistry) return `${name}@${version} is not on npm's registry`;
      published.push(released);
      return `${name}@${version} is on npm's registry, and is used as published`;
    });
  }
  if (published.length < packages.length) return published;
  const versions = packages.map(({ name, version }) => `${name}@${version}`).join(", ");
  throw new CommandError({
    file: "packages/",
    fault: `There is nothing to release: npm's registry has ${versions}`,
    remedy: "Run pnpm release:version first, or rehearse without a release, with --any-version",
  });
}

/** Packs a built package, rebuilds and packs it again, and checks the tarball. */
async function packAndInspect(
  work: string,
  root: string,
  released: ReleasedPackage,
  signal: AbortSignal,
  prove: Prove,
): Promise<{ tarball: Tarball; bill: BillOfMaterials }> {
  const { name, folder } = released;
  const tarball = await pack(root, folder, join(work, "first"), signal);
  await prove("reproducible", async () => {
    await build(root, signal, name);
    checkIdentical(folder, tarball, await pack(root, folder, join(work, "second"), signal));
    return `built and packed twice: ${tarball.integrity}`;
  });
  await prove("contents", () => {
    const { files } = inspectContents(tarball.bytes);
    return `${files.size} files, ${tarball.bytes.byteLength} bytes: ${[...files.keys()].toSorted().join(", ")}`;
  });
  await prove("publint", async () => {
    await inspectManifest(tarball.bytes);
    return "no findings";
  });
  await prove("are the types wrong", async () => {
    await inspectTypes(tarball.bytes);
    return "no, as ESM for Node.js and bundlers";
  });
  const bill = await listMaterials(root, released, signal);
  await prove(
    "bill of materials",
    () => describeMaterials(bill).join(", ") || "nothing else in it",
  );
  return { tarball, bill };
}

async function publish(
  path: string,
  { publisherEnv: env }: LoopbackRegistry,
  signal: AbortSignal,
): Promise<void> {
  await mustRun(
    "npm",
    ["publish", path, "--tag", "rehearsal"],
    { cwd: dirname(path), env, signal },
    { file: "npm publish", remedy: "Fix what the registry rejects" },
  );
}

/** Publishes a tarball to the registry on loopback, and uses it from there. */
async function publishAndUse(
  work: string,
  root: string,
  released: ReleasedPackage,
  { path, integrity }: Tarball,
  registry: LoopbackRegistry,
  signal: AbortSignal,
  prove: Prove,
): Promise<void> {
  await prove("published", async () => {
    await publish(path, registry, signal);
    return `${basename(path)}, to a registry on loopback`;
  });

  const scenario = await readScenario(root, released);
  const use = async (consumer: Consumer): Promise<void> => {
    const project = join(work, consumer.name);
    const { compilers } = consumer;
    await prove(`${consumer.name}: installed`, async () => {
      const { name, version } = released;
      const origin = { name, version, integrity, env: registry.env };
      await install(project, consumer, scenario, origin, signal);
      return "package-lock.json has the sha512 of what was packed";
    });
    if (Object.keys(consumer.checks).length > 0) {
      await prove(`${consumer.name}: type-checked`, async () => {
        const checked = await typeCheck(project, consumer, scenario, signal);
        return `TypeScript ${compilers.join(", ")}: ${checked.join(", ")}`;
      });
    }
    await prove(`${consumer.name}: used`, async () => {
      return `Node ${process.version}: ${await runConsumer(project, consumer, scenario, signal)}`;
    });
  };
  function* present(): Generator<Consumer> {
    yield* consumers.filter(({ entry }) => scenario.files.has(entry));
  }
  // As many at a time as there are cores. A failure ends the generator, so that no other consumer begins; those
  // that have begun need their folder until they end.
  const waiting = present();
  const workers = Array.from({ length: availableParallelism() }, async () => {
    for (const consumer of waiting) await use(consumer);
  });
  const failure = (await Promise.allSettled(workers)).find(({ status }) => status === "rejected");
  if (failure?.status === "rejected") throw failure.reason;
}

/** Stores the tarball, its digest in the format of `sha512sum --check`, and its bill of materials. */
async function keep(
  { path, integrity }: Tarball,
  bill: BillOfMaterials,
  folder: string,
): Promise<void> {
  const name = basename(path);
  const digest = Buffer.from(integrity.replace("sha512-", ""), "base64").toString("hex");
  await mkdir(folder, { recursive: true });
  await copyFile(path, join(folder, name));
  await writeFile(join(folder, `${name}.sha512`), `${digest}  ${name}\n`);
  await writeFile(join(folder, `${name}.cdx.json`), `${JSON.stringify(bill, undefined, 2)}\n`);
}

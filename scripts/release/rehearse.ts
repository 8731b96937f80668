import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { Stop } from "../command/problem.ts";
import type { Outcome, Stage } from "../command/run.ts";
import { isObject } from "../description/tree.ts";
import { mustRun } from "../command/must-run.ts";
import { consumers, install, typeCheck, use } from "./consumers.ts";
import { inspectContents, inspectManifest, inspectTypes } from "./inspect.ts";
import { findUpstream, startLoopback } from "./loopback.ts";
import { build, checkSame, pack, type Tarball } from "./pack.ts";
import { checkUnpublished } from "./published.ts";
import { formatTable, type Proof } from "./table.ts";
import { readCommit } from "./work-tree.ts";

/** However slow the registry. */
const patience = 10 * 60_000;

export interface RehearseOptions {
  /** Where to keep the tarball and its digest; by default nowhere. */
  readonly tarballOut?: string;
  /** Whether the version may be on npm's registry already: false by default. */
  readonly anyVersion?: boolean;
}

/** Packs the client, checks the tarball, and uses it as others would; gives what that proves. */
export async function rehearse(
  root: string,
  interrupt: AbortSignal,
  stage: Stage,
  options: RehearseOptions = {},
): Promise<Outcome> {
  const signal = AbortSignal.any([interrupt, AbortSignal.timeout(patience)]);
  const folder = await mkdtemp(join(tmpdir(), "release-rehearse-"));
  try {
    return await rehearseIn(folder, root, signal, stage, options);
  } catch (error) {
    if (!signal.aborted) throw error;
    const fault = `it was broken off: ${String(signal.reason)}`;
    throw new Stop({ file: "the rehearsal", fault, remedy: "Run it again" }, 2);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function rehearseIn(
  folder: string,
  root: string,
  signal: AbortSignal,
  stage: Stage,
  { tarballOut, anyVersion = false }: RehearseOptions,
): Promise<Outcome> {
  const proofs: Proof[] = [];
  const prove = async (claim: string, work: () => string | Promise<string>): Promise<void> => {
    proofs.push({ claim, evidence: await stage(claim, work) });
    signal.throwIfAborted();
  };

  const { name, version } = await readManifest(root);
  await prove("clean work tree", async () => `commit ${await readCommit(root, signal)}`);
  if (!anyVersion) {
    await prove("new version", async () => {
      await checkUnpublished(root, name, version, signal);
      return `${name}@${version} is not on npm's registry`;
    });
  }

  const tarball = await stage("build and pack", async () => {
    await build(root, signal);
    return pack(root, join(folder, "first"), signal);
  });
  await prove("reproducible", async () => {
    await build(root, signal, true);
    checkSame(tarball, await pack(root, join(folder, "second"), signal));
    return `built and packed twice: ${tarball.integrity}`;
  });

  await prove("contents and size", () => {
    const { files, packedBytes } = inspectContents(tarball.bytes);
    return `${files.size} files, ${packedBytes} bytes: ${[...files.keys()].toSorted().join(", ")}`;
  });
  await prove("publint", async () => {
    await inspectManifest(tarball.bytes);
    return "nothing to say";
  });
  await prove("are the types wrong", async () => {
    await inspectTypes(tarball.bytes);
    return "no, as ESM for Node 20.19 and bundlers";
  });

  const upstream = await findUpstream(root, signal);
  await using registry = await stage("registry on loopback", () =>
    startLoopback(join(folder, "registry"), name.slice(0, name.indexOf("/")), upstream),
  );
  await prove("published", async () => {
    await mustRun(
      "npm",
      ["publish", tarball.path, "--tag", "rehearsal"],
      { cwd: folder, env: registry.publisherEnv, signal },
      { file: "npm publish", remedy: "Mend what the registry refuses" },
    );
    return `${basename(tarball.path)}, to a registry on loopback`;
  });

  for (const consumer of consumers) {
    const project = join(folder, consumer.name);
    const { typescript, checks } = consumer;
    await prove(`${consumer.name}: installed`, async () => {
      const origin = { name, version, integrity: tarball.integrity, env: registry.env };
      await install(project, consumer, origin, signal);
      return "package-lock.json has the sha512 of what was packed";
    });
    await prove(`${consumer.name}: type-checked`, async () => {
      await typeCheck(project, consumer, signal);
      return `TypeScript ${typescript}: ${Object.keys(checks).join(", ")}`;
    });
    await prove(`${consumer.name}: used`, async () => {
      return `Node ${process.version}: ${await use(project, consumer, signal)}`;
    });
  }

  if (tarballOut !== undefined) await keep(tarball, tarballOut);
  const kept = tarballOut === undefined ? [] : [`The tarball is in ${tarballOut}`];
  const { integrity } = tarball;
  return {
    lines: ["", `${name}@${version}, as it was packed:`, "", ...formatTable(proofs), ...kept],
    data: { name, version, integrity, proofs },
  };
}

async function readManifest(root: string): Promise<{ name: string; version: string }> {
  const path = join(root, "packages/client/package.json");
  const manifest: unknown = JSON.parse(await readFile(path, "utf8"));
  const { name, version } = isObject(manifest) ? manifest : {};
  if (typeof name === "string" && typeof version === "string") return { name, version };
  const fault = "it has no name or no version";
  throw new Stop({ file: path, fault, remedy: "Give it both" }, 2);
}

/** Keeps the tarball, and its digest as `sha512sum --check` reads it. */
async function keep({ path, integrity }: Tarball, folder: string): Promise<void> {
  const name = basename(path);
  const digest = Buffer.from(integrity.replace("sha512-", ""), "base64").toString("hex");
  await mkdir(folder, { recursive: true });
  await copyFile(path, join(folder, name));
  await writeFile(join(folder, `${name}.sha512`), `${digest}  ${name}\n`);
}

import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { parse } from "../description/read.ts";
import { applyAction } from "../description/overlay-action.ts";
import { listOf, objectOf, type Json, type JsonObject } from "../description/tree.ts";
import { generateCommand } from "../generate.ts";
import { specPull } from "../spec-pull.ts";
import { copyRepository } from "../fixtures/repository-copy.ts";
import { runCommand } from "../command/run-script.ts";
import type { SourceFiles } from "./change.ts";
import type { AnyClient } from "./scenario.ts";
import { createTypeChecker, type TypeChecker } from "./type-check.ts";

/** A copy of the repository that pulls one description after another. */
export interface Pipeline extends AsyncDisposable {
  /** Pulls the vendor's files and generates. Returns the message that stopped it, if any. */
  pullAndGenerate(files: SourceFiles): Promise<string | undefined>;
  /** The description from which the files were generated. */
  effective(): Promise<JsonObject>;
  /** The exports of `operations.ts`. */
  operations(): Promise<Readonly<Record<string, unknown>>>;
  /**
   * Type-checks what `pnpm typecheck:all` does, or only a type of the client. Returns the compiler's messages,
   * if any.
   */
  typeCheck(type?: readonly [type: string, expected: string]): Promise<string | undefined>;
  /** Builds the client. Returns the message that stopped it, if any. */
  build(): Promise<string | undefined>;
  /** The function of the built client that creates one. */
  createClient(): Promise<(options: object) => AnyClient>;
}

const api = "audit-logs";
const outputFolder = `generated/${api}`;
/** What `pnpm typecheck:all` checks and a description can change, in as few programs as possible. */
export const programs: Parameters<typeof createTypeChecker>[1] = [
  ["packages/client/tsconfig.json"],
  [
    "packages/client/test/tsconfig.json",
    "packages/client/tsconfig.node.json",
    "packages/mock-server/tsconfig.json",
    "packages/mock-server/test/tsconfig.json",
    "packages/cli/tsconfig.json",
    "packages/cli/test/tsconfig.json",
    "examples/tsconfig.json",
  ],
  ["tsconfig.json"],
];

export async function openPipeline(): Promise<Pipeline> {
  const copy = await copyRepository();
  const sources = await mkdtemp(join(tmpdir(), "vendor-"));
  const spec = join(copy.path, "spec", api);
  const pristine = join(sources, "spec");
  await cp(spec, pristine, { recursive: true });
  const client = join(copy.path, "packages/client");
  await buildPackage(join(copy.path, "packages/mock-server"));
  const checker: TypeChecker = createTypeChecker(copy.path, programs);
  const checked = new Map<string, readonly string[]>();
  let importCount = 0;
  let notices = "";

  return {
    async pullAndGenerate(files) {
      await rm(spec, { recursive: true });
      await cp(pristine, spec, { recursive: true });
      const pages: string[] = [];
      for (const [name, text] of Object.entries(files)) {
        pages.push(join(sources, basename(name)));
        await writeFile(join(sources, basename(name)), text);
      }
      const pulled = await runCommand(specPull, [api, ...pages, "--root", copy.path]);
      if (pulled.exitCode !== 0) return `spec:pull: ${pulled.stdout}${pulled.stderr}`;
      const generated = await runCommand(generateCommand, ["--root", copy.path]);
      notices = generated.stdout.replaceAll(/^(?:✔|Wrote ).*\n/gmu, "");
      return generated.exitCode === 0 ? undefined : `generate: ${generated.stderr}`;
    },

    async effective() {
      const file = `${outputFolder}/openapi.json`;
      return parse(file, await copy.read(file));
    },

    async operations() {
      importCount += 1;
      const file = pathToFileURL(join(copy.path, outputFolder, "operations.ts"));
      return { ...(await import(`${file.href}?${importCount}`)) };
    },

    async typeCheck(type) {
      const texts = ["schema.ts", "operations.ts"].map((name) =>
        copy.read(`${outputFolder}/${name}`),
      );
      // Comments change no type.
      const code = (await Promise.all(texts)).join("").replaceAll(/^\s*(?:\/?\*|\/\/).*\n/gmu, "");
      const key = JSON.stringify([code, type]);
      const messages =
        checked.get(key) ??
        checker.check(type && { file: join(client, "src/table-proof.ts"), text: proofOf(...type) });
      checked.set(key, messages);
      return messages.length === 0 ? undefined : `typecheck: ${messages.join("\n")}\n${notices}`;
    },

    async build() {
      try {
        await buildPackage(client);
        return undefined;
      } catch (error) {
        return `build: ${String(error)}`;
      }
    },

    async createClient() {
      importCount += 1;
      const { createAuditLogsClient } = await import(
        `${pathToFileURL(join(client, "dist/index.js")).href}?${importCount}`
      );
      return createAuditLogsClient;
    },

    async [Symbol.asyncDispose]() {
      process.chdir(tmpdir());
      await copy.remove();
      await rm(sources, { recursive: true });
    },
  };
}

async function buildPackage(path: string): Promise<void> {
  process.chdir(path);
  const { build } = await import(
    pathToFileURL(join(path, "node_modules/tsdown/dist/index.mjs")).href
  );
  const config = await import(pathToFileURL(join(path, "tsdown.config.ts")).href);
  for (const options of [config.default].flat()) {
    await build({ ...options, config: false, logLevel: "silent", hash: false });
  }
}

function proofOf(type: string, expected: string): string {
  return `
import type { AuditLog, AuditLogsClient, ExportJob, ExportSelection, Failure } from "./index.ts";
import type { components, operations, paths } from "@audit-logs/generated/audit-logs/schema";
type Is<One, Other> =
  (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : One;
type Known = [AuditLog, AuditLogsClient, ExportJob, ExportSelection, Failure, components, operations, paths];
export type Proof = [Known, ${type}];
export const proof: Is<${type}, ${expected}> = true;
`;
}

/** The vendor's description in the repository. */
export async function readVendor(root: string): Promise<{ page: string; description: Json }> {
  const folder = join(root, "spec", api);
  return {
    page: await readFile(join(folder, "sources/get-export-job-status.md"), "utf8"),
    description: parse("openapi.yaml", await readFile(join(folder, "openapi.yaml"), "utf8")),
  };
}

/**
 * The vendor's description with all operations of `additions.yaml`, as if the vendor had them on one page.
 */
export async function readWhole(root: string): Promise<Json> {
  const { description } = await readVendor(root);
  const file = join(root, "spec", api, "additions.yaml");
  const { actions } = parse(file, await readFile(file, "utf8"));
  const whole = structuredClone(objectOf(description));
  for (const action of listOf(actions)) applyAction(whole, objectOf(action));
  return whole;
}

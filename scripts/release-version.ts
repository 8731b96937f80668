import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { mustRun } from "./command/must-run.ts";
import { Stop } from "./command/problem.ts";
import { runMain, verb, type Verb, wrongUsage } from "./command/run.ts";

const usage = `pnpm release:version [--root DIR] [--json]

Turns the changesets that wait into versions and changelogs. If that gives the client a new version,
keeps in packages/client/released/ what it is made of, for later changes to be judged against: its
effective description and its public declarations. The client has to be built.

  --root DIR  the repository (default: this one)

Exit codes: 0 fine, 2 wrong usage or environment.`;

const repository = fileURLToPath(new URL("..", import.meta.url));
const client = "packages/client";

export const releaseVersion: Verb = verb(
  usage,
  { root: { type: "string", default: repository } },
  async ({ values, positionals }) => {
    if (positionals.length > 0) throw wrongUsage("It takes no arguments but options", usage);
    const root = resolve(values.root);
    const [dist, released] = [join(root, client, "dist"), join(root, client, "released")];
    if (!existsSync(dist)) {
      throw new Stop(
        {
          file: `${client}/dist`,
          fault: "The client is not built",
          remedy: "Run pnpm build first",
        },
        2,
      );
    }
    const manifest = join(root, client, "package.json");
    const before = await readFile(manifest, "utf8");
    const remedy = "Fix the changesets that it names";
    await mustRun("changeset", ["version"], { cwd: root }, { file: ".changeset/", remedy });
    if ((await readFile(manifest, "utf8")) === before) {
      return { lines: ["The client keeps its version"], data: { changed: false } };
    }
    await rm(released, { recursive: true, force: true });
    await mkdir(released);
    const declarations = (await readdir(dist)).filter((file) => file.endsWith(".d.ts"));
    for (const file of declarations) await copyFile(join(dist, file), join(released, file));
    const description = join(root, "generated/audit-logs/openapi.json");
    await copyFile(description, join(released, "openapi.json"));
    return { lines: [`Kept what is released in ${client}/released/`], data: { changed: true } };
  },
);

await runMain(import.meta.url, releaseVersion);

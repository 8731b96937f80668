import { existsSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Stop } from "./command/problem.ts";
import { run, wrongUsage } from "./command/run.ts";
import { writeAll } from "./command/write.ts";
import { readProject, selectApi } from "./description/project.ts";
import { builtFolder, releasedFolder } from "./judge/released.ts";

const usage = `pnpm release:record [<api>] [--root DIR] [--json]

Writes down what is released, ${releasedFolder}/: the effective description
and the client's public declarations, which the next change is judged against.

  --root DIR  the repository (default: this one)
  --json      print one JSON object

Exit codes: 0 fine, 2 wrong usage or environment.`;

const repository = fileURLToPath(new URL("..", import.meta.url));

await run(
  usage,
  { root: { type: "string", default: repository } },
  async ({ values, positionals }, stage) => {
    const root = resolve(values.root);
    const api = selectApi((await readProject(root)).apis, positionals);
    if (api === undefined) throw wrongUsage("Name the API of the client", usage);
    const built = existsSync(join(root, builtFolder)) ? await readdir(join(root, builtFolder)) : [];
    const declarations = built.filter((name) => name.endsWith(".d.ts"));
    if (declarations.length === 0) {
      const fault = "The client is not built";
      throw new Stop({ file: builtFolder, fault, remedy: "Run pnpm build first" }, 2);
    }
    const sources = [
      [`generated/${api}/openapi.json`, "openapi.json"],
      ...declarations.map((name) => [`${builtFolder}/${name}`, name] as const),
    ] as const;
    await stage("record", async () => {
      const files = await Promise.all(
        sources.map(
          async ([from, name]) =>
            [`${releasedFolder}/${name}`, await readFile(join(root, from))] as const,
        ),
      );
      await writeAll(root, releasedFolder, new Map(files));
      const known = new Set(sources.map(([, name]) => name));
      for (const name of await readdir(join(root, releasedFolder))) {
        if (!known.has(name)) await rm(join(root, releasedFolder, name));
      }
    });
    return { lines: [], data: { files: sources.map(([, name]) => name) } };
  },
);

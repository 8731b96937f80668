import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { CommandError } from "./command/problem.js";
import { defineCommand, runMain, wrongUsage } from "./command/define-command.js";
import { rootOption } from "./command/repository.js";
import { writeAll } from "./command/write.ts";
import { readProject } from "./description/project.ts";
import { parse } from "./description/read.ts";
import { objectOf, type JsonObject } from "./description/tree.ts";
import { readClientPackages } from "./packages/client-packages.ts";
import { findExampleCall } from "./packages/example-call.ts";
import { readPackages } from "./packages/read-packages.js";
import { scaffold } from "./packages/scaffold.ts";

const usage = `pnpm client:add <api> [--root DIR] [--json]

Writes packages/<api>, the package of a client for an API of redocly.yaml: its entry, a README and a
test. The API must have been generated. Adds the package to the root's package.json, so that it is
built before it is judged. Then run pnpm install and pnpm release:plan.

  --root DIR  the repository (default: this one)
  --json      print one JSON object: { folder, files }

Exit codes: 0 fine, 1 the package already exists, or the API has no operation to call, 2 wrong usage or environment.`;

export const clientAdd = defineCommand(
  usage,
  { root: rootOption },
  async ({ values, positionals }) => {
    const root = resolve(values.root);
    const [api, ...others] = positionals;
    const project = await readProject(root);
    const known = project.apis.map(({ name }) => name);
    if (api === undefined || others.length > 0) {
      throw wrongUsage(`Name one of the APIs ${known.join(", ")}`, usage);
    }
    if (!known.includes(api)) {
      throw new CommandError(
        {
          file: "command line",
          fault: `${api} is not an API; the APIs are ${known.join(", ")}`,
          remedy: `Pull it with pnpm spec:pull ${api} <page-or-file-or-url>, and add the entry that it prints to redocly.yaml`,
        },
        2,
      );
    }
    const folder = `packages/${api}`;
    const existing = (await readClientPackages(project)).find((client) => client.api === api);
    const manifest = parse("package.json", await readFile(join(root, "package.json"), "utf8"));
    const { license, engines, devDependencies } = manifest;
    const scope = `@${String(manifest["name"])}`;
    const name = `${scope}/${api}`;
    const packages = await readPackages(root);
    const namesakes = packages.filter((each) => each.manifest["name"] === name);
    // All packages of the workspace have the scope, including those in folders of the root.
    const namesake = [...namesakes.map((each) => each.folder), api]
      .map((directory) => `${directory}/package.json`)
      .find((file) => existsSync(join(root, file)));
    if (existing === undefined && namesake !== undefined) {
      throw new CommandError({
        file: namesake,
        fault: `The client of ${api} would have the name of this package`,
        remedy: "Give the API another name in redocly.yaml and spec/",
      });
    }
    if (existing !== undefined || existsSync(join(root, folder))) {
      throw new CommandError({
        file: existing?.folder ?? folder,
        fault: existing ? `It is already generated from ${api}` : "The folder already exists",
        remedy: "Remove it first, or change it by hand",
      });
    }

    const description = `generated/${api}/openapi.json`;
    if (!existsSync(join(root, description))) {
      const remedy = "Run pnpm generate first";
      throw new CommandError({ file: description, fault: "The file does not exist", remedy }, 2);
    }
    const call = await findExampleCall(
      parse(description, await readFile(join(root, description), "utf8")),
    );
    if (call === undefined) {
      throw new CommandError({
        file: description,
        fault: "It has no operation that a client can call",
        remedy:
          "Pull a description of operations, or correct those that pnpm generate reports with overlay actions",
      });
    }

    const files = await scaffold(api, call, {
      scope,
      license: String(license),
      engines: objectOf(engines),
      origin: originOf(packages, folder),
    });
    const written = new Map([...files].map(([file, text]) => [`${folder}/${file}`, text]));
    await writeAll(root, folder, written);
    const all = { ...objectOf(devDependencies), [name]: "workspace:*" };
    const sorted = Object.entries(all).toSorted(([left], [right]) => (left < right ? -1 : 1));
    const changed = { ...manifest, devDependencies: Object.fromEntries(sorted) };
    await writeFile(join(root, "package.json"), `${JSON.stringify(changed, undefined, 2)}\n`);
    return {
      lines: [
        `Wrote ${folder}. Run pnpm install, and then pnpm build and pnpm release:plan`,
        ...(call.isValid
          ? []
          : ["No valid call was found: complete the one in the README, and add it to the test"]),
      ],
      data: { folder, files: [...written.keys()] },
    };
  },
);

await runMain(import.meta.url, clientAdd);

/** Takes `repository`, `homepage` and `bugs` from a package that has them, for the package of another folder. */
function originOf(packages: Awaited<ReturnType<typeof readPackages>>, folder: string): JsonObject {
  const model = packages.find(({ manifest }) => manifest["repository"] !== undefined);
  if (model === undefined) return {};
  const { repository, homepage, bugs } = model.manifest;
  const text = JSON.stringify({ repository, homepage, bugs });
  return objectOf(JSON.parse(text.replaceAll(model.folder, folder)));
}

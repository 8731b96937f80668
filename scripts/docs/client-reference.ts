import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { Application, JSX, type TypeDocOptions } from "typedoc";
import { CommandError } from "../command/problem.js";
import { objectOf } from "../description/tree.ts";
import type { ClientPackage } from "../packages/client-packages.ts";

/** Writes the reference of a client: the declarations of its built entries, as its users get them. */
export async function writeClientReference(
  root: string,
  { name, folder }: ClientPackage,
  output: string,
): Promise<void> {
  const options: Partial<TypeDocOptions> = {
    name,
    entryPoints: (await readTypeEntries(root, folder)).map((file) => join(root, folder, file)),
    compilerOptions: {
      module: "nodenext",
      lib: ["es2023", "dom", "dom.iterable", "dom.asynciterable"],
      types: ["node"],
      strict: true,
      skipLibCheck: true,
    },
    readme: "none",
    disableSources: true,
    hideGenerator: true,
    // Its links to this page lead to places that it lacks.
    includeHierarchySummary: false,
    githubPages: false,
    // What is not exported is a part of the types that are.
    validation: { notExported: false },
    treatWarningsAsErrors: true,
    customCss: join(import.meta.dirname, "reference.css"),
    logLevel: "Warn",
  };
  // Without the configuration that it would find in this folder.
  const application = await Application.bootstrap(options, []);
  application.renderer.hooks.on("body.begin", ({ page }) => {
    const up = relative(join("/", page.url, ".."), "/");
    return JSX.createElement(
      "a",
      { class: "back", href: join(up, "../index.html") },
      "← audit-logs",
    );
  });
  const project = await application.convert();
  if (project !== undefined) await application.generateDocs(project, output);
  if (project === undefined || application.logger.hasErrors() || application.logger.hasWarnings()) {
    const fault = "TypeDoc cannot document its declarations, as it says above";
    throw new CommandError({ file: folder, fault, remedy: "Build it with npm run build" });
  }
}

/** The declarations of a package's entry points. */
async function readTypeEntries(root: string, folder: string): Promise<string[]> {
  const manifest: unknown = JSON.parse(await readFile(join(root, folder, "package.json"), "utf8"));
  return Object.values(objectOf(objectOf(manifest)["exports"])).flatMap((entry) => {
    const types = objectOf(entry)["types"];
    return typeof types === "string" ? [types] : [];
  });
}

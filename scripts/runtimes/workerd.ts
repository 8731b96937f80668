import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { clientPath } from "./modules.ts";
import { execute } from "./execute.ts";
import type { Report } from "./scenario.js";

/** Plays the scenario in a worker, which can only connect to loopback. */
export async function playInWorkerd(
  program: string,
  baseUrl: string,
  folder: string,
): Promise<Report> {
  const modules = await Promise.all(
    Object.entries({
      "worker.js": join(import.meta.dirname, "worker.js"),
      "scenario.js": join(import.meta.dirname, "scenario.js"),
      "@audit-logs/client": clientPath,
    }).map(async ([name, path]) => {
      const source = JSON.stringify(await readFile(path, "utf8"));
      return `(name = ${JSON.stringify(name)}, esModule = ${source})`;
    }),
  );
  const config = join(folder, "config.capnp");
  await writeFile(
    config,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [
  (name = "main", worker = (
    compatibilityDate = "2026-11-01",
    modules = [${modules.join(", ")}],
    bindings = [(name = "baseUrl", text = ${JSON.stringify(baseUrl)})]
  )),
  (name = "internet", network = (allow = ["local"]))
]);`,
  );
  return JSON.parse(await execute(program, ["test", "--no-verbose", config]));
}

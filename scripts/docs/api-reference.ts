import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { mustRun } from "../command/must-run.js";
import { cli } from "../judge/description-diff.ts";

/** In place of Redocly's logo, which its page would load from elsewhere. */
const logo =
  "data:image/svg+xml," +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" width="48" height="12"><text y="10" font-family="sans-serif" font-size="10" fill="#7a869a">Redocly</text></svg>',
  ).replaceAll("'", "%27");

/** Writes a page with the reference of an API, which contains all that it needs. */
export async function writeApiReference(root: string, api: string, output: string): Promise<void> {
  const args = [
    "build-docs",
    join(root, "generated", api, "openapi.json"),
    "--inlineBundle",
    `--template=${join(import.meta.dirname, "api-reference.hbs")}`,
    `--output=${output}`,
    `--config=${join(root, "redocly.yaml")}`,
    "--lint-config=off",
  ];
  const about = { file: `generated/${api}`, remedy: "Run npm run generate first" };
  await mustRun(process.execPath, [join(cli, "../bin/cli.js"), ...args], { cwd: root }, about);
  const page = (await readFile(output, "utf8"))
    .replace(/https:\/\/cdn\.redoc\.ly\/[^"'`\s]+\.svg/gu, () => logo)
    // Its menu is prerendered with the paths of a server, and turns them into fragments only when clicked.
    .replace(/(<a [^>]*href=")(\/[^>]* data-discover=)/gu, "$1#$2");
  await writeFile(output, page);
}

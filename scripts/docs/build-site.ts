import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Stage } from "../command/define-command.js";
import { parse } from "../description/read.ts";
import { readProject } from "../description/project.ts";
import { isObject } from "../description/tree.ts";
import { readClientPackages } from "../packages/client-packages.ts";
import { writeApiReference } from "./api-reference.ts";
import { readChanges } from "./changes.ts";
import { writeClientReference } from "./client-reference.ts";
import { readCommandHelp } from "./command-help.ts";
import { documents, markdownPage, resolveLink } from "./markdown-page.ts";
import { layOut, type NavigationItem, type Page } from "./page.ts";
import { renderMarkdown } from "./render-markdown.ts";
import { demoPicture, startPage } from "./start-page.ts";

/** Builds the site in `site/`. It takes the place of an earlier one when it is complete. */
export async function buildSite(root: string, stage: Stage): Promise<void> {
  const folder = join(root, "site");
  const project = await readProject(root);
  const packages = await readClientPackages(project);
  const unfinished = join(root, "node_modules/.cache/site");
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(join(unfinished, "api"), { recursive: true });

  const references: NavigationItem[] = [];
  for (const { name } of project.apis) {
    const file = `api/${name}.html`;
    await stage(`${name}: reference`, () => writeApiReference(root, name, join(unfinished, file)));
    references.push({ title: `${await readTitle(root, name)} reference`, file });
  }
  for (const client of packages) {
    const reference = basename(client.folder);
    await stage(`${client.name}: reference`, () =>
      writeClientReference(root, client, join(unfinished, reference)),
    );
    references.push({ title: `${client.name} reference`, file: `${reference}/index.html` });
  }
  await stage("pages", async () => {
    const pages = await makePages(root, references);
    const navigation = [...pages.slice(1), ...references];
    for (const page of pages) {
      await writeFile(join(unfinished, page.file), layOut(page, navigation));
    }
    for (const file of ["theme.css", "style.css", "reference.css"]) {
      await copyFile(join(import.meta.dirname, file), join(unfinished, file));
    }
    if (existsSync(join(root, demoPicture.source))) {
      await copyFile(join(root, demoPicture.source), join(unfinished, demoPicture.file));
    }
  });
  await rm(folder, { recursive: true, force: true });
  await rename(unfinished, folder);
}

/** Makes the pages that this repository lays out itself, the start page first. */
async function makePages(
  root: string,
  references: readonly NavigationItem[],
): Promise<readonly Page[]> {
  const help = await readCommandHelp(root);
  const changes = renderMarkdown(await readChanges(root), (href) => resolveLink("", href));
  return [
    startPage(existsSync(join(root, demoPicture.source)), references),
    ...(await Promise.all(
      documents.map((document) =>
        markdownPage(root, document, document.file === "command.html" ? help : ""),
      ),
    )),
    { title: "What changed", file: "changes.html", ...changes },
  ];
}

/** The title that an API's description has. */
async function readTitle(root: string, api: string): Promise<string> {
  const file = `generated/${api}/openapi.json`;
  const { info } = parse(file, await readFile(join(root, file), "utf8"));
  return isObject(info) ? String(info["title"]) : api;
}

import { readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import type { Page } from "./page.ts";
import { renderMarkdown } from "./render-markdown.ts";

/** The Markdown files of this repository that are pages of the site, and their titles in the navigation. */
export const documents: readonly { source: string; file: string; title: string }[] = [
  { source: "packages/client/README.md", file: "client.html", title: "Client" },
  { source: "packages/cli/README.md", file: "command.html", title: "Command" },
  { source: "ARCHITECTURE.md", file: "pipeline.html", title: "Pipeline" },
  { source: "packages/mock-server/README.md", file: "mock-server.html", title: "Mock server" },
  { source: "packages/client/FAULTS.md", file: "faults.html", title: "Faults" },
  { source: "docs/versioning.md", file: "versioning.html", title: "Versioning" },
];

/** Makes a page of a Markdown file, and of more Markdown that follows it. */
export async function markdownPage(
  root: string,
  { source, file, title }: (typeof documents)[number],
  more: string,
): Promise<Page> {
  const text = (await readFile(join(root, source), "utf8")) + more;
  return { title, file, ...renderMarkdown(text, (href) => resolveLink(source, href)) };
}

/**
 * Resolves a link of a file of this repository: to a page of the site, or to a URL elsewhere. Undefined for a
 * file that is not a page.
 */
export function resolveLink(source: string, href: string): string | undefined {
  if (href.startsWith("https:") || href.startsWith("#")) return href;
  const [path = "", fragment] = href.split("#", 2);
  const target = posix.join(posix.dirname(source), path);
  const page = documents.find((document) => document.source === target)?.file;
  return page === undefined || fragment === undefined ? page : `${page}#${fragment}`;
}

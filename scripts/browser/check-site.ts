import { readdir } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { serveFiles } from "./serve.ts";
import { visitAll, type Visit } from "./visit.ts";

/** Something wrong with a page of a site. */
interface Fault {
  /** The page, relative to the site. */
  readonly page: string;
  readonly fault: string;
}

/** What a page has to let people do, by the page's path on the site. */
type Trials = Readonly<Record<string, (page: Page) => Promise<void>>>;

export interface SiteCheck {
  readonly pages: number;
  readonly links: number;
  readonly faults: readonly Fault[];
}

/** Opens every page of a folder in a browser. Returns what is wrong with them. */
export async function checkSite(
  browser: Browser,
  folder: string,
  trials: Trials,
): Promise<SiteCheck> {
  await using server = await serveFiles(folder);
  const pages = (await readdir(folder, { recursive: true }))
    .filter((file) => file.endsWith(".html"))
    .toSorted();
  const context = await browser.newContext();
  const visits = await visitAll(
    context,
    server.url,
    pages.map((page) => server.url + page),
    new Map(Object.entries(trials).map(([page, work]) => [server.url + page, work])),
  );
  await context.close();

  const visitsByUrl = new Map(visits.map((visit) => [visit.url, visit]));
  const found = visits.flatMap(({ url, faults, links }) => {
    const broken = [...links].map((link) => findBrokenLink(link, server.url, visitsByUrl));
    return [...faults, ...broken.filter((fault) => fault !== undefined)].map((fault) => ({
      page: url.slice(server.url.length),
      fault: fault.replaceAll(server.url, ""),
    }));
  });
  const missing = Object.keys(trials).filter((page) => !pages.includes(page));
  return {
    pages: pages.length,
    links: visits.reduce((sum, { links }) => sum + links.size, 0),
    faults: [...found, ...missing.map((page) => ({ page, fault: "There is no such page" }))],
  };
}

/** Links elsewhere are not followed: whether they work depends on others. */
function findBrokenLink(
  link: string,
  site: string,
  visits: ReadonlyMap<string, Visit>,
): string | undefined {
  const { origin, pathname, hash, protocol } = new URL(link);
  if (origin !== new URL(site).origin) {
    return protocol === "https:" ? undefined : `It has a link to ${link}`;
  }
  const target = visits.get(origin + pathname);
  if (target === undefined) return `Its link to ${link} leads to no page`;
  // The paths of Redoc's router are fragments, each with the fragment of a place on the page after it.
  const fragment = decodeURIComponent(hash.split("#").at(-1) ?? "").replace(/^\//u, "");
  return fragment === "" || target.fragments.has(fragment)
    ? undefined
    : `Its link to ${link} leads to no place on that page`;
}

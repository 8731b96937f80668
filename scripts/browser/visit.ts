import type { BrowserContext, Page } from "playwright-core";

/** What a page is like in the browser. */
export interface Visit {
  readonly url: string;
  /** Errors in the console, requests elsewhere, and whether it is too wide for a phone. */
  readonly faults: readonly string[];
  /** The targets of its links, as absolute URLs. */
  readonly links: ReadonlySet<string>;
  /** The fragments that lead to a place in it. */
  readonly fragments: ReadonlySet<string>;
}

interface Contents {
  readonly links: readonly string[];
  readonly fragments: readonly string[];
}

// Text, because these scripts are type-checked without a browser's declarations.
const widthOfDocument = "document.documentElement.scrollWidth";
const contentsOfDocument = `({
  links: [...document.querySelectorAll("a[href]")].map((link) => link.href),
  fragments: [...document.querySelectorAll("[id]")].map(({ id }) => id),
})`;

export const computer = { width: 1280, height: 900 };
export const phone = { width: 375, height: 812 };

/**
 * Opens pages one after the other, in one tab: a new one for each takes longer than the page.
 *
 * @param site the URL that everything has to come from
 * @param trials what to try on a page, by its URL, while its errors and requests are watched; a trial
 *   ends on the page that it began on
 */
export async function visitAll(
  context: BrowserContext,
  site: string,
  urls: readonly string[],
  trials: ReadonlyMap<string, (page: Page) => Promise<void>>,
): Promise<readonly Visit[]> {
  const page = await context.newPage();
  // For what hangs: a busy machine may take half a minute to make a large page work.
  page.setDefaultTimeout(300_000);
  let faults: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(`The console has an error: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`A script fails: ${error.message}`));
  page.on("response", (response) => {
    if (response.status() >= 400) faults.push(`There is no ${response.url()}`);
  });
  // A request elsewhere is reported, and never sent.
  await page.route(
    (url) => url.protocol.startsWith("http") && !url.href.startsWith(site),
    (route, request) => {
      faults.push(`It loads ${request.url()}`);
      return route.abort();
    },
  );

  const visits: Visit[] = [];
  for (const url of urls) {
    faults = [];
    await page.setViewportSize(computer);
    await page.goto(url);
    // First, because a page may not be complete before it can be used.
    await trials
      .get(url)?.(page)
      .catch((error: unknown) => {
        faults.push(error instanceof Error ? error.message : String(error));
      });
    const { links, fragments } = await page.evaluate<Contents>(contentsOfDocument);
    await page.setViewportSize(phone);
    const width = await page.evaluate<number>(widthOfDocument);
    if (width > phone.width) faults.push(`It is ${width} pixels wide on a phone of ${phone.width}`);
    visits.push({ url, faults, links: new Set(links), fragments: new Set(fragments) });
  }
  await page.close();
  return visits;
}

import type { Page } from "playwright-core";

/** Searches the reference of an API, and follows the first result. */
export async function searchApi(page: Page, term: string, result: RegExp): Promise<void> {
  await page.getByTestId("search-trigger").click();
  await page.getByPlaceholder("Search docs...").fill(term);
  const dialog = page.getByTestId("search-dialog");
  await dialog.locator("a, [role=option], li").filter({ hasText: term }).first().click();
  await page.waitForURL(result);
}

/** Searches the reference of a client, and follows the first result. */
export async function searchClient(page: Page, term: string, result: RegExp): Promise<void> {
  await page.locator("#tsd-search-trigger").click();
  await page.locator("#tsd-search-input").fill(term);
  await page.locator("#tsd-search-results a").first().click();
  await page.waitForURL(result);
  await page.goBack();
}

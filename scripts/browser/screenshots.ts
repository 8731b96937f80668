import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { serveFiles } from "./serve.ts";
import { computer, phone } from "./visit.ts";

const looks = [
  { name: "light", colorScheme: "light", viewport: computer },
  { name: "dark", colorScheme: "dark", viewport: computer },
  { name: "phone", colorScheme: "light", viewport: phone },
] as const;

/** Takes pictures of pages for people to look at: light, dark, and on a phone. */
export async function takeScreenshots(
  browser: Browser,
  folder: string,
  pages: readonly string[],
  output: string,
): Promise<void> {
  await using server = await serveFiles(folder);
  await mkdir(output, { recursive: true });
  for (const { name, ...look } of looks) {
    const context = await browser.newContext(look);
    const page = await context.newPage();
    for (const file of pages) {
      await page.goto(server.url + file);
      const path = join(output, `${file.replaceAll("/", "-").replace(/\.html$/u, "")}.${name}.png`);
      await page.screenshot({ path });
    }
    await context.close();
  }
}

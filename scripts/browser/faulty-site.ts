import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { CommandError } from "../command/problem.js";
import { makeTemporaryFolder } from "../command/temporary-folder.ts";
import { checkSite } from "./check-site.ts";

const page = (body: string): string =>
  `<!doctype html><meta name="viewport" content="width=device-width" /><link rel="icon" href="data:," />${body}`;

/** Pages with a fault each, and what has to be found there. */
const cases: readonly [file: string, body: string, fault: RegExp][] = [
  ["page.html", '<a href="nowhere.html">a</a>', /link to nowhere\.html leads to no page/u],
  ["fragment.html", '<a href="page.html#x">a</a>', /link to page\.html#x leads to no place/u],
  ["absolute.html", '<a href="/page.html">a</a>', /leads to no page/u],
  ["http.html", '<a href="http://example.com/">a</a>', /link to http:\/\/example\.com/u],
  ["font.html", '<img src="https://example.com/a.png">', /loads https:\/\/example\.com\/a\.png/u],
  ["fetch.html", "<script>fetch('//127.0.0.1:1/')</script>", /loads http:\/\/127\.0\.0\.1:1\//u],
  ["missing.html", '<img src="a.png">', /There is no a\.png/u],
  ["error.html", "<script>console.error('oops')</script>", /console has an error: oops/u],
  ["throws.html", "<script>throw new Error('oops')</script>", /A script fails: oops/u],
  ["wide.html", '<div style="width: 400px">a</div>', /400 pixels wide|408 pixels wide/u],
];

/**
 * Proves that the check would find what it is for, on a site that has nothing but faults.
 *
 * @throws CommandError if it misses one
 */
export async function checkFaultySite(browser: Browser): Promise<number> {
  await using folder = await makeTemporaryFolder("faulty-site");
  for (const [file, body] of cases) await writeFile(join(folder.path, file), page(body));
  const { faults } = await checkSite(browser, folder.path, {
    "trial.html": async () => undefined,
  });
  const missed = [...cases, ["trial.html", "", /no such page/u] as const].filter(
    ([file, , fault]) => !faults.some((found) => found.page === file && fault.test(found.fault)),
  );
  if (missed.length === 0) return cases.length;
  throw new CommandError(
    missed.map(([file, , fault]) => ({
      file: `a page with a fault, ${file}`,
      fault: `The check does not find it: ${fault.source}`,
      remedy: "Correct scripts/browser/",
    })),
  );
}

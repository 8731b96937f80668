import { html, type Html } from "../command/html.ts";

/** A link in the navigation of every page. */
export interface NavigationItem {
  readonly title: string;
  /** Relative to the site. */
  readonly file: string;
}

/** A heading of a page, and the fragment that leads to it. */
export interface Heading {
  readonly id: string;
  readonly text: string;
}

export interface Page {
  readonly title: string;
  readonly file: string;
  readonly body: Html;
  /** What the page's own table of contents lists. */
  readonly headings?: readonly Heading[];
}

/** Lays out a page of the site's top folder. */
export function layOut(
  { title, file, body, headings = [] }: Page,
  navigation: readonly NavigationItem[],
): string {
  const contents =
    headings.length < 3
      ? []
      : [
          html`<nav class="contents" aria-label="On this page">
            ${headings.map(({ id, text }) => html`<a href="#${id}">${text}</a>`)}
          </nav>`,
        ];
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="style.css" />
      </head>
      <body>
        <header>
          <a class="brand" href="index.html">audit-logs</a>
          <nav aria-label="Pages">
            ${navigation.map((item) => {
              const current = item.file === file ? html` aria-current="page"` : [];
              return html`<a href="${item.file}" ${current}>${item.title}</a>`;
            })}
          </nav>
        </header>
        <div class="page${contents.length === 0 ? " wide" : ""}">
          <main>${body}</main>
          ${contents}
        </div>
        <footer>Independent of Anaconda, whose API this is for. MIT licence.</footer>
      </body>
    </html>`;
  return page.toString();
}

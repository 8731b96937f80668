import { Marked, type Tokens } from "marked";
import { escapeHtml, Html } from "../command/html.ts";
import type { Heading } from "./page.ts";

interface RenderedMarkdown {
  readonly body: Html;
  /** The headings of the second level. */
  readonly headings: readonly Heading[];
}

/**
 * Renders Markdown. HTML in it is shown as text. Headings have the fragments that GitHub gives them.
 *
 * @param resolveLink returns where a link leads to on the site; undefined turns the link into its text
 */
export function renderMarkdown(
  text: string,
  resolveLink: (href: string) => string | undefined,
): RenderedMarkdown {
  const headings: Heading[] = [];
  const counts = new Map<string, number>();

  const marked = new Marked({
    renderer: {
      heading({ tokens, depth, text: source }: Tokens.Heading) {
        const slug = slugOf(source);
        const count = counts.get(slug) ?? 0;
        counts.set(slug, count + 1);
        const id = count === 0 ? slug : `${slug}-${count}`;
        const content = this.parser.parseInline(tokens);
        if (depth === 2) headings.push({ id, text: source.replaceAll("`", "") });
        return `<h${depth} id="${escapeHtml(id)}">${content}</h${depth}>\n`;
      },
      link({ href, tokens }: Tokens.Link) {
        const content = this.parser.parseInline(tokens);
        const target = resolveLink(href);
        return target === undefined ? content : `<a href="${escapeHtml(target)}">${content}</a>`;
      },
      image: ({ text: alternative }: Tokens.Image) => escapeHtml(alternative),
      html: ({ text: source }: Tokens.HTML | Tokens.Tag) => escapeHtml(source),
      table(token: Tokens.Table) {
        const row = (cells: readonly Tokens.TableCell[], tag: string): string =>
          `<tr>${cells.map(({ tokens }) => `<${tag}>${this.parser.parseInline(tokens)}</${tag}>`).join("")}</tr>\n`;
        const body = token.rows.map((cells) => row(cells, "td")).join("");
        // A wide table scrolls by itself, not with the page.
        return `<div class="table" tabindex="0"><table><thead>${row(token.header, "th")}</thead><tbody>${body}</tbody></table></div>\n`;
      },
    },
  });
  return { body: new Html(marked.parse(text, { async: false })), headings };
}

function slugOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{Pc} -]/gu, "")
    .replaceAll(" ", "-");
}

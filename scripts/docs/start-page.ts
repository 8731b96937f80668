import { html, type Html } from "../command/html.ts";
import type { NavigationItem, Page } from "./page.ts";

/** The picture of the demo, in the repository and on the site. */
export const demoPicture = { source: "docs/images/demo.svg", file: "demo.svg" };

/** Makes the page that the site starts with. */
export function startPage(hasPicture: boolean, references: readonly NavigationItem[]): Page {
  const body = html`
    <section class="hero">
      <h1>Keep your own copy of your audit logs</h1>
      <p class="lead">
        Anaconda records who did what in your organization. These packages bring that record to you:
        as a file, as a folder that stays up to date, or event by event in your own code. If a
        connection breaks, a token expires or a server is down, they carry on, and if they cannot,
        they say so.
      </p>
      <pre class="try"><code>npx @audit-logs/cli demo</code></pre>
      <p class="note">Plays an export on your machine, without an account.</p>
    </section>
    ${hasPicture ? picture : []}
    <section>
      <h2>Three ways to use it</h2>
      <div class="cards">
        ${card(
          "In a terminal",
          "Exports a week into a file, or only what is new into a folder. Works with jq, cron and log collectors.",
          "audit-logs export --from 7d -o week.jsonl\naudit-logs sync --dir logs --from 7d",
          "command.html",
          "The command",
        )}
        ${card(
          "In your code",
          "A typed client without dependencies, for Node.js, browsers, Bun and Deno. One loop starts an export, waits for it and reads it.",
          `const events = auditLogs.exportEvents({
  from: "2026-11-01",
});
for await (const { message } of events) {
  console.log(message);
}`,
          "client.html",
          "The client",
        )}
        ${card(
          "For your own API",
          "The pipeline behind the client accepts any OpenAPI description. It generates the types, judges each change, and stops if somebody has to decide.",
          "pnpm spec:pull my-api openapi.yaml\npnpm generate\npnpm client:add my-api",
          "pipeline.html",
          "The pipeline",
        )}
      </div>
    </section>
    <section>
      <h2>What you can rely on</h2>
      <ul class="promises">
        <li>
          <a href="faults.html">Every fault has a known outcome.</a> Broken connections, expired
          tokens, full disks: each is listed with what comes of it, and has a test. A
          <a href="mock-server.html">mock server</a> injects them into your own tests.
        </li>
        <li>
          <a href="versioning.html">A version number means something.</a> Each change of the
          vendor’s description is judged before a release: by what your code may see, not by how it
          looks.
        </li>
        <li>
          <strong>Nothing is lost in silence.</strong> An export that ends early is an error, an
          interrupted download resumes, and a file appears when it is complete.
        </li>
        <li>
          <strong>Your token stays yours.</strong> It goes to the API and nowhere else, and no
          message contains it.
        </li>
      </ul>
    </section>
    <section>
      <h2>Look it up</h2>
      <ul>
        ${references.map(({ title, file }) => html`<li><a href="${file}">${title}</a></li>`)}
        <li><a href="command.html#help">The help of every command</a></li>
        <li><a href="changes.html">What changed in each release</a></li>
      </ul>
    </section>
  `;
  return { title: "audit-logs", file: "index.html", body };
}

const picture = html`
  <figure>
    <img
      src="${demoPicture.file}"
      alt="The demo in a terminal: an export starts, runs, and is downloaded"
    />
    <figcaption>The demo, in a real terminal</figcaption>
  </figure>
`;

function card(title: string, text: string, code: string, file: string, link: string): Html {
  return html`<article>
    <h3>${title}</h3>
    <p>${text}</p>
    <pre><code>${code}</code></pre>
    <a href="${file}">${link} →</a>
  </article>`;
}

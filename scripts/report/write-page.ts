import { html, Html } from "../command/html.ts";
import { escapeControls as text, formatProblem } from "../command/problem.js";
import type { ActionOutcome } from "../description/overlay-action.ts";
import { formatPlace } from "../judge/place.ts";
import type { Bump } from "../judge/verdict.ts";
import type { ApiReport, Judgement } from "./gather.ts";
import { listOperations, summarize } from "./summarize.ts";

const advice: Readonly<Record<Bump, string>> = {
  none: "Nothing that the users of the package could notice.",
  patch: "Nothing that code relies on. It can be merged.",
  minor: "More than before, and all that was there still works. It can be merged.",
  major:
    "Code that uses the package may stop compiling or working. Merge it if that cannot be avoided, and say in the changeset how to adapt; or overrule it there, with a reason, if nobody is affected.",
  hold: "The change could not be judged: see the reason. Somebody has to compare by hand, or to fix what the reason names.",
};

/** Writes the report as one HTML file, which loads nothing and runs nothing: a vendor wrote parts of it. */
export function writePage(reports: readonly ApiReport[], style: string): string {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        />
        <title>What the vendor changed</title>
        <link rel="icon" href="data:," />
        <style>
          ${new Html(style)}
        </style>
      </head>
      <body>
        ${reports.map(section)}
      </body>
    </html>`;
  return page.toString();
}

function section(report: ApiReport): Html {
  return html`<main>
    <h1>${report.client?.name ?? report.api}</h1>
    ${verdict(report)} ${stops(report)} ${summary(report)} ${sideBySide(report)}
    ${operations(report)} ${actions(report.actions)} ${sources(report)}
  </main>`;
}

function verdict({ client, released, current, judgement }: ApiReport): Html {
  if (judgement !== undefined) {
    const { bump } = judgement.verdict;
    return html`<p class="verdict ${bump}"><strong>${bump}</strong> ${advice[bump]}</p>`;
  }
  const [word, explanation] =
    client === undefined
      ? ["no package", "No package is generated from this API, so a change affects nobody yet."]
      : current === undefined
        ? ["stopped", "The pipeline stops at this change. Fix what is named below, then judge it."]
        : released === undefined
          ? ["first release", "Nothing has been released yet, so there is nothing to compare with."]
          : ["", ""];
  return html`<p class="verdict hold"><strong>${word}</strong> ${explanation}</p>`;
}

function stops({ problems }: ApiReport): Html | [] {
  if (problems.length === 0) return [];
  const items = problems.map((problem) => html`<li>${formatProblem(problem)}</li>`);
  return html`<h2>What stops the pipeline</h2>
    <ul class="stops">
      ${items}
    </ul>`;
}

function summary({ client, released, current }: ApiReport): Html | [] {
  if (current === undefined) return [];
  const version = client?.version ?? "";
  const rows = summarize(released, current).map(
    (row) =>
      html`<tr
        class="${released === undefined || row.released === row.current ? "same" : "changed"}"
      >
        <th scope="row">${row.what}</th>
        <td>${text(released === undefined ? "–" : row.released)}</td>
        <td>${text(row.current)}</td>
      </tr>`,
  );
  return html`<h2>What was released, and what is there now</h2>
    <div class="table">
      <table>
        <thead>
          <tr>
            <td></td>
            <th scope="col">Released${released === undefined ? "" : ` as ${version}`}</th>
            <th scope="col">Now</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>`;
}

function sideBySide({ judgement }: ApiReport): Html | [] {
  if (judgement === undefined) return [];
  return html`<div class="columns">
    <section>
      <h2>The judge’s reasons</h2>
      ${reasons(judgement)}
    </section>
    <section>
      <h2>What redocly diff says</h2>
      <iframe sandbox="" title="The page of redocly diff" srcdoc="${lines(judgement.diffPage)}">
      </iframe>
    </section>
  </div>`;
}

function reasons({ verdict: { reasons: all }, includesDeclarations }: Judgement): Html {
  const note = includesDeclarations
    ? []
    : html`<p class="note">
        The package’s own declarations were not compared, because it is not built.
      </p>`;
  if (all.length === 0)
    return html`<p>There are none: nothing changed.</p>
      ${note}`;
  const items = all.map(
    ({ bump, place, message, rule, witness }) =>
      html`<li class="${bump}">
        <span class="bump">${bump}</span> <code>${text(formatPlace(place))}</code>
        <p>${text(message)} <span class="note">${rule}, seen in ${seenIn[witness]}</span></p>
      </li>`,
  );
  return html`<ul class="reasons">
      ${items}
    </ul>
    ${note}`;
}

const seenIn = { diff: "the description", types: "types and facts" };

function operations({ released, current }: ApiReport): Html | [] {
  if (current === undefined) return [];
  const rows = listOperations(released, current).map(
    ({ operation, method, isReleased, isCurrent, unsupported }) =>
      html`<tr class="${released === undefined || isReleased === isCurrent ? "same" : "changed"}">
        <th scope="row"><code>${text(operation)}</code></th>
        <td><code>${text(method)}</code></td>
        <td>${isReleased ? "yes" : "–"}</td>
        <td>${isCurrent ? "yes" : "–"}</td>
        <td>${unsupported === undefined ? "yes" : text(`no: ${unsupported}`)}</td>
      </tr>`,
  );
  return html`<h2>Operations</h2>
    <div class="table">
      <table>
        <thead>
          <tr>
            <th scope="col">Operation</th>
            <th scope="col">Method</th>
            <th scope="col">Released</th>
            <th scope="col">Now</th>
            <th scope="col">A client can call it</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>`;
}

function actions(outcomes: readonly ActionOutcome[]): Html {
  const failed = outcomes.filter(({ problem }) => problem !== undefined);
  const skipped = outcomes.filter(({ notice }) => notice !== undefined);
  const others = outcomes.filter(({ problem, notice }) => (problem ?? notice) === undefined);
  const rows = [...failed, ...skipped, ...others].map(
    ({ file, place, action, problem, notice }) => {
      const state =
        problem !== undefined ? "does not apply" : notice !== undefined ? "skipped" : "applies";
      const details =
        problem === undefined ? (notice ?? "") : `${problem.fault}. ${problem.remedy}.`;
      return html`<tr class="${state === "applies" ? "same" : "changed"}">
        <td><strong>${state}</strong></td>
        <td>
          ${text(String(action["description"] ?? ""))}
          <p class="note"><code>${text(String(action["target"]))}</code> ${file} ${place}</p>
          ${details === "" ? [] : html`<p>${text(details)}</p>`}
        </td>
      </tr>`;
    },
  );
  if (rows.length === 0)
    return html`<h2>Our corrections</h2>
      <p>There are none.</p>`;
  return html`<h2>Our corrections, and whether they still apply</h2>
    <div class="table">
      <table>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>`;
}

function sources({ sources: all }: ApiReport): Html | [] {
  if (all.length === 0) return [];
  const items = all.map(
    ({ from, retrieved, sha256 }) =>
      html`<li>
        <code>${text(from)}</code> of ${text(retrieved)}, sha256 <code>${sha256}</code>
      </li>`,
  );
  return html`<h2>Where it comes from</h2>
    <ul>
      ${items}
    </ul>`;
}

function lines(value: string): string {
  return value.split("\n").map(text).join("\n");
}

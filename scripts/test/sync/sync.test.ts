import http from "node:http";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { deflateSync, gzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { pull } from "../../description/pull.ts";
import { specSync } from "../../spec-sync.ts";
import { sourceFile } from "../../description/sources.ts";
import { sync } from "../../sync/sync.ts";
import { listen } from "../listen.ts";
import { description, small, things, type Files } from "../../fixtures/project.ts";
import { makeProject, quiet, run, snapshot, commandErrorOf } from "../project.ts";
import { runCommand } from "../../command/run-script.ts";

// pull.test.ts tests a single pull with each response. These are tests of the scheduled workflow, and
// of a slow server.

const page = (yaml: string): string => `# Things\n\n\`\`\`yaml /things.json\n${yaml}\`\`\`\n`;
const changedPage = page(things.replace("listThings", "listAllThings"));

type Handler = Parameters<typeof listen>[0];

const respondWith =
  (body: string, status = 200): Handler =>
  (_request, response) =>
    response.writeHead(status, { "content-type": "text/markdown", etag: '"1"' }).end(body);

/** A project in sync with a vendor's server, which responds differently from now on. */
async function makeSyncedProject(then: Handler, files: Files = {}) {
  let handler = respondWith(page(things));
  const { url, requests } = await listen((request, response) => handler(request, response));
  const pageUrl = `${url}/things.md`;
  const root = await makeProject({ ...small, ...files });
  await pull(root, "x", [pageUrl]);
  await run(root);
  handler = then;
  return { root, pageUrl, requests, before: await snapshot(root) };
}

const client: Files = {
  "packages/x/package.json": '{ "name": "@x/x", "version": "0.1.0", "generatedFrom": "x" }',
};

const merge =
  "\n## What to do\n\n    Review what changed and the judge's verdict, then merge. Nothing needs to be corrected.\n";

const scripts = (judge: string, typecheck = "echo checked"): Files => ({
  "package.json": JSON.stringify({
    scripts: {
      build: "node -e 0",
      "typecheck:all": typecheck,
      "spec:diff": `node judge.cjs`,
      "release:plan": "echo planned",
    },
  }),
  "judge.cjs": judge,
});

/** Replaces the timeout by one that the test triggers, without waiting. */
function controlTimeout() {
  const time = new AbortController();
  const timeout = vi.spyOn(AbortSignal, "timeout").mockReturnValue(time.signal);
  onTestFinished(() => timeout.mockRestore());
  const expire = () => {
    expect(timeout).toHaveBeenCalledExactlyOnceWith(30_000);
    time.abort(new DOMException("The operation was aborted due to timeout", "TimeoutError"));
  };
  return { expire };
}

const sourceOf = (from: string): string => `spec/x/sources/${sourceFile(from)}`;
const withoutUrls: ReadonlyMap<string, string[]> = new Map();

describe("the sync", () => {
  test("requests the description from its source, and changes nothing if it is unchanged", async () => {
    const { root, pageUrl, requests, before } = await makeSyncedProject(respondWith("", 304));
    const { changed, lines, report, error } = await sync(root, withoutUrls, quiet);
    expect({ changed, report, error }).toEqual({ changed: [], report: "## Nothing changed\n" });
    expect(lines).toEqual([expect.stringMatching(`^Unchanged since 2.+: ${pageUrl}$`)]);
    expect(requests[1]?.headers).toHaveProperty("if-none-match", '"1"');
    expect(await snapshot(root)).toEqual(before);
  });

  test("runs a change through all stages, and reports its place", async () => {
    const { root, pageUrl, before } = await makeSyncedProject(respondWith(changedPage));
    const { changed, report, error } = await sync(root, withoutUrls, quiet);
    expect({ changed, error }).toEqual({ changed: ["x"] });
    expect(report).toBe(
      `## x changed\n\n    ${pageUrl}\n    ~ #/paths/~1things/get/operationId: "listThings" is now "listAllThings"\n${merge}`,
    );
    const after = await snapshot(root);
    const files = Object.keys(after).filter((file) => after[file] !== before[file]);
    expect(files.toSorted()).toEqual([
      "generated/x/openapi.json",
      "generated/x/operations.ts",
      "generated/x/schema.ts",
      description,
      "spec/x/sources.json",
      sourceOf(pageUrl),
    ]);
    await expect(run(root, true)).resolves.toBeDefined();
  });

  test("reports when only the text around the description changed", async () => {
    const { root, pageUrl } = await makeSyncedProject(respondWith(`${page(things)}\nMore text.\n`));
    const { report } = await sync(root, withoutUrls, quiet);
    expect(report).toBe(
      `## x changed\n\n    ${pageUrl}: nothing but the text around the description\n${merge}`,
    );
  });

  test("keeps the vendor's new page, and names the stage that stopped", async () => {
    const overlay = `overlay: 1.0.0\ninfo: { title: T, version: "1" }\nactions:\n  - target: $.paths.*[?@.operationId == 'listThings']\n    description: Says what it lists.\n    update: { summary: List }\n`;
    const { root, pageUrl } = await makeSyncedProject(respondWith(changedPage), {
      "redocly.yaml": `apis:\n  x:\n    root: ${description}\n    overlays: [spec/x/overlay.yaml]\nextends: []\n`,
      "spec/x/overlay.yaml": overlay,
    });
    const generated = await snapshot(root, "generated");
    const { changed, report, error } = await sync(root, withoutUrls, quiet);
    expect(changed).toEqual(["x"]);
    expect(report).toMatch(
      /^## x changed\n[^]+\n## Stopped at x: overlay\n\n {4}spec\/x\/overlay\.yaml #\/actions\/0: .+\n\n## What to do\n\n {4}x: check out this branch and correct the overlay actions .+\n$/u,
    );
    expect(error?.exitCode).toBe(1);
    expect(await readFile(join(root, sourceOf(pageUrl)), "utf8")).toBe(changedPage);
    expect(await snapshot(root, "generated")).toEqual(generated);
    const again = await sync(root, withoutUrls, quiet);
    expect(again.changed).toEqual([]);
    expect(again.report).toMatch(/^## Stopped at generate\n/u);
    expect(again.error?.message).toBe(error?.message);
  });

  test("finds a description that was pulled and not generated", async () => {
    const { root, pageUrl } = await makeSyncedProject(respondWith(changedPage));
    await pull(root, "x", [pageUrl]);
    const { changed, report, error } = await sync(root, withoutUrls, quiet);
    expect(changed).toEqual([]);
    expect(report).toMatch(/^## Stopped at generate\n[^]+ pnpm generate/u);
    expect(error?.exitCode).toBe(1);
  });

  test.each<[what: string, handler: Handler, exitCode: number, reason: string]>([
    ["that is gone", respondWith("", 404), 1, "The server responded with 404 Not Found. Check"],
    [
      "that is compressed and does not say so",
      (_request, response) => {
        response.writeHead(200, { "content-type": "text/markdown" });
        response.end(gzipSync(changedPage));
      },
      1,
      "It is compressed with gzip. Download it, unpack it with gunzip, and pull the result.",
    ],
    ...["deflate", "br"].map((encoding): [string, Handler, number, string] => [
      `that is compressed with ${encoding}`,
      (_request, response) =>
        response.writeHead(200, { "content-encoding": encoding }).end(deflateSync(changedPage)),
      1,
      `The response is compressed with ${encoding}, although uncompressed content was requested. Download it with a browser, and pull the file.`,
    ]),
    ["in HTML", respondWith("<!doctype html><p>Sign in"), 1, "It is an HTML page"],
    [
      "that is cut short",
      (_request, response) => {
        response.writeHead(200, { "content-type": "text/markdown", "content-length": 10_000 });
        response.write(changedPage, () => response.destroy());
      },
      2,
      "It could not be read: ",
    ],
    [
      "that is compressed without being asked, and cut short",
      ({ headers }, response) => {
        if (headers["accept-encoding"] === "identity") return response.writeHead(406).end();
        response.writeHead(200, { "content-type": "text/markdown", "content-encoding": "gzip" });
        return response.end(gzipSync(changedPage).subarray(0, -20));
      },
      1,
      "The server responded with 406 Not Acceptable. Check",
    ],
  ])("stops at a page %s, and leaves every file", async (_what, handler, exitCode, reason) => {
    const { root, pageUrl, before } = await makeSyncedProject(handler);
    const { changed, report, error } = await sync(root, withoutUrls, quiet);
    expect(error).toMatchObject({
      exitCode,
      message: expect.stringContaining(`${pageUrl}: ${reason}`),
    });
    expect(report).toContain(`## Stopped at x: pull\n\n    ${pageUrl}: ${reason}`);
    expect(changed).toEqual([]);
    expect(await snapshot(root)).toEqual(before);
  });

  test("accepts a URL for a description pulled from a file", async () => {
    const root = await makeProject({ ...small, "v1:vendor.md": page(things) });
    await pull(root, "x", [join(root, "v1:vendor.md")]);
    await run(root);
    const without = await sync(root, withoutUrls, quiet);
    expect(without.error?.message).toBe(
      "spec/x/sources.json: The description was pulled from v1:vendor.md, so its URL is unknown. Pass the URLs of all its sources once, each as x=https://….",
    );
    const { url } = await listen(respondWith(changedPage));
    const { changed } = await sync(root, new Map([["x", [`${url}/things.md`]]]), quiet);
    expect(changed).toEqual(["x"]);
    await expect(sync(root, withoutUrls, quiet)).resolves.toMatchObject({ changed: [] });
  });

  test("reads the other APIs if one fails", async () => {
    const { root } = await makeSyncedProject(respondWith(changedPage), {
      "redocly.yaml": `apis:\n  gone:\n    root: spec/gone/openapi.yaml\n  x:\n    root: ${description}\nextends: []\n`,
      "spec/gone/openapi.yaml": things,
    });
    const { url } = await listen(respondWith("", 410));
    const { changed, error } = await sync(root, new Map([["gone", [url]]]), quiet);
    expect(changed).toEqual(["x"]);
    expect(error?.message).toBe(
      `${url}: The server responded with 410 Gone. Check in a browser where the page has moved.`,
    );
  });

  test("runs the judge and then the plan, if these scripts exist", async () => {
    const judge = `console.log("✔ witnesses 5 ms\\nmajor\\n  of", ...process.argv.slice(2));`;
    const { root } = await makeSyncedProject(respondWith(changedPage), {
      ...client,
      ...scripts(judge),
    });
    const { report, error } = await sync(root, withoutUrls, quiet);
    expect(error).toBeUndefined();
    expect(report).toMatch(
      /\n\n## build\n\n## typecheck:all\n\n {4}checked\n\n## spec:diff x\n\n {4}major\n {6}of x\n\n## release:plan\n\n {4}planned\n\n## What to do\n\n {4}Review .+\n$/u,
    );
  });

  test("does not judge an API without a package", async () => {
    const { root } = await makeSyncedProject(
      respondWith(changedPage),
      scripts("process.exitCode = 1;"),
    );
    const { report, error } = await sync(root, withoutUrls, quiet);
    expect(error).toBeUndefined();
    expect(report).toMatch(
      /\n\n## build\n\n## typecheck:all\n\n {4}checked\n\n## What to do\n\n {4}Review .+\n$/u,
    );
  });

  test("stops at a failed script, with its complete output in the report", async () => {
    const judge = `console.error("first\\n\`\`\`\\n@everyone\\u202e\\nlast"); process.exitCode = 1;`;
    const { root } = await makeSyncedProject(respondWith(changedPage), {
      ...client,
      ...scripts(judge),
    });
    const { report, error } = await sync(root, withoutUrls, quiet);
    expect(error?.message).toMatch(/^npm run spec:diff: It failed: last\. Run it with /u);
    expect(report).toMatch(
      /## Stopped at spec:diff x\n\n {4}first\n {4}```\n {4}@everyone\\u202e\n {4}last\n\n## What to do\n\n {4}Check out this branch, run pnpm spec:diff x there, and follow its messages\.\n$/u,
    );
    expect(report).not.toContain("release:plan");
  });

  test.each([
    [
      "src/a.ts(1,1): error TS1: it relies on listThings",
      "The code of a package no longer fits the description.",
    ],
    [
      `✘ x typecheck after 1 s
  test/a.test.ts(1,1): error TS1: it relies on listThings
✘ cli typecheck after 2 s
  src/a.ts(1,1): error TS1: it relies on listThings
✘ typecheck after 3 s
  scripts/a.ts(1,1): error TS1: it relies on listThings
✘ x typecheck, cli typecheck, typecheck failed, after 3 s`,
      "Only the tests of x no longer fit the description. The code of cli no longer fits the description. The code of the scripts no longer fits the description.",
    ],
  ])("stops at the type-check, and says what a person has to do: %s", async (output, task) => {
    const { root } = await makeSyncedProject(respondWith(changedPage), {
      ...client,
      ...scripts("", `echo '${output}' && exit 1`),
    });
    const { report, error } = await sync(root, withoutUrls, quiet);
    expect(error?.exitCode).toBe(1);
    const lines = output.split("\n").map((line) => `    ${line}\n`);
    expect(report).toContain(
      `## Stopped at typecheck:all\n\n${lines.join("")}\n## What to do\n\n    ${task} Check out this branch, `,
    );
  });
});

describe("the limit of 30 seconds applies to", () => {
  const fault =
    "It could not be read: The operation was aborted due to timeout. Check the URL, or try again later.";

  test("a response that never begins", async () => {
    const { root, pageUrl, before } = await makeSyncedProject(() => expire());
    const { expire } = controlTimeout();
    const error = await commandErrorOf(pull(root, "x", [pageUrl]));
    expect(error).toMatchObject({ exitCode: 2, message: `${pageUrl}: ${fault}` });
    expect(await snapshot(root)).toEqual(before);
  });

  test("a body that never ends", async () => {
    const { root, pageUrl, before } = await makeSyncedProject((_request, response) => {
      response.writeHead(200, { "content-type": "text/markdown" }).write(changedPage);
    });
    const { expire } = controlTimeout();
    const { get } = http;
    const spy = vi
      .spyOn(http, "get")
      .mockImplementation(((url: URL, options: http.RequestOptions) =>
        get(url, options).once("response", expire)) as typeof get);
    onTestFinished(() => spy.mockRestore());
    const error = await commandErrorOf(pull(root, "x", [pageUrl]));
    expect(error).toMatchObject({ exitCode: 2, message: `${pageUrl}: ${fault}` });
    expect(await snapshot(root)).toEqual(before);
  });
});

describe("the command", () => {
  test("exits with 0 when nothing changed, and says so", async () => {
    const { root, pageUrl } = await makeSyncedProject(respondWith("", 304));
    const { exitCode, stdout: output } = await runCommand(specSync, ["--urls", "", "--root", root]);
    expect(output).toMatch(
      new RegExp(`^✔ x: pull \\d+ ms\n(?:✔ x: .+\n)+Unchanged since .+: ${pageUrl}\n$`, "u"),
    );
    expect(exitCode).toBe(0);
  });

  test("accepts a list of URLs, and stops at one for an unknown API", async () => {
    const { root, pageUrl } = await makeSyncedProject(respondWith("", 404));
    const args = ["--urls", `x=${pageUrl}/a  x=${pageUrl}/b `, "--root", root];
    const { stderr } = await runCommand(specSync, args);
    expect(stderr).toContain(`${pageUrl}/a`);
    const withPassword = pageUrl.replace("//", "//a-user:a-word@");
    const wrong = await runCommand(specSync, ["--urls", `y=${withPassword}`, "--root", root]);
    expect(wrong.stderr).toContain(`y=${pageUrl} is not of the form <api>=<url>, where <api> is x`);
    const file = await runCommand(specSync, ["x=vendor.md", "--root", root]);
    expect(file.stderr).toContain("vendor.md is not a URL; pull a file with pnpm spec:pull");
    expect(wrong.exitCode).toBe(2);
  });

  test("exits with 1 when the page is gone, and still writes the report", async () => {
    const { root, pageUrl } = await makeSyncedProject(respondWith("", 404));
    const report = join(root, "report.md");
    const { exitCode, stderr: output } = await runCommand(specSync, [
      "--root",
      root,
      "--report",
      report,
    ]);
    const fault = `${pageUrl}: The server responded with 404 Not Found. Check in a browser where the page has moved.`;
    expect(output).toBe(`✘ ${fault}\n`);
    expect(exitCode).toBe(1);
    expect(await readFile(report, "utf8")).toBe(
      `## Stopped at x: pull\n\n    ${fault}\n\n## What to do\n\n    x: do what the message says. If a page has moved, pass the URLs of all sources of x: pnpm spec:sync x=https://…. Nothing of x was changed.\n`,
    );
  });
});

import dns from "node:dns";
import { readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import http from "node:http";
import https from "node:https";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { findSourceUrlFault } from "../../description/acquire.ts";
import { checkPulled, pull } from "../../description/pull.ts";
import { sourceFile } from "../../description/sources.ts";
import { listen } from "../listen.ts";
import { description, small, things, write, type Files } from "../../fixtures/project.ts";
import { readFolder } from "../../command/read-folder.ts";
import { makeProject, run, snapshot, commandErrorOf } from "../project.ts";

const page = (yaml: string): string =>
  `> An index\n\n# Things \u00e9t cetera\n\n\`\`\`\`yaml /things.json get /things\n${yaml}\`\`\`\``;
const pageHint =
  "Pull the Markdown version of the page (often its URL with .md), or the description itself.";
const remedyInPage = "Fix it there, or ask its author to.";

/** The path at which a source is stored. */
const sourceOf = (from: string): string => `spec/x/sources/${sourceFile(from)}`;

/** A server whose next response can be set. */
async function vendor(first: string | Uint8Array, headers: Record<string, string> = {}) {
  const next = {
    status: 200,
    body: first,
    headers: { "content-type": "text/markdown", ...headers },
  };
  const server = await listen((_request, response) => {
    response.writeHead(next.status, next.headers).end(next.body);
  });
  return { ...server, source: `${server.url}/things.md`, next };
}

async function makePulledProject(
  first: string | Uint8Array = page(things),
  headers?: Record<string, string>,
) {
  const server = await vendor(first, headers);
  const root = await makeProject(small);
  await pull(root, "x", [server.source]);
  await run(root);
  return { root, server, before: await snapshot(root) };
}

describe("from a URL", () => {
  test("stores the page byte for byte, its description, and their provenance", async () => {
    const bytes = Buffer.from(`\ufeff${page(things).replaceAll("\n", "\r\n")}`);
    const server = await vendor(bytes, {
      etag: '"1"',
      "last-modified": "Tue, 24 Nov 2026 10:00:00 GMT",
    });
    const root = await makeProject(small);
    const { data, lines } = await pull(root, "x", [server.source]);

    expect(data).toEqual({ changed: true, file: description });
    expect(lines).toEqual([
      `Pulled ${server.source} into ${description}.`,
      "Now run pnpm generate.",
    ]);
    const spec = await readFolder(root, "spec/x");
    expect(spec[sourceOf(server.source)]).toEqual(bytes);
    expect(String(spec[description])).toBe(things.replaceAll("\n", "\r\n"));
    expect(JSON.parse(String(spec["spec/x/sources.json"]))).toEqual([
      {
        file: expect.stringMatching(/^127\.0\.0\.1-\d+-things\.md$/u),
        from: server.source,
        mediaType: "text/markdown",
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/u),
        etag: '"1"',
        lastModified: "Tue, 24 Nov 2026 10:00:00 GMT",
        retrieved: expect.stringMatching(/^\d{4}-\d\d-\d\dT.+Z$/u),
      },
    ]);
    expect(Object.keys(spec)).toHaveLength(3);
    await expect(checkPulled(root)).resolves.toBeDefined();
    await expect(run(root)).resolves.toBeDefined();
  });

  test("sends a conditional request, and writes nothing if the page is unchanged", async () => {
    const { root, server, before } = await makePulledProject(page(things), {
      etag: '"1"',
      "last-modified": "Tue, 24 Nov 2026 10:00:00 GMT",
    });
    server.next.status = 304;
    server.next.body = "";
    const { data, lines } = await pull(root, "x", [server.source]);

    expect(data).toEqual({ changed: false });
    expect(lines).toEqual([expect.stringMatching(/^Unchanged since 2\d{3}-.+: http:/u)]);
    expect(server.requests[0]?.headers).not.toHaveProperty("if-none-match");
    expect(server.requests[1]?.headers).toMatchObject({
      "if-none-match": '"1"',
      "if-modified-since": "Tue, 24 Nov 2026 10:00:00 GMT",
    });
    expect(await snapshot(root)).toEqual(before);
  });

  test("writes nothing if the same bytes arrive again", async () => {
    const { root, server, before } = await makePulledProject();
    await expect(pull(root, "x", [server.source])).resolves.toHaveProperty("data.changed", false);
    expect(await snapshot(root)).toEqual(before);
  });

  test("stores a changed page", async () => {
    const { root, server } = await makePulledProject(page(things), { etag: '"1"' });
    const changed = things.replace("listThings", "listAllThings");
    server.next.body = page(changed);
    await expect(pull(root, "x", [server.source])).resolves.toHaveProperty("data.changed", true);
    expect(await readFile(join(root, description), "utf8")).toBe(changed);
    expect(await readFile(join(root, sourceOf(server.source)), "utf8")).toBe(page(changed));
  });

  test("accepts a description instead of a page", async () => {
    const { root, server } = await makePulledProject();
    server.next.headers["content-type"] = "application/yaml";
    server.next.body = things;
    await pull(root, "x", [server.source]);
    expect(String((await readFolder(root, "spec/x"))[description])).toBe(things);
    await expect(checkPulled(root)).resolves.toBeDefined();
  });

  test("follows five redirects on loopback", async () => {
    const { source } = await vendor(page(things));
    const locations = ["/1", "/2", "/3", "/4", source];
    const { url } = await listen((_request, response) =>
      response.writeHead(302, { location: locations.shift() }).end(),
    );
    const root = await makeProject(small);
    await pull(root, "x", [`${url}/moved`]);
    expect(JSON.parse(await readFile(join(root, "spec/x/sources.json"), "utf8"))).toHaveProperty(
      "0.from",
      `${url}/moved`,
    );
  });

  test.each<[what: string, damage: (root: string, source: string) => Promise<void>]>([
    ["an edited description", (root) => write(root, { [description]: `${things}# edited\n` })],
    [
      "a description that is not text",
      (root) => write(root, { [description]: Buffer.from([0xff]) }),
    ],
    ["an edited page", (root, source) => write(root, { [source]: `${page(things)}\n` })],
    ["a missing description", (root) => rm(join(root, description))],
    ["a missing page", (root, source) => rm(join(root, source))],
    ["a missing provenance", (root) => rm(join(root, "spec/x/sources.json"))],
  ])("restores %s although nothing changed at the source", async (_what, damage) => {
    const { root, server } = await makePulledProject(page(things), { etag: '"1"' });
    await damage(root, sourceOf(server.source));
    await expect(commandErrorOf(checkPulled(root))).resolves.toHaveProperty("exitCode", 1);
    await pull(root, "x", [server.source]);
    expect(server.requests[1]?.headers).not.toHaveProperty("if-none-match");
    expect(await readFile(join(root, description), "utf8")).toBe(things);
    expect(await readFile(join(root, sourceOf(server.source)), "utf8")).toBe(page(things));
    await expect(checkPulled(root)).resolves.toBeDefined();
  });

  test.each<
    [what: string, status: number, body: string, headers: Record<string, string>, message: string]
  >([
    [
      "404",
      404,
      "",
      {},
      "The server responded with 404 Not Found. Check in a browser where the page has moved.",
    ],
    ["500", 500, "", {}, "The server responded with 500 Internal Server Error. Try again later."],
    ["429", 429, "", {}, "The server responded with 429 Too Many Requests. Try again later."],
    [
      "HTML",
      200,
      "<!DOCTYPE html><html>",
      {},
      `It is an HTML page, not a description. ${pageHint}`,
    ],
    [
      "a page without a description",
      200,
      "# Things\n",
      {},
      `The page has no fenced block with an OpenAPI description. ${pageHint}`,
    ],
    [
      "a redirect to another host by http",
      302,
      "",
      { location: "http://example.com/things.md" },
      "It redirects to http://example.com/things.md: The URL is not https. Download the page, and pull the file.",
    ],
    [
      "a redirect to a file",
      302,
      "",
      { location: "file:///etc/hostname" },
      "It redirects to file:///etc/hostname: The URL is not https. Download the page, and pull the file.",
    ],
    [
      "a redirect to nowhere",
      302,
      "",
      { location: "http://[" },
      "It redirects to http://[: It is not a valid URL. Download the page, and pull the file.",
    ],
    [
      "a redirect that comes back",
      302,
      "",
      { location: "/things.md" },
      "It redirects more than 5 times. Pass the final URL.",
    ],
  ])(
    "stops at %s, and leaves the last good files",
    async (_what, status, body, headers, message) => {
      const { root, server, before } = await makePulledProject();
      Object.assign(server.next, { status, body, headers: { ...server.next.headers, ...headers } });
      const stop = await commandErrorOf(pull(root, "x", [server.source]));
      expect(stop.message).toBe(`${server.source}: ${message}`);
      expect(await snapshot(root)).toEqual(before);
    },
  );

  test("stops at a page that is cut short", async () => {
    const { root, before } = await makePulledProject();
    const { url } = await listen((_request, response) => {
      response.writeHead(200, { "content-type": "text/markdown", "content-length": 10_000 });
      response.write(page(things), () => response.destroy());
    });
    const stop = await commandErrorOf(pull(root, "x", [`${url}/things.md`]));
    expect(stop.message).toMatch(
      /^http:.+\/things\.md: It could not be read: .+\. Check the URL, or try again later\.$/u,
    );
    expect(stop.exitCode).toBe(2);
    expect(await snapshot(root)).toEqual(before);
  });

  test("stops at an unreachable server", async () => {
    const { root, before } = await makePulledProject();
    const stop = await commandErrorOf(pull(root, "x", ["http://127.0.0.1:1/things.md"]));
    expect(stop.message).toMatch(
      /^http:.+: It could not be read: .+\. Check the URL, or try again later\.$/u,
    );
    expect(stop.exitCode).toBe(2);
    expect(await snapshot(root)).toEqual(before);
  });

  test("reads no more than 64 MiB of an endless response", async () => {
    const chunk = Buffer.alloc(8 * 1024 * 1024, "a");
    const { url } = await listen(async (_request, response) => {
      for (let chunks = 0; chunks < 100 && !response.destroyed; chunks += 1) {
        if (!response.write(chunk))
          await new Promise((resolve) => response.once("drain", resolve).once("close", resolve));
      }
      response.end();
    });
    const root = await makeProject(small);
    const stop = await commandErrorOf(pull(root, "x", [`${url}/things.md`]));
    expect(stop.message).toMatch(/: It has 67\d{6} bytes, and the limit is 67108864\. Split it/u);
  });

  test.each<[fault: string, urls: [source: string, shown?: string][]]>([
    [
      "The URL is not https. Use https; http is for loopback only.",
      [
        ["http://example.com/things.md"],
        ["ftp://example.com/things.md"],
        ["http://127.0.0.1.example.com/"],
      ],
    ],
    [
      "It is not a valid URL. Write it like https://docs.example.com/page.",
      [
        ["https://"],
        ["http://["],
        ["https://a-user:a/word@example.com/a.md?signature=1", "https://example.com/a.md"],
        ["https://a-user:a-word@exam ple.com/a.md", "https://exam ple.com/a.md"],
      ],
    ],
    [
      "The URL contains a user name or a password. Download the page with them, and pull the file.",
      [
        ["https://a-user@example.com/things.md", "https://example.com/things.md"],
        ["https://a-user:a-word@example.com/a.md?signature=1", "https://example.com/a.md"],
        ["https://:a-word@127.0.0.1/things.md", "https://127.0.0.1/things.md"],
        ["https:a-user:a-word@example.com/things.md", "https://example.com/things.md"],
        [" https:/a-user:a-word@example.com/a.md", "https://example.com/a.md"],
      ],
    ],
    [
      "The host is not on the public internet. Download the page, and pull the file.",
      [
        ["https://10.0.0.1/things.md"],
        ["https://169.254.169.254/latest"],
        ["https://[fd00::1]/things.md"],
        ["https://[::ffff:10.0.0.1]/things.md"],
        ["https://intranet/things.md"],
        ["https://docs.internal/things.md"],
      ],
    ],
  ])("sends no request when it reports: %s", async (fault, urls) => {
    const root = await makeProject(small);
    const requests = [http, https].map((module) =>
      vi.spyOn(module, "get").mockImplementation(() => expect.fail("It sent a request")),
    );
    onTestFinished(() => requests.forEach((request) => request.mockRestore()));
    for (const [source, shown = source] of urls) {
      const stop = await commandErrorOf(pull(root, "x", [source]));
      expect(stop.message).toBe(`${shown}: ${fault}`);
      expect(stop.exitCode).toBe(2);
    }
  });

  test("refuses to connect to a name with a non-public address", async () => {
    const found = [
      { address: "192.0.1.1", family: 4 },
      { address: "10.0.0.1", family: 4 },
    ];
    const lookup = vi
      .spyOn(dns, "lookup")
      .mockImplementation(((
        _name: string,
        _options: object,
        callback: (error: null, addresses: object) => void,
      ) => callback(null, found)) as typeof dns.lookup);
    const root = await makeProject(small);
    const stop = await commandErrorOf(pull(root, "x", ["https://docs.example.com/things.md"]));
    lookup.mockRestore();
    expect(stop.message).toContain(
      "docs.example.com resolves to 10.0.0.1, which is not on the public",
    );
  });

  test.each([
    ["https://docs.example.com/a", "http://127.0.0.1/a", "not https|not on the public internet"],
    ["https://docs.example.com/a", "https://localhost/a", "not on the public internet"],
    ["https://docs.example.com/a", "http://docs.example.com/a", "not https"],
    ["http://127.0.0.1/a", "https://192.168.0.1/a", "not on the public internet"],
    ["http://127.0.0.1/a", "http://192.168.0.1/a", "not https"],
    ["https://localhost/a", "http://localhost/a", "not https"],
    ["http://127.0.0.1/a", "https://user@docs.example.com/a", "a user name or a password"],
  ])("from %s, does not follow to %s", (given, target, fault) => {
    expect(findSourceUrlFault(target, given)?.fault).toMatch(new RegExp(fault, "u"));
  });

  test.each([
    ["https://docs.example.com/a", "https://www.example.com/b"],
    ["http://127.0.0.1/a", "http://localhost/b"],
    ["http://127.0.0.1/a", "https://docs.example.com/b"],
    ["https://localhost/a", "https://127.0.0.1/b"],
  ])("from %s, follows to %s", (given, target) => {
    expect(findSourceUrlFault(target, given)).toBeUndefined();
  });

  test("does not follow from https back to http", () => {
    const local = "http://127.0.0.1/a";
    const fault = findSourceUrlFault(local, local, "https://docs.example.com/b");
    expect(fault?.fault).toBe("The URL is not https");
  });

  test("sends the query, and stores and shows it only with the option", async () => {
    const server = await vendor(page(things));
    const root = await makeProject(small);
    const source = `${server.source}?signature=1`;
    const { lines } = await pull(root, "x", [source]);
    expect(server.requests.map(({ url }) => url)).toEqual(["/things.md?signature=1"]);
    expect(lines[0]).toBe(`Pulled ${server.source} into ${description}.`);
    const files = async () =>
      JSON.stringify(Object.entries(await readFolder(root, "spec/x")).map(String));
    expect(await files()).not.toContain("signature");

    server.next.status = 404;
    const stop = await commandErrorOf(pull(root, "x", [source]));
    expect(stop.message).toMatch(/^http:\S+\/things\.md: The server responded with 404/u);

    server.next.status = 200;
    await pull(root, "x", [source], { keepsQuery: true });
    const provenances = async (): Promise<unknown> =>
      JSON.parse(await readFile(join(root, "spec/x/sources.json"), "utf8"));
    expect(await provenances()).toMatchObject([{ from: source }]);
    // A later pull without the option, such as the sync, keeps the stored query.
    await expect(pull(root, "x", [source])).resolves.toHaveProperty("data.changed", false);
    expect(await provenances()).toMatchObject([{ from: source }]);
  });

  test("stores pages whose URLs are longer than a file name may be", async () => {
    const { url } = await vendor(page(things));
    const root = await makeProject(small);
    const names = ["a", "b"].map((end) => "n".repeat(300) + end);
    await pull(
      root,
      "x",
      names.map((name) => `${url}/${name}`),
    );
    await expect(checkPulled(root)).resolves.toBeDefined();
    expect(Object.keys(await readFolder(root, "spec/x/sources"))).toHaveLength(names.length);
  });

  test("refuses two URLs that differ only in their queries", async () => {
    const server = await vendor(page(things));
    const root = await makeProject(small);
    const stop = await commandErrorOf(
      pull(root, "x", [`${server.source}?v=1`, `${server.source}?v=2`]),
    );
    expect(stop.message).toMatch(
      /^http:\S+\/things\.md: It would be stored in the same place as http:\S+\/things\.md: sources\/\S+\. Distinguish them by their queries with --keep-query, or download one and pull the file\.$/u,
    );
    expect(stop.exitCode).toBe(2);
  });

  test("refuses to add a URL that would be stored in the place of another one", async () => {
    const { url } = await vendor(page(things));
    const root = await makeProject(small);
    const [stored, added] = [`${url}/a/b.md`, `${url}/a-b.md`];
    await pull(root, "x", [stored]);
    const before = await snapshot(root);
    const stop = await commandErrorOf(pull(root, "x", [added], { add: true }));
    expect(stop.message).toContain(
      `${added}: It would be stored in the same place as ${stored}: sources/${sourceFile(stored)}.`,
    );
    expect(stop.exitCode).toBe(2);
    await pull(root, "x", [stored], { add: true });
    expect(await snapshot(root)).toEqual(before);
  });

  test("does not accept a 304 to an unconditional request", async () => {
    const server = await vendor("");
    server.next.status = 304;
    const root = await makeProject(small);
    const stop = await commandErrorOf(pull(root, "x", [server.source]));
    expect(stop.message).toMatch(/: The server responded with 304 Not Modified\. Check/u);
  });
});

describe("from a file", () => {
  const file = "vendor/things";
  const inJson = JSON.stringify({
    openapi: "3.1.0",
    info: { title: "T", version: "1" },
    paths: {},
  });

  async function pullFile(content: string | Uint8Array, extension = ".md") {
    const root = await makeProject({ ...small, [`${file}${extension}`]: content });
    return { root, work: pull(root, "x", [join(root, `${file}${extension}`)]) };
  }

  test.each([
    [".json", inJson],
    [".yaml", `\ufeff${things}`],
    [".yml", things.replaceAll("\n", "\r\n")],
  ])("stores a description unchanged: %s", async (extension, content) => {
    const { root, work } = await pullFile(content, extension);
    await work;
    expect(await readFile(join(root, description), "utf8")).toBe(content);
    const provenance: unknown = JSON.parse(
      await readFile(join(root, "spec/x/sources.json"), "utf8"),
    );
    expect(provenance).toMatchObject([{ from: `things${extension}` }]);
    await expect(run(root)).resolves.toBeDefined();
    await expect(checkPulled(root)).resolves.toBeDefined();
  });

  test.each([
    ["new", "new"],
    ["007", "'007'"],
    ["1e3", "'1e3'"],
  ])("prints the entry to add for the unlisted API %s", async (name, key) => {
    const root = await makeProject({ ...small, "new.json": JSON.stringify({ openapi: "3.0.3" }) });
    const { lines } = await pull(root, name, [join(root, "new.json")]);
    expect(lines[1]).toBe(
      `Add it to redocly.yaml, under apis:\n\n  ${key}:\n    root: spec/${name}/openapi.json\n\nand run pnpm generate.`,
    );
    expect((await stat(join(root, `spec/${name}/openapi.json`))).isFile()).toBe(true);
  });

  test("refuses to add a file that would be stored in the place of another one", async () => {
    const root = await makeProject({ ...small, "a b.yaml": things, "a-b.yaml": things });
    await pull(root, "x", [join(root, "a b.yaml")]);
    const stop = await commandErrorOf(pull(root, "x", [join(root, "a-b.yaml")], { add: true }));
    expect(stop.message).toMatch(
      /a-b\.yaml: It would be stored in the same place as a b\.yaml: sources\/a-b\.yaml\. Rename one of the files\.$/u,
    );
  });

  test("refuses a name that would escape from spec/", async () => {
    const root = await makeProject({ ...small, "new.yaml": things });
    const stop = await commandErrorOf(pull(root, "../new", [join(root, "new.yaml")]));
    expect(stop.message).toBe(
      'command line: "../new" cannot name an API, because it must also name a folder. Begin with a lower-case letter or a digit, and use only these, hyphens and underscores, but not node_modules.',
    );
  });

  test.each<[what: string, content: string | Uint8Array, message: string]>([
    [
      "without a description",
      "# Things\n\nText: more text\n",
      `: The page has no fenced block with an OpenAPI description. ${pageHint}`,
    ],
    [
      "with two that disagree",
      `${page(things)}\n${page(things.replace("Things", "Others"))}`,
      ":33: The description here differs from the one at line 5, and only one can be right. Pull a page with one description, or the complete description of the API.",
    ],
    [
      "in the old form",
      "# A\n\n```yaml get /p\npaths:\n  path: /p\n  method: get\n  request: {}\n  response: {}\n```\n",
      ' #: It has no "openapi" key, so it is not an OpenAPI description. Give an OpenAPI 3 description; the older docs format with path, method, request and response is not one.',
    ],
    [
      "that is HTML",
      "<!-- built --><!doctype html><html>",
      `: It is an HTML page, not a description. ${pageHint}`,
    ],
    [
      "in Latin-1",
      Buffer.from(page(things), "latin1"),
      ":3: It is not valid UTF-8: the byte at offset 21 is not allowed there. Save it as UTF-8.",
    ],
    [
      "with Swagger 2",
      page('swagger: "2.0"\n'),
      " #/swagger: It is Swagger 2.0. Convert it to OpenAPI 3 first.",
    ],
    [
      "with a duplicate key, by its line in the page",
      page(`${things}openapi: 3.1.0\n`),
      `:28:1: It cannot be parsed: duplicated mapping key. ${remedyInPage}`,
    ],
    [
      "that was cut short",
      page(things).slice(0, -1),
      ":5: The page ends inside the fenced block that begins here, so it was cut short. Get the complete page.",
    ],
  ])("stops at a page %s, and leaves the last good files", async (_what, content, message) => {
    const root = await makeProject({ ...small, [`${file}.md`]: page(things) });
    await pull(root, "x", [join(root, `${file}.md`)]);
    await write(root, { [`${file}.md`]: content });
    const before = await snapshot(root);
    const stop = await commandErrorOf(pull(root, "x", [join(root, `${file}.md`)]));
    expect(stop.message).toBe(`things.md${message}`);
    expect(stop.exitCode).toBe(1);
    expect(await snapshot(root)).toEqual(before);
  });

  test.each([
    ["a block of JSON that says YAML", ".md", `\`\`\`yaml\n${inJson}\n\`\`\``, "json"],
    ["a block of YAML that says JSON", ".md", `\`\`\`json\n${things}\`\`\``, "yaml"],
    ["YAML that begins like JSON", ".json", "{ openapi: 3.1.0, paths: {} }", "yaml"],
  ])(
    "names the file of a new API after its content: %s",
    async (_what, extension, content, language) => {
      const root = await makeProject({ ...small, [`new${extension}`]: content });
      const { data } = await pull(root, "new", [join(root, `new${extension}`)]);
      expect(data["file"]).toBe(`spec/new/openapi.${language}`);
    },
  );

  test("accepts a page whose extensions refer to pruned parts", async () => {
    const yaml = `${things}x-mint:\n  $ref: "#/components/schemas/Pruned"\n`;
    const { root, work } = await pullFile(page(yaml));
    await work;
    expect(await readFile(join(root, description), "utf8")).toBe(yaml);
  });
});

const listed = JSON.stringify([
  { file: "page.md", from: "page.md", mediaType: "text/markdown", sha256: "0", retrieved: "" },
]);

test.each<[what: string, files: Files, message: string]>([
  [
    "a description that nobody pulled",
    {},
    "spec/x/sources.json: It is missing or lists no sources, so the origin of the description is unknown.",
  ],
  [
    "a source that was edited",
    { "spec/x/sources/page.md": "# A\n", "spec/x/sources.json": listed },
    "spec/x/sources/page.md: It differs from what was pulled: its sha256 is not the one in sources.json.",
  ],
  [
    "a source that is missing",
    { "spec/x/sources.json": listed },
    "spec/x/sources/page.md: It is missing.",
  ],
])("the check finds %s", async (_what, files, message) => {
  const root = await makeProject({ ...small, ...files });
  expect((await commandErrorOf(checkPulled(root))).message).toBe(
    `${message} Run pnpm spec:pull x with the vendor's files or URLs; put corrections in an overlay.`,
  );
});

test.each<[what: string, damage: (entry: object) => unknown, place: string, fault: string]>([
  ["is not a list", (entry) => ({ version: 2, sources: [entry] }), "#", "a list of sources"],
  ["is empty", () => null, "#", "a list of sources"],
  ...Object.entries({
    "lacks a field": { mediaType: undefined },
    "has a number for a digest": { sha256: 1 },
    "has a path outside its folder": { file: "../page.md" },
    "lists an overlay as a part": { isPart: true, file: "overlay.yaml" },
    "has a path that is not normal": { isPart: true, file: "./overlay.yaml" },
    "lists its folder": { isPart: true, file: "" },
  }).map(([what, fields]): [string, (entry: object) => unknown, string, string] => [
    what,
    (entry) => [entry, { ...entry, ...fields }],
    "#/1",
    "the origin of a source",
  ]),
])("nothing is pulled or checked if sources.json %s", async (_what, damage, place, fault) => {
  const root = await makeProject({ ...small, "a.yaml": things, "b.yaml": things });
  const [a, b] = [join(root, "a.yaml"), join(root, "b.yaml")];
  await pull(root, "x", [a, b]);
  const file = join(root, "spec/x/sources.json");
  const [entry] = JSON.parse(await readFile(file, "utf8")) as [object];
  await writeFile(file, JSON.stringify(damage(entry)));
  const before = await snapshot(root);
  const works = [
    () => pull(root, "x", [a], { add: true }),
    () => pull(root, "x", [a, b]),
    () => checkPulled(root),
  ];
  for (const work of works) {
    expect((await commandErrorOf(work())).message).toBe(
      `spec/x/sources.json ${place}: It is not ${fault}, as spec:pull writes it. Restore the file from Git, or delete it and pull all sources of the API again.`,
    );
  }
  expect(await snapshot(root)).toEqual(before);

  await rm(file);
  await pull(root, "x", [a, b]);
  await expect(checkPulled(root)).resolves.toBeDefined();
});

test("names a folder in the place of sources.json", async () => {
  const root = await makeProject({ ...small, "spec/x/sources.json/a": "" });
  expect((await commandErrorOf(checkPulled(root))).message).toBe(
    "spec/x/sources.json: It is a folder, not a file. Give the path of a file.",
  );
});

test("adds nothing to a description of unknown origin", async () => {
  const root = await makeProject({ ...small, "a.yaml": things });
  const before = await snapshot(root);
  const stop = await commandErrorOf(pull(root, "x", [join(root, "a.yaml")], { add: true }));
  expect(stop.message).toMatch(/^spec\/x\/sources\.json: It is missing or lists no sources/u);
  expect(await snapshot(root)).toEqual(before);
});

test("stops if another pull adds a source meanwhile", async () => {
  const root = await makeProject({ ...small, "a.yaml": things, "b.yaml": things });
  await pull(root, "x", [join(root, "a.yaml")]);
  const { url } = await listen(async (_request, response) => {
    await pull(root, "x", [join(root, "b.yaml")], { add: true });
    response.end(things);
  });
  const stop = await commandErrorOf(pull(root, "x", [`${url}/c.yaml`], { add: true }));
  expect(stop.message).toBe(
    "spec/x/sources.json: Another pull has changed it meanwhile. Run the command again.",
  );
  expect(stop.exitCode).toBe(2);
  await expect(checkPulled(root)).resolves.toBeDefined();
  expect(Object.keys(await readFolder(root, "spec/x/sources"))).toHaveLength(2);
});

test("pulls into the folder of the API's root, also below spec/<api>/", async () => {
  const below = description.replace("spec/x/", "spec/x/v1/");
  const root = await makeProject({
    "redocly.yaml": `apis: { x: { root: ${below} } }\nextends: []\n`,
    "a.yaml": things,
  });
  await pull(root, "x", [join(root, "a.yaml")]);
  await pull(root, "x", [join(root, "a.yaml")], { add: true });
  await expect(checkPulled(root)).resolves.toBeDefined();
  await expect(run(root)).resolves.toBeDefined();
});

test("never removes a file that is not a source, although sources.json lists it", async () => {
  const root = await makeProject({
    ...small,
    "redocly.yaml": `apis: { x: { root: ${description}, overlays: [spec/x/ours.yaml] } }\nextends: []\n`,
    "spec/x/ours.yaml": "ours",
    "a.yaml": things,
  });
  await pull(root, "x", [join(root, "a.yaml")]);
  const file = join(root, "spec/x/sources.json");
  const [source] = JSON.parse(await readFile(file, "utf8")) as [object];
  const parts = ["openapi.yaml", "ours.yaml"].map((name) => ({
    ...source,
    isPart: true,
    file: name,
  }));
  await writeFile(file, JSON.stringify([source, ...parts]));
  await pull(root, "x", [join(root, "a.yaml")]);
  await expect(checkPulled(root)).resolves.toBeDefined();
  expect(await readFile(join(root, "spec/x/ours.yaml"), "utf8")).toBe("ours");
});

test("the check does not call a file missing that it cannot read", async () => {
  const { root } = await makePulledProject();
  await rm(join(root, "spec/x/sources"), { recursive: true });
  await symlink("sources", join(root, "spec/x/sources"));
  await expect(checkPulled(root)).rejects.toThrow(/^ELOOP: .*spec\/x\/sources/u);
});

test("the check finds a description that differs from the page", async () => {
  const { root } = await makePulledProject();
  await write(root, { [description]: `${things}# edited\n` });
  expect((await commandErrorOf(checkPulled(root))).message).toMatch(
    /^spec\/x\/openapi\.yaml: It differs from the description made from spec\/x\/sources\/\. Run pnpm spec:pull x/u,
  );
});

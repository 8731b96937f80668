import { existsSync } from "node:fs";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clientAdd } from "../client-add.ts";
import { generateCommand } from "../generate.ts";
import { releasePlan } from "../release-plan.ts";
import { releaseVersion } from "../release-version.ts";
import { specPull } from "../spec-pull.ts";
import { copyRepository, type RepositoryCopy } from "../fixtures/repository-copy.ts";
import { secondApi } from "./fixtures/second-api.ts";

// Adds a second API to a copy of the repository: pulled, listed, generated, and given a client, without
// a line of handwritten code. Each step continues from the previous one.

const api = "library";
const changeset = `.changeset/${api}-api-description.md`;

let copy: RepositoryCopy;
beforeAll(async () => {
  copy = await copyRepository();
  await copy.runCommand(generateCommand, "--check");
});
afterAll(() => copy.remove());

async function pull(text: string): Promise<void> {
  await copy.write("second.json", text);
  await copy.runCommand(specPull, api, join(copy.path, "second.json"));
}

/** Links the dependencies of a new package, as `pnpm install` does. */
async function install(folder: string): Promise<void> {
  const { name, devDependencies }: { name: string; devDependencies: Record<string, string> } =
    JSON.parse(await copy.read(`${folder}/package.json`));
  const scope = name.slice(0, name.indexOf("/"));
  const modules = join(copy.path, folder, "node_modules");
  await mkdir(join(modules, scope), { recursive: true });
  for (const [dependency, range] of Object.entries(devDependencies)) {
    const own = dependency.slice(scope.length + 1);
    const target =
      range !== "workspace:*"
        ? join(copy.path, "packages/client/node_modules", dependency)
        : join(copy.path, existsSync(join(copy.path, own)) ? own : `packages/${own}`);
    await symlink(target, join(modules, dependency));
  }
}

test("is pulled and generated, with a notice on what is not supported", async () => {
  await pull(secondApi());
  const list = await copy.read("redocly.yaml");
  // One operation deliberately needs no authentication.
  const rules = "rules: { house/operation-authentication: off }";
  const entry = `apis:\n  ${api}:\n    root: spec/${api}/openapi.json\n    ${rules}\n`;
  await copy.write("redocly.yaml", list.replace("apis:\n", entry));
  const output = await copy.runCommand(generateCommand);
  expect(output).toContain("uploadCover (POST /covers) is not supported");
});

test("is not judged before it has a package", async () => {
  expect(await copy.runCommand(releasePlan)).not.toContain(api);
  await expect(copy.runCommand(releasePlan, api)).rejects.toThrow(
    /Create one with pnpm client:add library/u,
  );
});

describe("its client", () => {
  test("is written once, with a short entry", async () => {
    await copy.runCommand(clientAdd, api);
    const entry = await copy.read(`packages/${api}/src/index.ts`);
    expect(entry.trimEnd().split("\n").length).toBeLessThanOrEqual(15);
    expect(await copy.read(`packages/${api}/README.md`)).toContain("createLibraryClient(");
    await expect(copy.runCommand(clientAdd, api)).rejects.toThrow(
      /is already generated from library/u,
    );
  });

  test("passes lint and format", async () => {
    const config = fileURLToPath(new URL("../../.oxlintrc.json", import.meta.url));
    await copy.run(".", "oxlint", "--config", config, "--deny-warnings", `packages/${api}`);
    const format = copy.run(".", "prettier", "--check", `packages/${api}`, "package.json");
    await expect(format).resolves.toContain("All matched files use Prettier code style");
  });

  test("builds, and passes type-check and its own test", async () => {
    const folder = `packages/${api}`;
    await install(folder);
    // The mock server does not change here, so its existing build will do.
    const built = fileURLToPath(new URL("../../packages/mock-server/dist", import.meta.url));
    await symlink(built, join(copy.path, "packages/mock-server/dist"));
    await copy.run(folder, "tsdown");
    await copy.run(folder, "tsc", "--checkers", "1");
    await expect(copy.run(folder, "vitest", "run")).resolves.toMatch(/2 passed/u);
  });

  test("calls at least ten operations, with its key where required", async () => {
    const output = await copy.run(
      `packages/${api}`,
      process.execPath,
      "--input-type=module",
      "--eval",
      calls,
    );
    const requests: { method: string; url: string; key?: string }[] = JSON.parse(output);
    const id = expect.stringMatching(/^\/v1\/\w+\/[-\da-f]{36}/u);
    expect(requests.length).toBeGreaterThanOrEqual(10);
    expect(requests.slice(0, 3)).toEqual([
      { method: "GET", url: "/v1/health" },
      { method: "GET", url: "/v1/books?genre=prose&genre=verse&limit=5", key: "a-key" },
      { method: "POST", url: "/v1/books", key: "a-key" },
    ]);
    expect(requests.slice(3, 6)).toMatchObject([
      { method: "GET", url: id },
      { method: "PUT", url: id },
      { method: "DELETE", url: id },
    ]);
  });
});

const calls = `
import { readFileSync } from "node:fs";
import { startMockServer } from "@audit-logs/mock-server";
import { createLibraryClient } from "./dist/index.js";
const description = JSON.parse(readFileSync("dist/schema.json", "utf8"));
const server = await startMockServer({ description });
const client = createLibraryClient({ baseUrl: server.url, credentials: { key: "a-key" } });
await client.getHealth();
await client.listBooks({ genre: ["prose", "verse"], limit: 5 });
const { id } = await client.createBook({ body: { title: "A" } });
await client.getBook({ book_id: id });
await client.replaceBook({ book_id: id, body: { title: "B", note: null } });
await client.deleteBook({ book_id: id });
await client.listAuthors();
await client.getAuthor({ author_id: id });
await client.setAuthorsOfBook({ book_id: id, body: [id] });
await client.listLoans({ state: ["open", "over"] });
await client.returnLoan({ loan_id: id });
await client.search({ q: "a b" });
console.log(JSON.stringify(server.requests.map(({ method, url, headers }) => ({ method, url, key: headers["x-library-key"] }))));
await server.close();
`;

describe("its releases", () => {
  test("start independently of the other package", async () => {
    // The other package is not under test, so this stub stands in for its build.
    await mkdir(join(copy.path, "packages/client/dist"));
    await copy.write("packages/client/dist/index.d.ts", "export declare const same: true;\n");
    await copy.runCommand(releasePlan);
    expect(await copy.read(changeset)).toContain(`"@audit-logs/${api}": minor`);
    expect(await copy.read(".changeset/client-api-description.md")).toContain(
      `"@audit-logs/client": minor`,
    );
    await copy.runCommand(releaseVersion);
    expect(existsSync(join(copy.path, `packages/${api}/released/openapi.json`))).toBe(true);
  });

  test("are the only ones to follow a breaking change of the API", async () => {
    await pull(
      secondApi((text) => text.replace('"/search"', '"/find"').replace(/"search"/u, '"find"')),
    );
    await copy.runCommand(generateCommand);
    // The judge finds this change in the description; a rebuild would add nothing.
    const plan = await copy.runCommand(releasePlan);
    expect(plan).toContain("@audit-logs/client: nothing to release");
    expect(await copy.read(changeset)).toMatch(
      /"@audit-logs\/library": minor[^]*\*\*BREAKING\*\*/u,
    );
    expect(existsSync(join(copy.path, ".changeset/client-api-description.md"))).toBe(false);
    const other = await copy.read("packages/client/package.json");
    await copy.runCommand(releaseVersion);
    expect(await copy.read("packages/client/package.json")).toBe(other);
    expect(await copy.read(`packages/${api}/CHANGELOG.md`)).toBe(`# @audit-logs/library

## 0.2.0

### Minor Changes

- The API has changed.

  **BREAKING**

  - \`search\`: it was removed. Call its replacement.

  **Added**

  - \`find\`: it was added.

## 0.1.0

### Minor Changes

- The first release.
`);
  });
});

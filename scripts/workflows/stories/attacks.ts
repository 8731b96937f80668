import { copyFile, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { runProgram } from "../../command/program.js";
import { codeSpan } from "../../command/markdown.ts";
import { isObject } from "../../description/tree.ts";
import { readTarball } from "../../release/tarball.js";
import type { Expected, Sandbox } from "../sandbox.ts";
import { write } from "../../fixtures/project.ts";
import { startVendor } from "../vendor.ts";

const malicious = fileURLToPath(new URL("../malicious-dependency.cjs", import.meta.url));

// Every attack has to end with nothing pushed or published, and a message that names the fault.

/** Attacks where changesets wait for their release. */
export async function attackBeforeRelease(sandbox: Sandbox): Promise<void> {
  await attackFromDependency(sandbox, "release", "version", "success");
}

/** Attacks where the changesets are versions. */
export async function attackAfterRelease(sandbox: Sandbox, root: string): Promise<void> {
  // Without URLs nothing is pulled, which saves a minute.
  const unknown = /so its URL is unknown/u;
  await attackFromDependency(sandbox, "spec-sync", "sync", unknown);
  await sendOtherTarballs(sandbox);
  await attackFromPage(sandbox, root);
}

/** A dependency that was replaced, and is loaded by every script from then on. */
async function attackFromDependency(
  { folder, github, run, prove }: Sandbox,
  workflow: "release" | "spec-sync",
  job: string,
  outcome: Expected,
): Promise<void> {
  const [refs, calls] = [await github.refs(), await github.ghCalls()];
  const report = join(folder, `found-in-${job}`);
  const work = async (clone: string): Promise<void> => {
    const library = join(clone, "node_modules/esbuild/lib");
    await copyFile(malicious, join(library, basename(malicious)));
    const parameters = JSON.stringify({ clone, report, runner: process.pid });
    await writeFile(join(library, "malicious-dependency.json"), parameters);
    const entry = join(library, "main.js");
    const code = await readFile(entry, "utf8");
    // The file is linked from the user's store, so a new one takes its place.
    await rm(entry);
    await writeFile(entry, `require("./${basename(malicious)}");\n${code}`);
  };
  await run(
    workflow,
    {
      [job]: outcome,
      propose: /\.github\/workflows\/own\.yml: The branch [\w-]+ may not change it/u,
    },
    { cloneChange: { job, after: "npm run bootstrap", work }, variables: { SPEC_URLS: "" } },
  );
  const findings = await readFile(report, "utf8");
  const { write: writes, read: reads } = github.tokens;
  const tokens = [writes, reads, "GH_TOKEN", "password=", "extraheader"];
  const found = tokens.filter((token) => findings.includes(token));
  prove(`a dependency in ${job} found no token and no credentials`, found.length === 0, found);
  prove("its push was refused", findings.includes("the token of this job cannot push"), findings);
  prove("nothing was pushed", (await github.refs()) === refs, await github.refs());
  prove("gh was not used", (await github.ghCalls()).length === calls.length);
}

/** What GitHub, a terminal or TypeScript would interpret as more than text. */
const hostileTexts = [
  "::error::x",
  "##[command]x",
  "@everyone",
  "<script>x</script>",
  "closes #1",
  "![x](https://example.com/x.png)",
];
const breakOut = "*/ globalThis.attacked = 1; /* `${globalThis.attacked}` \n*/ attacked(); //";

/** What is left of the hostile texts, if they are effective in Markdown. */
const effective = [/^\s*::/mu, /##\[/u, /@\w/u, /(?<!\\)<\w/u, /#\d/u, /!\[/u];

/** A vendor's page whose names and texts are meant for others than a reader. */
async function attackFromPage(sandbox: Sandbox, root: string): Promise<void> {
  const { github, prove } = sandbox;
  const refs = await github.refs();
  const stopped = await pullPage(sandbox, root, hostileTexts, /must not contain '<script>' tags/u);
  const harmlessTags = hostileTexts.filter((text) => !text.includes("<"));
  const absorbed = await pullPage(sandbox, root, harmlessTags, "success");
  const commands = (stopped + absorbed).match(/^\s*::.*|.*##\[.*/gmu) ?? [];
  prove("a hostile page gives the runner no commands", commands.length === 0, commands);

  const files = await github.filesOf("spec-sync");
  const texts = await Promise.all(
    files
      .filter((file) => file.startsWith(".changeset/"))
      .map((file) => github.read("spec-sync", file)),
  );
  const bodies = [...(await github.pullRequests("spec-sync")), ...texts];
  prove("its words are in the report", bodies.join("\n").includes("everyone"), bodies);
  const active = bodies.map(withoutCode).flatMap((body) => effective.map((it) => it.exec(body)));
  const found = active.flatMap((match) => (match === null ? [] : [match[0]]));
  prove("they are inert in the pull request and in the changesets", found.length === 0, found);

  const generated = files.filter((file) => /^generated\/.+\.ts$/u.test(file));
  const code = await Promise.all(generated.map((file) => github.read("spec-sync", file)));
  prove(
    "they are not code in generated/",
    code.length > 0 && !code.some((text) => namesIdentifier(text, "attacked")),
    generated,
  );
  prove(
    "only the branch spec-sync was pushed",
    (await github.refs()).replace(/^.*refs\/heads\/spec-sync\n?/mu, "").trim() === refs.trim(),
  );
}

/**
 * Adds properties with hostile names to the vendor's page, and hostile texts to each. Returns the output of
 * all steps.
 */
async function pullPage(
  { run }: Sandbox,
  root: string,
  descriptions: readonly string[],
  sync: Expected,
): Promise<string> {
  const description = `${descriptions.join("\n")}\n${breakOut}`;
  const properties = hostileTexts.map((title) => [title, { type: "string", title, description }]);
  await using vendor = await startVendor(root, Object.fromEntries(properties));
  const { variables } = vendor;
  const { jobs } = await run("spec-sync", { sync, propose: "success" }, { variables });
  return [...jobs.values()].flatMap(({ steps }) => steps.map(({ output }) => output)).join("\n");
}

/** Removes a changeset's list of packages, blocks that are indented as code, and code spans. */
function withoutCode(markdown: string): string {
  return markdown
    .replace(/^---\n[^]*?\n---\n/u, "")
    .replace(/(?<=\n\n)(?: {4}.*(?:\n|$))+/gu, "")
    .replace(new RegExp(codeSpan, "gu"), "");
}

function namesIdentifier(code: string, name: string): boolean {
  const visit = (node: ts.Node): boolean =>
    (ts.isIdentifier(node) && node.text === name) || ts.forEachChild(node, visit) === true;
  return visit(ts.createSourceFile("code.ts", code, ts.ScriptTarget.Latest));
}

/** Tarballs that were not rehearsed, or are not of this commit. */
async function sendOtherTarballs({
  folder,
  github,
  run,
  prove,
  ...sandbox
}: Sandbox): Promise<void> {
  const file = "packages/client/package.json";
  const manifest: unknown = JSON.parse(await github.read("main", file));
  if (!isObject(manifest)) throw new Error(`${file}: It is not a manifest`);
  const pack = async (name: string, more: object): Promise<string> => {
    const source = join(folder, name);
    await write(source, { "package/package.json": JSON.stringify({ ...manifest, ...more }) });
    const tarball = join(source, "client.tgz");
    await runProgram("tar", ["-czf", tarball, "package"], { cwd: source });
    return `client.tgz=${(await readTarball(tarball)).integrity}`;
  };
  const rehearsed = await pack("rehearsed", {});
  await pack("swapped", { scripts: { postinstall: "echo attacked" } });
  const otherVersion = await pack("other-version", { version: "99.0.0" });

  const cases: [name: string, tarballs: string, fault: RegExp][] = [
    ["swapped", rehearsed, /client\.tgz: Its digest is sha512-\S+, but sha512-\S+ was rehearsed/u],
    ["other-version", otherVersion, /It is \S+@99\.0\.0, but this commit has \d/u],
  ];
  for (const [name, tarballs, fault] of cases) {
    const given = { rehearse: { tarballs } };
    const artifacts = { tarballs: join(folder, name) };
    await run("release", { publish: fault }, { given, artifacts });
    const [versions, commands] = [await sandbox.published(), await sandbox.staged()];
    prove(
      `nothing was published of a tarball that is ${name}`,
      Object.keys(versions).length + commands.length === 0,
      { versions, commands },
    );
  }
}

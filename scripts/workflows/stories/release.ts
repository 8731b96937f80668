import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readTarball } from "../../release/tarball.js";
import type { Sandbox } from "../sandbox.ts";

/** The jobs that find nothing to publish. */
const waiting = { pending: "success", rehearse: "skipped", publish: "skipped" } as const;

/** The jobs that publish. */
const releasing = { pending: "success", rehearse: "success", publish: "success" } as const;

/** A push with changesets becomes a pull request, and the maintainer merges it. */
export async function proposeRelease({ github, run, prove, published }: Sandbox): Promise<void> {
  const begin = await github.refs();
  await run("release", { version: "success", propose: "success", ...waiting });
  const files = (await github.filesOf("release")).map((file) =>
    file.replace(/[^/]+\.md$/u, "*.md"),
  );
  prove(
    "the branch release has versions, changelogs and what is released, and nothing else",
    files.length > 0 &&
      files.every((file) =>
        /^(?:\.changeset\/\*\.md|packages\/\w[\w-]*\/(?:package\.json|\*\.md|released\/.+))$/u.test(
          file,
        ),
      ),
    files,
  );
  prove("main is as it was", (await github.refs()).includes(begin.split("\t")[0] ?? ""));
  const opened = await github.pullRequests("release");
  prove("one pull request was opened", opened.length === 1, opened);
  prove("nothing was published", Object.keys(await published()).length === 0);

  await github.merge("release");
}

/** What was merged becomes a release, although the first run publishes only a part of it. */
export async function publishRelease(sandbox: Sandbox): Promise<void> {
  const { github, names, run, prove, published, staged } = sandbox;
  const merged = await github.refs();
  const first = { version: "success", propose: "success", rehearse: "success" } as const;
  const { artifacts } = await run("release", { ...first, pending: "success" });
  const rehearsed = await readTarballs(artifacts);
  prove("nothing else was proposed", (await github.refs()) === merged, await github.refs());

  const missing = rehearsed.filter(({ version }) => version.startsWith(`${names.at(-1)}@`));
  const others = rehearsed.filter((tarball) => !missing.includes(tarball));
  const tarballs = others.map(({ file, integrity }) => `${file}=${integrity}`).join(" ");
  const folders = { tarballs: join(artifacts, "tarballs") };
  const given = { rehearse: { tarballs } };
  await run("release", { publish: "success" }, { given, artifacts: folders });
  prove("a run that ends early leaves a part", isSame(await published(), digests(others)));

  const again = await readTarballs((await run("release", releasing)).artifacts);
  prove(
    "all jobs again rehearse what is missing, with the others as published",
    missing.length === 1 && isSame(digests(again), digests(missing)),
    again,
  );
  const registry = await published();
  prove(
    `the registry has the rehearsed tarballs: ${Object.keys(registry).join(", ")}`,
    rehearsed.length > 0 && isSame(registry, digests(rehearsed)),
    { rehearsed, registry },
  );
  const commands = await staged();
  prove("each was staged with provenance", commands.length === rehearsed.length, commands);

  await run("release", waiting);
  prove("another push publishes nothing", isSame(await published(), registry));
}

/** One package changes, and the others keep their versions. */
export async function publishNextRelease(sandbox: Sandbox): Promise<void> {
  const { github, names, run, prove, published } = sandbox;
  const before = await published();
  const name = names.at(-1);
  const changeset = `---\n"${name}": patch\n---\n\nA fix.\n`;
  await github.commit(".changeset/fix.md", changeset);
  await run("release", { version: "success", propose: "success" });
  await github.merge("release");
  const rehearsed = await readTarballs((await run("release", releasing)).artifacts);
  prove(
    `only ${name} was rehearsed, with the others as published`,
    rehearsed.length === 1 && rehearsed[0]?.version.startsWith(`${name}@`) === true,
    rehearsed,
  );
  const registry = await published();
  prove(
    "the registry has it as rehearsed, and the others as before",
    isSame(registry, { ...before, ...digests(rehearsed) }),
    { before, registry },
  );
}

interface RehearsedTarball {
  readonly file: string;
  /** `<name>@<version>` */
  readonly version: string;
  readonly integrity: string;
}

/** Reads what a run has rehearsed, in the order of the files. */
async function readTarballs(artifacts: string): Promise<readonly RehearsedTarball[]> {
  const folder = join(artifacts, "tarballs");
  const files = (await readdir(folder)).filter((file) => file.endsWith(".tgz")).toSorted();
  return Promise.all(
    files.map(async (file) => {
      const { name, version, integrity } = await readTarball(join(folder, file));
      return { file, version: `${name}@${version}`, integrity };
    }),
  );
}

type Digests = Readonly<Record<string, string>>;

function digests(tarballs: readonly RehearsedTarball[]): Digests {
  return Object.fromEntries(tarballs.map(({ version, integrity }) => [version, integrity]));
}

function isSame(one: Digests, other: Digests): boolean {
  return sorted(one) === sorted(other);
}

function sorted(all: Digests): string {
  return JSON.stringify(Object.entries(all).toSorted());
}

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readTarball } from "../../release/tarball.js";
import type { Sandbox } from "../sandbox.ts";

/** The jobs that find nothing to publish. */
const waiting = { pending: "success", rehearse: "skipped", publish: "skipped" } as const;

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

/** What was merged becomes a release. */
export async function publishRelease(sandbox: Sandbox): Promise<void> {
  const { github, run, prove, published, staged } = sandbox;
  const merged = await github.refs();
  const all = { version: "success", propose: "success", rehearse: "success" } as const;
  const { artifacts } = await run("release", { ...all, pending: "success", publish: "success" });
  const folder = join(artifacts, "tarballs");
  const tarballs = (await readdir(folder)).filter((file) => file.endsWith(".tgz"));
  const rehearsed = await Promise.all(
    tarballs.map(async (file) => {
      const { name, version, integrity } = await readTarball(join(folder, file));
      return [`${name}@${version}`, integrity] as const;
    }),
  );
  const registry = await published();
  prove(
    `the registry has the rehearsed tarballs: ${Object.keys(registry).join(", ")}`,
    rehearsed.length > 0 && isSame(registry, Object.fromEntries(rehearsed)),
    { rehearsed, registry },
  );
  const commands = await staged();
  prove("each was staged with provenance", commands.length === rehearsed.length, commands);
  prove("nothing else was proposed", (await github.refs()) === merged, await github.refs());

  await run("release", waiting);
  prove("another push publishes nothing", isSame(await published(), registry));
}

type Digests = Readonly<Record<string, string>>;

function isSame(one: Digests, other: Digests): boolean {
  return sorted(one) === sorted(other);
}

function sorted(digests: Digests): string {
  return JSON.stringify(Object.entries(digests).toSorted());
}

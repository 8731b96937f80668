import { resolve } from "node:path";
import { defineCommand, runMain } from "./command/define-command.js";
import { interruptSignal } from "./command/interrupt-signal.ts";
import { repository } from "./command/repository.js";
import { readProject } from "./description/project.ts";
import { isReleased, readReleasedPackages, selectPackages } from "./packages/client-packages.ts";
import { rehearse } from "./release/rehearse.ts";

const usage = `pnpm release:rehearse [<api>…] [--tarball-out DIR] [--any-version] [--json]

Packs once each package whose version npm's registry does not have, checks the tarball, publishes it to a
registry on loopback, and installs and uses it from there like a consumer, together with the others as
they are on npm's registry. With names, only the packages that are generated from these APIs. Ends with a
table of what was proved. Nothing is published to npm's registry.

  --tarball-out DIR  keep the tarballs in this folder, each with its sha512 and its bill of materials
                     in CycloneDX (.cdx.json)
  --any-version      rehearse all packages without a release: npm's registry may have these versions,
                     and a package.json need not say where its package comes from
  --json             print one JSON object

Exit codes: 0 fine, 1 a finding, 2 wrong usage or environment: uncommitted changes, or a registry
that does not respond.`;

const signal = interruptSignal();

const releaseRehearse = defineCommand(
  usage,
  { "tarball-out": { type: "string" }, "any-version": { type: "boolean", default: false } },
  async ({ values, positionals }, stage) => {
    const packages =
      positionals.length === 0
        ? await readReleasedPackages(await readProject(repository))
        : (await selectPackages(repository, positionals, usage)).filter(isReleased);
    const tarballOut = values["tarball-out"];
    return rehearse(repository, packages, signal, stage, {
      anyVersion: values["any-version"],
      ...(tarballOut !== undefined && { tarballOut: resolve(tarballOut) }),
    });
  },
);

await runMain(import.meta.url, releaseRehearse);

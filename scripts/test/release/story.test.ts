import { afterAll, beforeAll, expect, test } from "vitest";
import { generateCommand } from "../../generate.ts";
import { releasePlan } from "../../release-plan.ts";
import { releaseVersion } from "../../release-version.ts";
import { gitIn } from "../../command/git.ts";
import { copyRepository, type RepositoryCopy } from "../../fixtures/repository-copy.ts";

// The releases of a package over several changes of the vendor's page. Each step continues from the
// previous one. The rehearsal proves that a version can be published.

let copy: RepositoryCopy;
let page: string;
beforeAll(async () => {
  copy = await copyRepository();
  await plantDefect();
  await resetReleases();
  await copy.write(".gitignore", "node_modules\ndist\n");
  await copy.run(".", "git", "init", "--quiet", "--initial-branch=main");
  await commit("The repository as it is");
});
afterAll(() => copy.remove());

const defect = "  x-defect: true\n";

/** Adds a defect to the page, and an action that removes it to the overlay. */
async function plantDefect(): Promise<void> {
  const vendor = await copy.read("spec/audit-logs/sources/get-export-job-status.md");
  page = vendor.replace(/^info:\n/mu, `info:\n${defect}`);
  const overlay = await copy.read("spec/audit-logs/overlay.yaml");
  const action =
    "  - target: $.info['x-defect']\n    description: Remove the defect\n    remove: true\n";
  await copy.write("spec/audit-logs/overlay.yaml", overlay + action);
  await copy.pull(page);
  await copy.runCommand(generateCommand);
}

/** Resets the copy to the state before any release but that of the mock server, which has the description. */
async function resetReleases(): Promise<void> {
  await setVersion("client", "0.0.0");
  await setVersion("mock-server", "0.1.0");
}

async function setVersion(folder: string, version: string): Promise<void> {
  const file = `packages/${folder}/package.json`;
  const manifest = await copy.read(file);
  await copy.write(file, manifest.replace(/"version": ".*?"/u, `"version": "${version}"`));
}

async function readVersion(folder: string): Promise<string> {
  const { version }: { version: string } = JSON.parse(
    await copy.read(`packages/${folder}/package.json`),
  );
  return version;
}

async function commit(message: string): Promise<void> {
  await copy.run(".", "git", "add", "--all");
  await gitIn(copy.path)("commit", "--quiet", "--message", message);
}

/** Pulls an edited page, and runs all stages up to the changeset. Returns its text. */
async function change(
  edit: (page: string) => string,
  // Where the description shows the change, the existing build will do.
  { builds = false } = {},
): Promise<string> {
  page = edit(page);
  await copy.pull(page);
  await copy.runCommand(generateCommand);
  if (builds) await build();
  return plan();
}

const build = (): Promise<string> => copy.run("packages/client", "tsdown");

async function plan(): Promise<string> {
  const file = ".changeset/client-api-description.md";
  await expect(copy.runCommand(releasePlan)).resolves.toMatch(`\n${file} was written\n`);
  const changeset = await copy.read(file);
  await commit("A changeset");
  return changeset;
}

/** Releases the plan. Returns the version and its changelog entry. */
async function release(): Promise<{ version: string; changes: string }> {
  await copy.runCommand(releaseVersion);
  const version = await readVersion("client");
  await commit(version);
  const [, changes = ""] = (await copy.read("packages/client/CHANGELOG.md")).split(/^## .*$/mu);
  // Each entry starts with the commit of its changeset.
  return { version, changes: changes.replaceAll(/^- [\da-f]{7}: /gmu, "- ").trim() };
}

/** The changelog entry of a release that follows the API. */
const entry = (bump: "Major" | "Minor", ...paragraphs: string[]): string =>
  [`### ${bump} Changes`, followed(...paragraphs)].join("\n\n");

const followed = (...paragraphs: string[]): string =>
  ["- The API has changed.", ...paragraphs].join("\n\n  ");

/** How a changelog reports that the path and the operationId changed. */
const moved = (from: 0 | 1, to: 0 | 1): string[] => [
  "**BREAKING**",
  [
    `- \`getExportJobStatus\`: it moved from \`GET ${path[from]}\` to \`GET ${path[to]}\`. The client's methods already use the new path; change it wherever your code has it.`,
    `- \`operations.get_export_job${id[from]}\`: its name is now \`operations.get_export_job${id[to]}\`. Use the type that replaces it.`,
  ].join("\n  "),
];

const path = ["/api/audit-logs/export/{job_id}", "/api/v2/audit-logs/exports/{job_id}"] as const;
const id = ["_status_export__job_id__get", "_status_exports__job_id__get"] as const;

test("the first release is 0.1.0", async () => {
  await build();
  expect(await plan()).toContain(`"@audit-logs/client": minor`);
  const { version, changes } = await release();
  expect(version).toBe("0.1.0");
  expect(changes).toBe("### Minor Changes\n\n- The first release.");
  await expect(copy.runCommand(releasePlan, "--check")).resolves.toContain("nothing to release");
});

test("a new optional field is a minor release", async () => {
  const field = `        kept_until:
          type: string
          description: |
            Until when the export is kept.
          title: Kept Until
        id:
`;
  const changeset = await change((before) => before.replace("        id:\n", field), {
    builds: true,
  });
  expect(changeset).toContain(
    [
      `"@audit-logs/client": minor\n"@audit-logs/mock-server": minor\n---`,
      "The API has changed.",
      "**Added**",
      "- `getExportJobStatus`, response 200, `kept_until`: it was added.\n",
    ].join("\n\n"),
  );
  expect(changeset.match(/kept_until/gu)).toHaveLength(1);
  const { version, changes } = await release();
  expect(version).toBe("0.2.0");
  expect(await readVersion("mock-server")).toBe("0.2.0");
  expect(changes).toBe(
    entry(
      "Minor",
      "**Added**",
      "- `getExportJobStatus`, response 200, `kept_until`: it was added.",
    ),
  );
});

test("a moved path is BREAKING, and before 1.0 a minor release", async () => {
  const changeset = await change((before) => before.replaceAll(...path).replaceAll(...id), {
    builds: true,
  });
  expect(changeset).toContain(`"@audit-logs/client": minor`);
  expect(changeset).toContain(
    `**BREAKING**\n\n- \`getExportJobStatus\`: it moved from \`GET ${path[0]}\` to \`GET ${path[1]}\`.`,
  );
  expect(changeset).not.toMatch(/`getExportJobStatus`: it is (?:gone|new)/u);
  const { version, changes } = await release();
  expect(version).toBe("0.3.0");
  expect(changes).toBe(entry("Minor", ...moved(0, 1)));
});

test("stops with the action's name when the vendor fixes the defect", async () => {
  const before = page;
  const fixed = change((text) => text.replace(defect, ""));
  await expect(fixed).rejects.toThrow(/overlay\.yaml.*Remove the defect/u);
  page = before;
  // The generated files are unchanged.
  const changed = await copy.run(".", "git", "status", "--porcelain");
  expect(changed).not.toMatch(/generated|changeset|packages/u);
  await copy.pull(before);
  await copy.runCommand(generateCommand, "--check");
});

test("prose alone is a patch release", async () => {
  const changeset = await change((before) =>
    before.replace("UUID of the export job to query", "The export job to ask about"),
  );
  expect(changeset).toContain(`"@audit-logs/client": patch`);
  const { version, changes } = await release();
  expect(version).toBe("0.3.1");
  expect(changes).toBe("### Patch Changes\n\n- The vendor reworded some texts about the API.");
});

test("an overruled change beside a new field is not breaking, and a raised bump stays raised", async () => {
  const changeset = await change((before) =>
    before.replace(/ {8}kept_until:\n[^]*?(?= {8}id:\n)/u, (field) =>
      field.replaceAll("kept_until", "archived_at").replaceAll("Kept Until", "Archived At"),
    ),
  );
  expect(changeset).toContain("**BREAKING**");
  const reason = "Overruled: The vendor never sent it.";
  const edited = changeset.replace(`client": minor`, `client": major`);
  await copy.write(".changeset/client-api-description.md", `${edited}\n${reason}\n`);
  await plan();
  const { version, changes } = await release();
  expect(version).toBe("1.0.0");
  expect(changes).toBe(
    entry(
      "Major",
      "**Changed, not breaking**",
      "- `getExportJobStatus`, response 200, `kept_until`: it was removed.",
      reason,
      "**Added**",
      "- `getExportJobStatus`, response 200, `archived_at`: it was added.",
    ),
  );
});

test("reverting a change is breaking again, first as a pre-release", async () => {
  await copy.run(".", "changeset", "pre", "enter", "next");
  await change((before) => before.replaceAll(path[1], path[0]).replaceAll(id[1], id[0]));
  expect(await release()).toEqual({
    version: "2.0.0-next.0",
    changes: entry("Major", ...moved(1, 0)),
  });
  await expect(copy.runCommand(releasePlan, "--check")).resolves.toContain("nothing to release");

  const more = ".changeset/client-api-description-2.md";
  const removed = [
    "**BREAKING**",
    "- `getExportJobStatus`, response 200, `archived_at`: it was removed. Stop using it.",
  ];
  page = page.replace(/ {8}archived_at:\n[^]*?(?= {8}id:\n)/u, "");
  await copy.pull(page);
  await copy.runCommand(generateCommand);
  await copy.runCommand(releasePlan);
  expect(await release()).toEqual({
    version: "2.0.0-next.1",
    changes: entry("Major", ...removed),
  });

  await copy.run(".", "changeset", "pre", "exit");
  await expect(copy.runCommand(releasePlan, "--check")).resolves.toContain("nothing to release");
  const { version, changes } = await release();
  expect(version).toBe("2.0.0");
  const entries = [followed(...removed), followed(...moved(1, 0))];
  expect(changes).toBe(["### Major Changes", ...entries].join("\n\n"));
  await expect(copy.read(more)).rejects.toThrow(/ENOENT/u);
});

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Sandbox } from "../sandbox.ts";
import { harmless, startVendor } from "../vendor.ts";

/** The vendor adds a field, and the change arrives as a pull request. */
export async function syncVendor({ github, run, prove }: Sandbox, root: string): Promise<void> {
  await using vendor = await startVendor(root, harmless);
  const { variables } = vendor;
  const { artifacts } = await run(
    "spec-sync",
    { sync: "success", propose: "success" },
    { variables },
  );
  const files = await github.filesOf("spec-sync");
  const folders = new Set(files.map((file) => file.split("/")[0] ?? ""));
  prove(
    "the branch spec-sync has spec/, generated/ and .changeset/, and nothing else",
    [...folders].toSorted().join(" ") === ".changeset generated spec",
    files,
  );
  const pullRequests = await github.pullRequests("spec-sync");
  const [body = ""] = pullRequests;
  prove("one pull request was opened", pullRequests.length === 1, pullRequests);
  const report = ["## audit-logs changed", "/properties/note", "## spec:diff", "## What to do"];
  prove(
    "its text is the report",
    report.every((part) => body.includes(part)),
    body,
  );
  const page = await readFile(join(artifacts, "spec-report"), "utf8");
  prove(
    "it leads to the report with the verdict, which is an artifact",
    body.includes("https://github.com/example/example/actions/runs/1#artifacts") &&
      page.includes("<strong>minor</strong>"),
    [body, page],
  );
}

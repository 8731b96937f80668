import { resolve } from "node:path";
import { defineCommand, runMain, wrongUsage } from "./command/define-command.js";
import { CommandError } from "./command/problem.js";
import { rootOption } from "./command/repository.js";
import { proposeChange } from "./proposal/propose.js";

const usage = `npm run pull-request -- <branch> <folder> --title TITLE [--artifact NAME]
                       [--result RESULT] [--root DIR] [--json]

Commits the change that "npm run change -- <folder>" wrote to a branch, opens or updates its pull
request to main, and starts CI on it. Works in GitHub Actions, with GH_TOKEN set. It runs nothing that
was installed, and refuses files that the branch may not change: spec-sync may change spec/,
generated/ and changesets; release may change versions, changelogs and released/.

A branch with commits by somebody else is not changed: later changes are proposed after it is
merged. If nothing changes any more, the branch is removed, and GitHub closes its pull request.

  --artifact NAME  say in the text that this run of the workflow has an artifact, and where
  --result RESULT  of the job that looked for changes (default: success); unless it is success, the
                   branch stays if there are none
  --root DIR       the clone (default: this one)
  --json           print one JSON object

Exit codes: 0 fine, 1 the branch may not make the change, 2 wrong usage or environment.`;

const pullRequest = defineCommand(
  usage,
  {
    title: { type: "string" },
    artifact: { type: "string" },
    result: { type: "string", default: "success" },
    root: rootOption,
  },
  async ({ values, positionals }) => {
    const [branch, folder, ...rest] = positionals;
    const { title, artifact } = values;
    if (branch === undefined || folder === undefined || rest.length > 0 || title === undefined) {
      throw wrongUsage("It takes a branch, a folder and a title", usage);
    }
    const note = artifact === undefined ? "" : `\n${artifactNote(artifact)}\n`;
    const isComplete = values.result === "success";
    const root = resolve(values.root);
    const options = { note, isComplete };
    const outcome = await proposeChange(root, branch, resolve(folder), title, options);
    return { lines: [outcome], data: { outcome } };
  },
);

await runMain(import.meta.url, pullRequest);

/**
 * Says where to find an artifact of this run.
 *
 * @param {string} name
 */
function artifactNote(name) {
  // https://docs.github.com/en/actions/reference/workflows-and-actions/variables
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: slug, GITHUB_RUN_ID: run } = process.env;
  if (!server || !slug || !run) {
    const fault = "It works only in a workflow run";
    throw new CommandError({ file: "--artifact", fault, remedy: "Leave it out here" }, 2);
  }
  return `The artifact \`${name}\` of [the run that found this](${server}/${slug}/actions/runs/${run}#artifacts) shows it side by side with the last release.`;
}

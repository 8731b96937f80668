import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { childEnvironment } from "./command/environment.js";
import { Stop } from "./command/problem.ts";
import { lastLines, runProgram } from "./command/program.js";
import { runMain, verb, type Verb, wrongUsage } from "./command/run.ts";

const usage = `pnpm pull-request <branch> --title TITLE --body-file FILE [--root DIR] [--json]

Commits all that changed in the working tree to a branch of its own, opens the one pull request from
there to main or updates it, and starts CI on it. Works in GitHub Actions, with GH_TOKEN set.

A branch to which somebody else has committed is left alone: what changes meanwhile is proposed
after it is merged.

  --root DIR  the clone (default: this one)

Exit codes: 0 fine, 2 wrong usage or environment.`;

const repository = fileURLToPath(new URL("..", import.meta.url));

const author = "github-actions[bot]";
const email = "41898282+github-actions[bot]@users.noreply.github.com";

// Only says when the page was fetched, if nothing else changed.
const isNoChange = ":!spec/*/sources.json";

// GitHub takes 65536.
const maxLength = 60_000;

export const pullRequest: Verb = verb(
  usage,
  {
    title: { type: "string" },
    "body-file": { type: "string" },
    root: { type: "string", default: repository },
  },
  async ({ values: { title, "body-file": bodyFile, root }, positionals }) => {
    const [branch, ...rest] = positionals;
    if (branch === undefined || rest.length > 0 || title === undefined || bodyFile === undefined) {
      throw wrongUsage("It takes a branch, a title and a body", usage);
    }
    const git = (...args: string[]): Promise<string> => call(root, "git", args, "");
    const gh = (input: string, ...args: string[]): Promise<string> => call(root, "gh", args, input);
    const told = (line: string) => ({ lines: [line], data: { branch } });

    await git("add", "--all");
    if ((await git("diff", "--cached", "--name-only")) === "") return told("Nothing changed");

    await gh("", "auth", "setup-git");
    const isThere = (await git("ls-remote", "--heads", "origin", branch)) !== "";
    if (isThere) {
      await git("fetch", "--quiet", "--depth=1", "origin", branch);
      if ((await git("log", "-1", "--format=%ae", "FETCH_HEAD")) !== email) {
        return told(`Somebody works on ${branch}: left it alone`);
      }
    }
    const isSame =
      isThere &&
      (await git("diff", "--cached", "--name-only", "FETCH_HEAD", "--", ".", isNoChange)) === "";
    if (!isSame) {
      await git("switch", "--quiet", "--force-create", branch);
      await git("-c", `user.name=${author}`, "-c", `user.email=${email}`, "commit", "-qm", title);
      await git("push", "--quiet", "--force", "origin", branch);
      // A push with the job's own token starts no workflow.
      await gh("", "workflow", "run", "ci.yml", "--ref", branch);
    }

    const body = (await readFile(bodyFile, "utf8")).slice(0, maxLength);
    const state = ["--head", branch, "--state", "open"];
    const number = await gh("", "pr", "list", ...state, "--json", "number", "--jq", ".[].number");
    if (number === "") {
      const to = ["--base", "main", "--head", branch];
      await gh(body, "pr", "create", ...to, "--title", title, "--body-file", "-");
      return told(`Opened a pull request from ${branch}`);
    }
    const pull = `repos/{owner}/{repo}/pulls/${number}`;
    await gh(body, "api", "--silent", "--method", "PATCH", pull, "-F", "body=@-");
    return told(`Pull request ${number} from ${branch} is up to date`);
  },
);

await runMain(import.meta.url, pullRequest);

async function call(
  cwd: string,
  program: string,
  args: readonly string[],
  input: string,
): Promise<string> {
  const env = childEnvironment({ GH_TOKEN: process.env["GH_TOKEN"] });
  const ended = await runProgram(program, args, { cwd, input, env });
  if (ended.exitCode === 0) return ended.stdout.trim();
  const fault = `${args.join(" ")} failed: ${lastLines(ended)}`;
  throw new Stop({ file: program, fault, remedy: "See CONTRIBUTING.md for what it needs" }, 2);
}

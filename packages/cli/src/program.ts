import { Argument, Command as Program, Option } from "commander";
import manifest from "../package.json" with { type: "json" };
import type { Command } from "./command.ts";
import type { DemoFlags } from "./commands/demo.ts";
import type { DownloadFlags } from "./commands/download.ts";
import type { ExportFlags } from "./commands/export.ts";
import type { ListFlags } from "./commands/list.ts";
import type { SyncFlags } from "./commands/sync.ts";
import { completionScripts } from "./completion-scripts.ts";
import type { Context } from "./context.ts";
import { faultNames } from "./fault-names.ts";
import { createOutput } from "./output.ts";
import type { Settings } from "./settings.ts";
import type { WaitFlags } from "./wait-for-job.ts";

const examples = `Examples:
  audit-logs demo
  audit-logs export --from 7d -o week.jsonl
  audit-logs export --from 2026-11-01 --to 2026-11-08 -q action_verb:login -o - | jq .message
  audit-logs sync --dir logs --from 2026-11-01
`;

const exitCodeText = `
Token: --token-file or --token-command, else AUDIT_LOGS_TOKEN, else ANACONDA_AUTH_API_KEY
Exit codes: 0 done, 1 error, 2 usage, 3 wait timed out, 4 authentication, 5 export failed,
129, 130 or 143 after a signal`;

const jobId = ["<job-id>", "the export's id"] as const;
const output = [
  "-o, --output <file>",
  "the file, or - for stdout; <job-id>.jsonl by default",
] as const;
const force = ["--force", "overwrite the file"] as const;
const timeout = ["--timeout <duration>", "how long to wait for the export; 1h by default"] as const;
const interval = ["--interval <duration>", "the first pause between polls; 2s by default"] as const;
const to = ["--to <time>", "the latest time, inclusive; now by default"] as const;
const query = [
  "-q, --query <condition>",
  "column:value, or column:one,two; repeatable, any may match",
  (value: string, values: readonly string[] = []): readonly string[] => [...values, value],
] as const;
const from = new Option(
  "--from <time>",
  "the earliest time, inclusive: 2026-11-01, 2026-11-01T08:00+01:00, 7d, yesterday",
);
const folder = new Option("--dir <folder>", "the folder to keep up to date");

/** Checked here: commander looks for them before it looks for mistyped options. */
const required: readonly Option[] = [from, folder];

const completionSummary = "print a script for your shell that completes commands and options";

/** Describes the command line. A command's code is loaded when it runs, so that help is fast. */
export function createProgram(context: Context): Program {
  const program = createCommands(context);
  program
    .command("completion")
    .description(completionSummary)
    .addArgument(new Argument("<shell>", "the shell").choices(Object.keys(completionScripts)))
    .action((shell: keyof typeof completionScripts) => {
      context.stdout.write(`${completionScripts[shell]}\n`);
    });
  program
    .command("complete", { hidden: true })
    .argument("[words...]")
    .action(async (words: readonly string[]) => {
      const { printCompletions } = await import("./commands/completion.ts");
      // The library adds both commands itself.
      printCompletions(createCommands(context), completionSummary, words);
    });
  return program;
}

function createCommands(context: Context): Program {
  const program = new Program("audit-logs");
  program
    .description("Exports the audit logs of an Anaconda organization.")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void context.stdout.write(text),
      // Only help, without a command.
      writeErr: (text) => void (program.opts<Settings>().json || context.stderr.write(text)),
      // Reported with the other failures, as JSON if that is wanted.
      outputError: () => undefined,
    })
    .configureHelp({
      showGlobalOptions: true,
      visibleGlobalOptions: visibleSettings,
      minWidthToWrap: 20,
    })
    .helpCommand(false)
    .version(manifest.version, "--version", "print the version")
    .helpOption("-h, --help", "print this help")
    .option("--org <name>", "the organization; AUDIT_LOGS_ORG by default")
    .option("--base-url <url>", "the server; AUDIT_LOGS_BASE_URL by default")
    .option("--api-version <version>", "the version of the API")
    .option("--token-file <file>", "read the token from a file, or from stdin with -")
    .option(
      "--token-command <command>",
      "run a shell command that prints the token; again if it expires",
    )
    .option("--json", "print JSON, also for failures")
    .option("--quiet", "print nothing but failures on stderr")
    .addOption(new Option("--verbose", "print requests, retries and pauses").conflicts("quiet"))
    .option("--no-color", "print without colour, as with NO_COLOR")
    .addHelpText("before", examples)
    .addHelpText("after", exitCodeText)
    .hook("preAction", (_program, command) => {
      const isMissing = (option: Option): boolean =>
        required.includes(option) && command.getOptionValue(option.attributeName()) === undefined;
      const missing = command.options.find(isMissing);
      if (missing) command.error(`error: required option '${missing.flags}' not specified`);
    });

  /** Gives a command what it needs. */
  const run =
    <Arguments extends unknown[]>(work: (command: Command, ...args: Arguments) => Promise<void>) =>
    async (...args: Arguments): Promise<void> => {
      const settings = program.opts<Settings>();
      await work({ context, settings, output: createOutput(context, settings) }, ...args);
    };

  program
    .command("export")
    .description("start an export, wait for it, and download it")
    .addOption(from)
    .option(...to)
    .option(...query)
    .option(...output)
    .option(...force)
    .option(...timeout)
    .option(...interval)
    .action(
      run(async (command, flags: ExportFlags) => {
        const { exportLogs } = await import("./commands/export.ts");
        await exportLogs(command, flags);
      }),
    );
  program
    .command("status")
    .description("print the state of an export")
    .argument(...jobId)
    .action(
      run(async (command, id: string) => {
        const { status } = await import("./commands/status.ts");
        await status(command, id);
      }),
    );
  program
    .command("wait")
    .description("wait until an export is done")
    .argument(...jobId)
    .option(...timeout)
    .option(...interval)
    .action(
      run(async (command, id: string, flags: WaitFlags) => {
        const { wait } = await import("./commands/wait.ts");
        await wait(command, id, flags);
      }),
    );
  program
    .command("download")
    .description("download the file of an export; a partial download is resumed")
    .argument(...jobId)
    .option(...output)
    .option(...force)
    .option("--wait", "wait for the export first")
    .option(...timeout)
    .option(...interval)
    .action(
      run(async (command, id: string, flags: DownloadFlags) => {
        const { download } = await import("./commands/download.ts");
        await download(command, id, flags);
      }),
    );
  program
    .command("list")
    .description("print events as JSON Lines, page by page, without an export")
    .addOption(from)
    .option(...to)
    .option(...query)
    .option("--limit <number>", "how many events at most")
    .action(
      run(async (command, flags: ListFlags) => {
        const { list } = await import("./commands/list.ts");
        await list(command, flags);
      }),
    );
  program
    .command("sync")
    .description("keep a folder up to date: a file for each window of time that is over")
    .addOption(folder)
    .option("--from <time>", "where the first window begins; needed only for an empty folder")
    .option("--every <duration>", "the length of a window; 1d by default")
    .option("--lag <duration>", "how long to wait for events to appear; 15m by default")
    .option("--overlap <duration>", "how far back to look for late events; 0s by default")
    .option("-o, --output <file>", 'only "-": also print new events to stdout')
    .option(...timeout)
    .option(...interval)
    .action(
      run(async (command, flags: SyncFlags) => {
        const { sync } = await import("./commands/sync.ts");
        await sync(command, flags);
      }),
    );
  program
    .command("demo")
    .description("play an export against a mock server in this process")
    .option("--fault <name>", "how the server misbehaves, once; the names are below")
    .option(
      "--events <number>",
      "how many events the export has; 5 by default, 1000 for most faults of the download",
    )
    .option("--timeout <duration>", "how long to wait for the export; 30s by default")
    .option("--interval <duration>", "the first pause between polls; 300ms by default")
    .addHelpText("after", `\nFaults:\n${wrapNames(faultNames)}`)
    .action(
      run(async (command, flags: DemoFlags) => {
        const { demo } = await import("./commands/demo.ts");
        await demo(command, flags);
      }),
    );
  return program;
}

/** The options of every command, without those that only the program has. */
function visibleSettings(command: Program): Option[] {
  const options = command.parent?.options ?? [];
  return options.filter(({ long }) => long !== "--version");
}

/** A list of names, in lines of at most 98 characters. */
function wrapNames(names: readonly string[]): string {
  return names
    .join(", ")
    .replaceAll(/(.{1,95})(?: |$)/g, "  $1\n")
    .trimEnd();
}

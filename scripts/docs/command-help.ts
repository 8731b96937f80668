import { join } from "node:path";
import { mustRun } from "../command/must-run.js";

/** Returns the help of the built command and of each of its subcommands, as Markdown. */
export async function readCommandHelp(root: string): Promise<string> {
  const help = async (...command: readonly string[]): Promise<string> => {
    const args = [join(root, "packages/cli/dist/cli.js"), ...command, "--help"];
    const about = {
      file: "packages/cli",
      remedy: "Build it with npm run build",
      exitCode: 2,
    } as const;
    return (await mustRun(process.execPath, args, {}, about)).stdout.trim();
  };
  const overview = await help();
  const [, list = ""] = /^Commands:\n((?: {2}.*\n)+)/mu.exec(overview) ?? [];
  const names = [...list.matchAll(/^ {2}([a-z]\S*)/gmu)].map(([, name = ""]) => name);
  const sections = await Promise.all(
    names.map(async (name) => `\n### ${name}\n\n${block(await help(name))}`),
  );
  return `\n## Help\n\n${block(overview)}${sections.join("")}`;
}

function block(text: string): string {
  return `\`\`\`\`text\n${text}\n\`\`\`\`\n`;
}

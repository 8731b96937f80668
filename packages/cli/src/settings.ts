import { quote } from "./quote.ts";

/** The options that every command takes. */
export interface Settings {
  readonly org?: string;
  readonly baseUrl?: string;
  readonly apiVersion?: string;
  readonly tokenFile?: string;
  readonly tokenCommand?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color?: boolean;
}

/** Formats a command for the user to run next, with the connection options of this one. */
export function formatCommand(
  settings: Settings,
  words: readonly string[],
  flags: Readonly<Record<string, string | undefined>> = {},
): string {
  const { org, baseUrl, apiVersion, tokenFile, tokenCommand } = settings;
  const options = Object.entries({
    ...flags,
    "--org": org,
    "--base-url": baseUrl,
    "--api-version": apiVersion,
    "--token-file": tokenFile,
    "--token-command": tokenCommand,
  }).flatMap(([flag, value]) => (value === undefined ? [] : [flag, value]));
  return ["audit-logs", ...words, ...options].map(quote).join(" ");
}

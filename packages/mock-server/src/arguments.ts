import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { checkDescription } from "./document.ts";
import { faultKinds, faultPlaces, isFaultName, type Fault } from "./faults.ts";
import type { MockServerOptions } from "./server.ts";

/** Wrong usage: a message for the person at the terminal. */
export class UsageError extends Error {}

export type Options = MockServerOptions & { readonly host: string; readonly port: number };

interface Flags {
  readonly description?: string;
  readonly port: string;
  readonly host: string;
  readonly token?: string;
  readonly fault: string[];
  readonly help: boolean;
}

const usage =
  "Usage: audit-logs-mock-server [--description FILE] [--port N] [--host H] [--token T] [--fault NAME[@PLACE][:TIMES]]...";

/** Reads the options of a server, or returns the help text if it is requested. */
export function readArguments(args: readonly string[]): Options | string {
  const flags = parseFlags(args);
  return flags.help ? helpText() : readOptions(flags);
}

function readOptions({ description, port, host, token, fault }: Flags): Options {
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw wrongUsage(`--port must be a number from 0 to 65535, not '${port}'`);
  }
  // Node would listen on every interface if the host were empty.
  if (host === "") throw wrongUsage("--host must not be empty");
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
    throw wrongUsage("--token must be printable ASCII without spaces");
  }
  return {
    port: Number(port),
    host,
    faults: fault.map(readFault),
    ...(token !== undefined && { token }),
    ...(description !== undefined && { description: readDescription(description) }),
  };
}

function readDescription(file: string): object {
  try {
    return checkDescription(JSON.parse(new TextDecoder().decode(readFileSync(file))));
  } catch (error) {
    throw new UsageError(
      [
        `${file} cannot be served: ${error instanceof Error ? error.message : String(error)}`,
        "--description takes an OpenAPI 3.0 or 3.1 description in one JSON file. Bundle YAML, or several files, with",
        "  npx @redocly/cli bundle openapi.yaml --output openapi.json",
      ].join("\n"),
    );
  }
}

function readFault(text: string): Fault {
  const [, name = "", place, times] =
    /^([^@:]+)(?:@([^@:]*))?(?::([1-9]\d*|always))?$/.exec(text) ?? [];
  const on = faultPlaces.find((each) => each === place);
  if (name === "" || (place !== undefined && !on)) {
    throw wrongUsage(
      `--fault must be NAME, with @${faultPlaces.join(" or @")}, and :TIMES or :always, not '${text}'`,
    );
  }
  if (!isFaultName(name)) throw wrongUsage(`there is no fault '${name}'; --help lists them`);
  const kind = faultKinds[name];
  if (on && kind.on !== "any" && kind.on !== on) {
    throw wrongUsage(`${name} applies to the ${kind.on}, not to the ${on}`);
  }
  return {
    fault: name,
    ...(on && { on }),
    ...(times !== undefined && { times: times === "always" ? Infinity : Number(times) }),
  };
}

function helpText(): string {
  const faults = Object.entries(faultKinds).map(
    ([name, { number, on, summary }]) =>
      `  ${String(number).padStart(2)}  ${on.padEnd(8)}  ${name.padEnd(24)}  ${summary}`,
  );
  const lasting = Object.entries(faultKinds).flatMap(([name, { isLasting }]) =>
    isLasting ? [name] : [],
  );
  return [
    usage,
    "",
    "FILE is an OpenAPI 3.0 or 3.1 description in JSON (default: the Audit Logs API's).",
    "--port N is the port (default: 0, a free one).",
    "--host H is the address to listen on (default: 127.0.0.1).",
    "--token T is the only accepted token or API key (default: any that is not empty).",
    `PLACE is ${faultPlaces.join(" or ")}, for faults that apply to any of them (default: status).`,
    `TIMES is a number or 'always' (default: 1, but always for ${lasting.join(" and ")}).`,
    "Faults are sent in the order of the options, one per response. The faults by number:",
    "",
    ...faults,
    "",
    "Exit codes: 0 after Ctrl-C or for this help; 2 for wrong usage, a description that cannot be served, or an",
    "address that cannot be listened on.",
  ].join("\n");
}

function parseFlags(args: readonly string[]): Flags {
  try {
    return parseArgs({
      args: [...args],
      options: {
        description: { type: "string" },
        port: { type: "string", default: "0" },
        host: { type: "string", default: "127.0.0.1" },
        token: { type: "string" },
        fault: { type: "string", multiple: true, default: [] },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    // parseArgs throws only for wrong usage. After the first sentence, its message is about positional
    // arguments, which this command does not have.
    const [message = ""] = String(error)
      .replace(/^TypeError[^:]*: (.)/, (_, first: string) => first.toLowerCase())
      .split(". ");
    throw wrongUsage(message);
  }
}

function wrongUsage(message: string): UsageError {
  return new UsageError(`${message}\n${usage}`);
}

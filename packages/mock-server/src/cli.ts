#!/usr/bin/env node
// Exit codes: 0 help, or stopped by a signal; 2 wrong usage or an address that cannot be listened on.
import { parseArgs } from "node:util";
import {
  defaultJobId,
  faultKinds,
  startMockServer,
  type Fault,
  type FaultName,
  type MockServer,
} from "./index.ts";

const usage =
  "Usage: audit-logs-mock-server [--port N] [--host H] [--token T] [--fault NAME[@PLACE][:TIMES]]...";

interface Flags {
  readonly port: string;
  readonly host: string;
  readonly token?: string;
  readonly fault: string[];
  readonly help: boolean;
}

interface Arguments {
  readonly port: number;
  readonly host: string;
  readonly token?: string;
  readonly faults: readonly Fault[];
}

function readArguments(): Arguments {
  const { help, port, host, token, fault } = parseFlags();
  if (help) {
    console.log(helpText());
    process.exit(0);
  }
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    fail(`--port must be a number from 0 to 65535, not '${port}'\n${usage}`);
  }
  // Node would take an empty host for every interface.
  if (host === "") fail(`--host must not be empty\n${usage}`);
  const faults = fault.map(readFault);
  if (token === undefined) return { port: Number(port), host, faults };
  if (!/^[\x21-\x7e]+$/.test(token)) {
    fail(`--token must be printable ASCII without spaces\n${usage}`);
  }
  return { port: Number(port), host, token, faults };
}

function readFault(text: string): Fault {
  const [, name = "", place, times] =
    /^([^@:]+)(?:@(status|download))?(?::([1-9]\d*|always))?$/.exec(text) ?? [];
  if (name === "") {
    fail(
      `--fault must be NAME, with @status or @download, and :TIMES or :always, not '${text}'\n${usage}`,
    );
  }
  if (!isFaultName(name)) fail(`there is no fault '${name}'; --help lists them\n${usage}`);
  const { on } = faultKinds[name];
  if (place !== undefined && on !== "any" && on !== place) {
    fail(`${name} is a fault of the ${on}, not of the ${place}\n${usage}`);
  }
  return {
    fault: name,
    ...((place === "status" || place === "download") && { on: place }),
    ...(times !== undefined && { times: times === "always" ? Infinity : Number(times) }),
  };
}

function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(faultKinds, name);
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
    "PLACE is status or download, for faults that may be in any (status by default).",
    `TIMES is a number or 'always' (once by default, but always for ${lasting.join(" and ")}).`,
    "Faults come in the order in which they are given, one an answer; they are, by number:",
    "",
    ...faults,
  ].join("\n");
}

function parseFlags(): Flags {
  try {
    return parseArgs({
      options: {
        port: { type: "string", default: "0" },
        host: { type: "string", default: "127.0.0.1" },
        token: { type: "string" },
        fault: { type: "string", multiple: true, default: [] },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    // parseArgs throws for wrong usage alone; after the first sentence it advises on positional
    // arguments, of which there are none.
    fail(
      `${
        String(error)
          .replace(/^TypeError[^:]*: /, "")
          .split(". ")[0]
      }\n${usage}`,
    );
  }
}

async function startOrFail(options: Arguments): Promise<MockServer> {
  try {
    return await startMockServer(options);
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error && "code" in error)) throw error;
    fail(
      error.code === "EADDRINUSE"
        ? `port ${options.port} on ${options.host} is in use; choose another with --port`
        : `cannot listen on port ${options.port} of ${options.host}: ${error.message}`,
    );
  }
}

function fail(message: string): never {
  console.error(`audit-logs-mock-server: ${message}`);
  process.exit(2);
}

function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

const options = readArguments();
const server = await startOrFail(options);
for (const signal of ["SIGINT", "SIGTERM"]) {
  // Nothing is left to do once the server is closed, so the process ends by itself.
  process.once(signal, () => void server.close());
}
const authorization = shellQuote(`Authorization: Bearer ${options.token ?? "any-token"}`);
console.log(server.url);
console.log(`curl -H ${authorization} ${shellQuote(server.statusUrl(defaultJobId))}`);

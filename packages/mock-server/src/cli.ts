#!/usr/bin/env node
// Exit codes: 0 stopped by a signal, 2 wrong usage or an address that cannot be listened on.
import { parseArgs } from "node:util";
import { defaultJobId, startMockServer, type MockServer } from "./index.ts";

const usage = "Usage: audit-logs-mock-server [--port N] [--host H] [--token T]";

interface Arguments {
  readonly port: number;
  readonly host: string;
  readonly token?: string;
}

function readArguments(): Arguments {
  const { port, host, token } = parseFlags();
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    fail(`--port must be a number from 0 to 65535, not '${port}'\n${usage}`);
  }
  // Node would take an empty host for every interface.
  if (host === "") fail(`--host must not be empty\n${usage}`);
  if (token === undefined) return { port: Number(port), host };
  if (!/^[\x21-\x7e]+$/.test(token)) {
    fail(`--token must be printable ASCII without spaces\n${usage}`);
  }
  return { port: Number(port), host, token };
}

function parseFlags(): { port: string; host: string; token?: string } {
  try {
    return parseArgs({
      options: {
        port: { type: "string", default: "0" },
        host: { type: "string", default: "127.0.0.1" },
        token: { type: "string" },
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

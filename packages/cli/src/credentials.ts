import { exec, type ExecFileException } from "node:child_process";
import { constants, openSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { Socket } from "node:net";
import { addAbortSignal } from "node:stream";
import { text } from "node:stream/consumers";
import type { Context } from "./context.ts";
import { credentialsError, usageError } from "./failure.ts";
import type { Settings } from "./settings.ts";

/** A token, or a function that returns a new one, for tokens that expire during the command. */
type Token = string | (() => Promise<string>);

/** Finds the token. It is never an argument: every user of the machine can see those. */
export async function findToken(
  { env, stdin, signal }: Pick<Context, "env" | "stdin" | "signal">,
  { tokenFile, tokenCommand }: Settings,
): Promise<Token> {
  if (tokenFile !== undefined && tokenCommand !== undefined) {
    throw usageError("--token-file and --token-command cannot be combined; choose one");
  }
  if (tokenFile === "") {
    throw usageError("--token-file is empty; write the path of a file, or - for stdin");
  }
  if (tokenCommand === "") throw usageError("--token-command is empty; write a shell command");
  if (tokenFile === "-") return checkToken("stdin", await text(addAbortSignal(signal, stdin)));
  if (tokenFile !== undefined) return () => readTokenFile(tokenFile);
  if (tokenCommand !== undefined) return () => runTokenCommand(tokenCommand, env, signal);
  for (const name of ["AUDIT_LOGS_TOKEN", "ANACONDA_AUTH_API_KEY"]) {
    const token = env[name];
    if (token) return checkToken(name, token);
  }
  throw credentialsError("there is no token");
}

async function readTokenFile(file: string): Promise<string> {
  let content: string;
  try {
    const isPipe = (await stat(file)).isFIFO();
    content = isPipe ? await readPipe(file) : await readFile(file, "utf8");
  } catch (cause) {
    const reason = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw credentialsError(`the token file ${file} cannot be read: ${reason}`, cause);
  }
  return checkToken(`the token file ${file}`, content);
}

/** Waits for a pipe's writer without blocking a thread, which would keep the process from ending. */
function readPipe(file: string): Promise<string> {
  const fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  return text(new Socket({ fd }).unref());
}

/**
 * Runs a command in the shell. What it prints is not quoted in messages: it may be the token.
 *
 * @param timeout how long it may take, in milliseconds: less than the client's limit, which would run it again
 */
export function runTokenCommand(
  command: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
  timeout = 29_000,
): Promise<string> {
  const limit = AbortSignal.timeout(timeout);
  const options = { env, signal: AbortSignal.any([signal, limit]), windowsHide: true };
  return new Promise((resolve, reject) => {
    const child = exec(command, options, (error, stdout) => {
      // It may ignore the signal that ends it.
      child.unref();
      if (error) {
        const exit = limit.aborted ? `took longer than ${timeout / 1000} s` : describeExit(error);
        reject(credentialsError(`the token command ${exit}`));
        return;
      }
      try {
        resolve(checkToken("the token command", stdout));
      } catch (fault) {
        reject(fault);
      }
    });
    child.stdin?.end();
  });
}

function describeExit({ code, signal }: ExecFileException): string {
  if (code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") return "printed more than a token";
  if (typeof code === "string") return `could not be started: ${code}`;
  return `failed with ${typeof code === "number" ? `exit code ${code}` : `signal ${signal}`}`;
}

function checkToken(source: string, content: string): string {
  const token = content.trim();
  if (token === "") throw credentialsError(`${source} contains no token`);
  // Bounded, because a text of a megabyte exhausts the stack of a regular expression.
  if (!/^[\x21-\x7e]{1,65536}$/.test(token)) {
    throw credentialsError(
      `${source} holds more than a token, which is visible ASCII without spaces`,
    );
  }
  return token;
}

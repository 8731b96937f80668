import { createReadStream } from "node:fs";
import { Failure } from "./failure.ts";

/**
 * Reads the lines of a file that are not blank, without their line breaks. A line ends with LF only.
 *
 * @param fatal whether to fail if the file is not UTF-8, and not to replace what is invalid
 */
export async function* readLines(
  path: string,
  { fatal = true }: { readonly fatal?: boolean } = {},
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder("utf-8", { fatal });
  const decode = (chunk?: Uint8Array): string => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch (cause) {
      throw new Failure(`${path} is not UTF-8`, { cause });
    }
  };
  let rest = "";
  for await (const chunk of createReadStream(path)) {
    // Splitting only the chunk: a long line has many, and would be searched again with each of them.
    const [first = "", ...others] = decode(chunk).split("\n");
    const lines = [rest + first, ...others];
    rest = lines.pop() ?? "";
    yield* lines.map((line) => line.trimEnd()).filter(Boolean);
  }
  rest = (rest + decode()).trimEnd();
  if (rest !== "") yield rest;
}

import { sha256, type Digests } from "../command/digest.ts";

const body = "the text below";

/** Adds the header to a generated text: what wrote it, and the SHA-256 digests of its inputs. */
export function withHeader(text: string, origins: Digests): string {
  const sums = [...origins, [body, sha256(text)]].map(([path, sum]) => `//   ${sum}  ${path}\n`);
  return (
    "// Written by `pnpm generate`. Not to be edited: correct the description in its overlay.yaml, or\n" +
    "// take in a new one with `pnpm spec:pull`, and generate again. sha256 of what this came from:\n" +
    `${sums.join("")}\n${text}`
  );
}

/** Reads the digests in the header of a generated text; empty if it has none. */
export function readHeader(text: string): Digests {
  const [header = ""] = /^(?:\/\/.*\n)+/u.exec(text) ?? [];
  const rows = header.matchAll(/^\/\/ {3}([0-9a-f]{64}) {2}(.+)$/gmu);
  return new Map([...rows].map(([, sum = "", path = ""]) => [path, sum]));
}

/** Whether the text below the header is unchanged since the header was written. */
export function isIntact(text: string): boolean {
  const recorded = readHeader(text).get(body);
  return recorded !== undefined && recorded === sha256(text.slice(text.indexOf("\n\n") + 2));
}

import { createHash } from "node:crypto";

/** SHA-256 digests of files in hexadecimal, keyed by path relative to the root. */
export type Digests = ReadonlyMap<string, string>;

export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

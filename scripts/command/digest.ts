import { createHash } from "node:crypto";

/** The sha256 of files, in hexadecimal, by their paths from the root. */
export type Digests = ReadonlyMap<string, string>;

export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

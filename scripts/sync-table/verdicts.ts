import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runProgram } from "../command/program.js";
import type { JsonObject } from "../description/tree.ts";
import { askConsumer } from "../judge/consumer.ts";
import { decide, weighWire } from "../judge/policy.ts";
import type { Verdict } from "../judge/verdict.ts";
import { cli, command, readReport, writePair } from "../judge/wire.ts";

export interface Pair {
  readonly base: JsonObject;
  readonly revision: JsonObject;
}

/** Judges many pairs of descriptions, with one process for all that `redocly diff` says. */
export async function judgeAll(pairs: readonly Pair[]): Promise<Verdict[]> {
  const root = await mkdtemp(join(tmpdir(), "verdicts-"));
  try {
    const folders: string[] = [];
    for (const [index, { base, revision }] of pairs.entries()) {
      const folder = join(root, String(index));
      await mkdir(folder);
      writePair(folder, base, revision);
      folders.push(folder);
    }
    const script = fileURLToPath(new URL("../test/judge/diff-many.js", import.meta.url));
    const args = [script, join(cli, "../lib/index.js"), command, ...folders];
    const { exitCode, stderr } = await runProgram(process.execPath, args);
    if (exitCode !== 0) throw new Error(stderr);
    const verdicts: Verdict[] = [];
    for (const [index, { base, revision }] of pairs.entries()) {
      const changes = await readReport(folders[index] ?? "");
      verdicts.push(decide(weighWire(changes), askConsumer(base, revision)));
    }
    return verdicts;
  } finally {
    await rm(root, { recursive: true });
  }
}

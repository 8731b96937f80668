import { join } from "node:path";
import { findChromium, playInChromium } from "./chromium.ts";
import { execute } from "./execute.ts";
import { installRuntime, type Program } from "./install.ts";
import type { Report } from "./scenario.js";
import { playInWorkerd } from "./workerd.ts";

export interface Runtime {
  readonly label: string;
  readonly find: () => Promise<Program>;
  /** Plays the scenario against a server. The folder is empty, and removed afterwards. */
  readonly play: (program: string, baseUrl: string, folder: string) => Promise<Report>;
}

/** The runtimes, by their names for `--only`. The first Node.js is the oldest supported version. */
export const runtimes: Readonly<Record<string, Runtime>> = {
  node20: node("20.19.0"),
  node22: node("22.23.3"),
  node24: node("24.21.0"),
  node26: node("26.10.0"),
  bun: {
    label: "Bun",
    find: () => installRuntime("bun", "1.4.4", "@oven/*/bin/bun"),
    play: playInProcess("run", "--no-install"),
  },
  deno: {
    label: "Deno",
    find: () => installRuntime("deno", "2.9.6", "@deno/*/deno"),
    play: playInProcess("run", "--cached-only", "--no-lock", "--allow-all"),
  },
  workerd: {
    label: "workerd",
    find: () => installRuntime("workerd", "1.20261110.1", "@cloudflare/*/bin/workerd"),
    play: playInWorkerd,
  },
  chromium: { label: "Chromium", find: findChromium, play: playInChromium },
};

function node(version: string): Runtime {
  // The package `node` contains no program: its install script fetches it from this package.
  const name = `node-${process.platform}-${process.arch}`;
  return {
    label: "Node.js",
    find: () => installRuntime(name, version, `${name}/bin/node`),
    play: playInProcess(),
  };
}

function playInProcess(...options: string[]): Runtime["play"] {
  const script = join(import.meta.dirname, "process.js");
  return async (program, baseUrl, folder) =>
    JSON.parse(await execute(program, [...options, script, baseUrl, folder]));
}

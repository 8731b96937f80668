import { delimiter, join } from "node:path";
import { accessSync, constants } from "node:fs";
import type { LoopbackRegistry } from "../release/loopback.ts";
import { writeProgram } from "./github.ts";

/**
 * Writes the program `npm` that jobs find first on PATH. It passes everything on to the real npm, except
 * that
 *
 * - packages of the given scopes are looked up in the registry on loopback, and downloaded from there;
 * - `stage publish --provenance`, which only npm's own registry can do, is logged, and publishes the tarball
 *   to the registry on loopback at once;
 * - a global installation goes into the job's home, and is the npm that the job uses from then on.
 */
export async function writeNpmWrapper(
  bin: string,
  log: string,
  scopes: ReadonlySet<string>,
  registry: LoopbackRegistry,
): Promise<void> {
  const patterns = [...scopes].map((scope) => `${scope}/*`).join(" | ");
  const publisher = registry.publisherEnv["npm_config_userconfig"] ?? "";
  const to = [...scopes].map((scope) => quote(`--${scope}:registry=${registry.url}`)).join(" ");
  await writeProgram(
    join(bin, "npm"),
    `#!/bin/sh
set -eu
npm=${quote(findProgram("npm"))}
if [ -x "$HOME/npm/bin/npm" ]; then npm="$HOME/npm/bin/npm"; fi
case "\${1-} \${2-}" in
"install --global") exec "$npm" "$@" --prefix "$HOME/npm" ;;
"stage publish")
  printf '%s\\n' "$*" >>${quote(log)}
  case " $* " in *" --provenance "*) ;; *) echo "npm: stage publish without --provenance" >&2; exit 1 ;; esac
  shift
  for argument; do
    shift
    [ "$argument" = --provenance ] || set -- "$@" "$argument"
  done
  exec "$npm" "$@" ${to} --registry=${registry.url} --noproxy=127.0.0.1 --userconfig=${quote(publisher)}
  ;;
"view "* | "pack "*)
  case "$2" in ${patterns}) set -- "$@" ${to} --noproxy=127.0.0.1 ;; esac
  exec "$npm" "$@"
  ;;
esac
exec "$npm" "$@"
`,
  );
}

/** The path of a program on PATH. */
function findProgram(name: string): string {
  const files = (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, name));
  const found = files.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  if (found === undefined) throw new Error(`There is no ${name} on PATH`);
  return found;
}

/** Quotes a word for the shell. */
function quote(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

import { mkdirSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const modules = fileURLToPath(new URL("../../node_modules", import.meta.url));

/** The home of every child process. Programs find no user configuration, credentials or cache there. */
const home = join(modules, ".cache/home");

/** Where the machine keeps temporary files, certificates and, on Windows, the system itself. */
const machineVariables =
  "TMPDIR TEMP TMP NODE_EXTRA_CA_CERTS SSL_CERT_FILE SSL_CERT_DIR SystemRoot ComSpec PATHEXT".split(
    " ",
  );

const quietNpm = {
  npm_config_audit: "false",
  npm_config_fund: "false",
  npm_config_update_notifier: "false",
};

const fixedVariables = {
  HOME: home,
  USERPROFILE: home,
  LC_ALL: "C.UTF-8",
  TZ: "UTC",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_TERMINAL_PROMPT: "0",
  npm_config_globalconfig: join(home, "npmrc"),
  ...quietNpm,
  DO_NOT_TRACK: "1",
  TURBO_TELEMETRY_DISABLED: "1",
  REDOCLY_TELEMETRY: "off",
  REDOCLY_SUPPRESS_UPDATE_NOTICE: "true",
};

/**
 * Resets the settings of a user's npm and pnpm configuration that would change what is installed, or what npm
 * prints.
 */
const plainNpm = {
  ...quietNpm,
  npm_config_dry_run: "false",
  npm_config_engine_strict: "false",
  npm_config_global: "false",
  npm_config_ignore_scripts: "false",
  npm_config_include: "dev optional peer",
  npm_config_json: "false",
  npm_config_legacy_peer_deps: "false",
  npm_config_loglevel: "error",
  npm_config_node_options: "",
  npm_config_omit: "",
  npm_config_strict_peer_deps: "false",
  npm_config_yes: "true",
  pnpm_config_enable_global_virtual_store: "false",
  pnpm_config_enable_modules_dir: "true",
  pnpm_config_hoist: "true",
  pnpm_config_ignore_pnpmfile: "true",
  pnpm_config_inject_workspace_packages: "false",
  pnpm_config_modules_dir: "node_modules",
  pnpm_config_optional: "true",
  pnpm_config_recursive_install: "true",
  pnpm_config_shamefully_hoist: "false",
  pnpm_config_shared_workspace_lockfile: "true",
  pnpm_config_symlink: "true",
  pnpm_config_virtual_store_dir: "node_modules/.pnpm",
  pnpm_config_virtual_store_only: "false",
};

/** This repository's programs take precedence over others with the same names. */
function path() {
  return [join(modules, ".bin"), process.env["PATH"], dirname(process.execPath)].join(delimiter);
}

/**
 * The environment of a child process. It depends on the machine, but not on the user's settings: no npmrc,
 * git configuration, locale, time zone, colour, CI or NODE_OPTIONS.
 *
 * @param {Readonly<Record<string, string | undefined>>} [more] additional variables that the child needs
 * @returns {NodeJS.ProcessEnv}
 */
export function childEnvironment(more = {}) {
  mkdirSync(home, { recursive: true });
  const keptVariables = machineVariables.map((name) => [name, process.env[name]]);
  return defined({
    ...Object.fromEntries(keptVariables),
    ...fixedVariables,
    PATH: path(),
    ...more,
  });
}

/**
 * The environment of a child process that calls npm's registry on the user's behalf: it keeps the registry,
 * proxy and credentials of the user's npm configuration.
 *
 * @returns {NodeJS.ProcessEnv}
 */
export function registryEnvironment() {
  const { NODE_OPTIONS: _options, NODE_ENV: _env, ...user } = process.env;
  // Both programs accept the names in upper case.
  const kept = Object.entries(user).filter(
    ([name]) => !Object.hasOwn(plainNpm, name.toLowerCase()),
  );
  return defined({ ...Object.fromEntries(kept), ...plainNpm, LC_ALL: "C.UTF-8", PATH: path() });
}

/** @param {Readonly<Record<string, string | undefined>>} variables */
function defined(variables) {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined));
}

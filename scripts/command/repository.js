import { fileURLToPath } from "node:url";

/** The folder of this repository. */
export const repository = fileURLToPath(new URL("../..", import.meta.url));

/**
 * The option `--root` of a script.
 *
 * @type {{ type: "string", default: string }}
 */
export const rootOption = { type: "string", default: repository };

import type { Context } from "./context.ts";
import type { Output } from "./output.ts";
import type { Settings } from "./settings.ts";

/** What every command gets. */
export interface Command {
  readonly context: Context;
  readonly settings: Settings;
  readonly output: Output;
}

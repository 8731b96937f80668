import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { CommandError } from "../command/problem.js";
import { parse } from "../description/read.ts";
import type { JsonObject } from "../description/tree.ts";
import type { ReleasedPackage } from "../packages/client-packages.ts";
import { clientName } from "../packages/client-name.ts";
import { findExampleCall, type ExampleCall } from "../packages/example-call.ts";

/** How a consumer uses a package. */
export interface Scenario {
  /**
   * The files by name. `main.ts` and `main.cjs` are programs whose arguments are the URL of a mock
   * server, the id of a job there and a path to write to. `status.ts` is optional, and also runs in
   * browsers.
   */
  readonly files: ReadonlyMap<string, string>;
  /** The description for the mock server; by default its own. */
  readonly description: JsonObject | undefined;
}

/**
 * Reads the scenario in a package's folder `rehearsal`; without one, creates a scenario with a single call.
 */
export async function readScenario(root: string, released: ReleasedPackage): Promise<Scenario> {
  const { name, api, folder } = released;
  const file = `generated/${api}/openapi.json`;
  const description =
    api === undefined ? undefined : parse(file, await readFile(join(root, file), "utf8"));
  const rehearsal = join(root, folder, "rehearsal");
  if (existsSync(rehearsal)) {
    const files = (await readdir(rehearsal)).map(async (entry) => {
      return [entry, await readFile(join(rehearsal, entry), "utf8")] as const;
    });
    return { files: new Map(await Promise.all(files)), description };
  }
  const example = description === undefined ? undefined : await findExampleCall(description);
  if (api === undefined || !example?.isValid) {
    throw new CommandError({
      file: folder,
      fault: "It has no operation of which a valid call could be found",
      remedy: `Write what a consumer does with the package into ${folder}/rehearsal/`,
    });
  }
  return { files: writeScenario(name, api, example), description };
}

function writeScenario(name: string, api: string, example: ExampleCall): Scenario["files"] {
  const { method, input, options } = example;
  const factory = `create${clientName(api)}Client`;
  const call = `const client = ${factory}({ ...${JSON.stringify(options)}, baseUrl });
  await client.${method}(${Object.keys(input).length === 0 ? "" : JSON.stringify(input)});
  return \`${method} got a response, OpenAPI \${description.openapi}\`;`;
  return new Map([
    [
      "status.ts",
      `import { ${factory} } from "${name}";
import description from "${name}/schema.json" with { type: "json" };
export type * from "${name}/schema";
export async function call(baseUrl: string): Promise<string> {
  ${call}
}
`,
    ],
    [
      "main.ts",
      `import { call } from "./status.js";\nconsole.log(await call(process.argv[2] ?? ""));\n`,
    ],
    [
      "main.cjs",
      `const { ${factory} } = require("${name}");
const description = require("${name}/schema.json");
async function call(baseUrl = "") {
  ${call}
}
void call(process.argv[2]).then(console.log);
`,
    ],
  ]);
}

import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Stop } from "../command/problem.ts";
import type { JsonObject } from "../description/tree.ts";
import type { ClientPackage } from "../packages/client-packages.ts";
import { clientName } from "../packages/client-name.ts";
import { findExampleCall } from "../packages/example-call.ts";

/**
 * What a consumer of a package does with it, by the names of its files: `main.ts` and `main.cjs` are
 * programs that get the API's address, and `status.ts` is what a browser runs, too.
 */
export type Scenario = ReadonlyMap<string, string>;

/** Reads the scenario in a package's folder `rehearsal`; if there is none, writes one that makes a call. */
export async function readScenario(
  root: string,
  client: ClientPackage,
  description: JsonObject,
): Promise<Scenario> {
  const folder = join(root, client.folder, "rehearsal");
  if (!existsSync(folder)) return writeScenario(client, description);
  const files = (await readdir(folder)).map(async (file) => {
    return [file, await readFile(join(folder, file), "utf8")] as const;
  });
  return new Map(await Promise.all(files));
}

function writeScenario({ name, api, folder }: ClientPackage, description: JsonObject): Scenario {
  const example = findExampleCall(description);
  if (example === undefined) {
    throw new Stop({
      file: `generated/${api}/openapi.json`,
      fault: "It has no operation that a client can call",
      remedy: `Write what a consumer does with the package into ${folder}/rehearsal/`,
    });
  }
  const { method, input, options } = example;
  const factory = `create${clientName(api)}Client`;
  const call = `const client = ${factory}({ ...${JSON.stringify(options)}, baseUrl });
  await client.${method}(${Object.keys(input).length === 0 ? "" : JSON.stringify(input)});
  return \`${method} was answered, OpenAPI \${description.openapi}\`;`;
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

import { format } from "prettier";
import { isRetryable } from "../../packages/runtime/src/retry.ts";
import type { JsonObject } from "../description/tree.ts";
import { clientName } from "./client-name.ts";
import type { ExampleCall } from "./example-call.ts";

/** The properties that a client's package inherits from its repository. */
interface Workspace {
  /** The npm scope of its packages, with the `@`. */
  readonly scope: string;
  readonly license: string;
  readonly engines: JsonObject;
  /** `repository`, `homepage` and `bugs`, if its other packages have them. */
  readonly origin: JsonObject;
}

/** Creates the files of a client's package, keyed by their paths in its folder. */
export async function scaffold(
  api: string,
  { method, input, options, hasServer, isValid }: ExampleCall,
  workspace: Workspace,
): Promise<ReadonlyMap<string, string>> {
  const { scope } = workspace;
  const name = `${scope}/${api}`;
  const type = `${clientName(api)}Client`;
  const generated = `${scope}/generated/${api}`;
  const factory = `create${type}`;
  const readmeOptions = hasServer ? options : { ...options, baseUrl: "https://api.example.com" };
  const statuses = Array.from({ length: 600 }, (_, status) => status).filter(isRetryable);
  const values = Object.keys(input).length === 0 ? "" : JSON.stringify(input);
  const call = `client.${method}(${isValid ? values : "input"})`;

  const mockImports = `import description from "${generated}/openapi.json" with { type: "json" };
import { startMockServer } from "${scope}/mock-server";
`;
  const responseTest = `
test("${method} gets a response", async () => {
  const server = await startMockServer({ description });
  onTestFinished(() => server.close());
  const client = ${factory}({ ${formatProperties(options)} baseUrl: server.url });
  await ${call};
  expect(server.requests).toHaveLength(1);
});
`;

  const files: Record<string, string> = {
    "package.json": JSON.stringify(manifestOf(name, api, workspace)),

    "README.md": `# ${name}

A typed client for the API ${api}, with a method for each operation of its description.

\`\`\`sh
npm install ${name}
\`\`\`

\`\`\`ts
import { ${factory} } from "${name}";

const client = ${factory}(${Object.keys(readmeOptions).length === 0 ? "" : JSON.stringify(readmeOptions)});
const result = await ${call};
\`\`\`

A method takes an object with the parameters by their names (those of headers in lower case), and \`body\`. It returns the body of the
response; a file or a stream is returned as a \`Response\`.

| Of the client | Default | |
|---|---|---|
| \`credentials\` | none | by the names of the description's security schemes: a token or key, or a function that returns one |
| \`baseUrl\` | ${hasServer ? "the description's server" : "none"} | https, or http on loopback |
| \`insecureHosts\` | \`[]\` | hosts of test servers that may use http |
| \`fetch\` | \`globalThis.fetch\` | the function that sends the requests |
| \`attemptTimeout\` | 30,000 | the timeout of one attempt, in milliseconds |
| \`idleTimeout\` | 30,000 | the longest pause within a stream, in milliseconds |
| \`maxRetries\` | 3 | retries per request |
| \`onEvent\` | | called for every request, response, retry and new token |

| Of a call, as the second argument | Default | |
|---|---|---|
| \`timeout\` | 120,000 | the timeout of the call with its retries, in milliseconds |
| \`maxRetries\` | the client's | retries per request |
| \`signal\` | | aborts the call with its reason |
| \`onResponse\` | | called with the response, for its status and headers |

Failed connections and the statuses ${statuses.join(", ")} are retried, if the operation is
idempotent or the server cannot have acted.

A response without a success status throws an \`ApiError\`, with \`status\` and \`body\`. Other errors are
\`ConnectionError\`, \`TimeoutError\` and \`InvalidResponseError\`; all extend \`ClientError\`, whose
\`isTransient\` says whether the same call may succeed later.

\`${name}/schema\` contains the types of the description, and \`${name}/schema.json\` the description itself.
`,

    "src/index.ts": `import { createMethods, createSession } from "${scope}/runtime";
import type { ClientOptions, Methods } from "${scope}/runtime";
import * as operations from "${generated}/operations";
import type { paths } from "${generated}/schema";
import manifest from "../package.json" with { type: "json" };
export * from "${scope}/runtime/errors";

export type ${type}Options = ClientOptions<paths, typeof operations>;
export type ${type} = Methods<paths, typeof operations>;

/** Creates a client, without sending anything. Throws a TypeError if an option is invalid. */
export function ${factory}(options: ${type}Options = {}): ${type} {
  const session = createSession({ ...options, userAgent: \`\${manifest.name}/\${manifest.version}\` });
  return createMethods<paths, typeof operations>(session, operations);
}
`,

    "src/schema.ts": `export type * from "${generated}/schema";\n`,

    "test/client.test.ts": `import * as operations from "${generated}/operations";
${isValid ? mockImports : ""}import { expect, ${isValid ? "onTestFinished, " : ""}test } from "vitest";
import { ${factory} } from "../src/index.ts";

test("has a method for each operation that can be called", () => {
  const callable = Object.entries(operations).filter(([, facts]) => !("unsupported" in facts));
  expect(Object.keys(${factory}()).toSorted()).toEqual(callable.map(([name]) => name).toSorted());
});
${isValid ? responseTest : ""}`,

    "tsconfig.json": JSON.stringify({
      extends: "../../tsconfig.base.json",
      compilerOptions: {
        lib: ["es2023", "dom", "dom.iterable", "dom.asynciterable"],
        types: ["node"],
      },
      include: ["src", "test", "tsdown.config.ts"],
    }),

    "tsdown.config.ts": `import type { UserConfig } from "tsdown";
import { buildClient } from "../runtime/build.ts";

const config: UserConfig[] = buildClient();

export default config;
`,
  };

  const formatted = Object.entries(files).map(async ([filepath, text]) => {
    return [filepath, await format(text, { filepath, printWidth: 100 })] as const;
  });
  return new Map(await Promise.all(formatted));
}

function manifestOf(
  name: string,
  api: string,
  { scope, license, engines, origin }: Workspace,
): object {
  return {
    name,
    version: "0.0.0",
    description: `A typed client for the API ${api}`,
    license,
    ...origin,
    type: "module",
    sideEffects: false,
    engines,
    exports: {
      ".": entryOf("index"),
      "./schema": entryOf("schema"),
      "./schema.json": "./dist/schema.json",
      "./package.json": "./package.json",
    },
    files: ["dist", "CHANGELOG.md"],
    generatedFrom: api,
    publishConfig: { access: "public" },
    scripts: {
      build: "tsdown",
      test: "vitest run --reporter=minimal",
      typecheck: "tsc --checkers 1",
    },
    devDependencies: {
      [`${scope}/generated`]: "workspace:*",
      [`${scope}/mock-server`]: "workspace:*",
      [`${scope}/runtime`]: "workspace:*",
      tsdown: "catalog:",
      vitest: "catalog:",
    },
  };
}

/** Formats the properties of an object as code, for a literal that has more properties after them. */
function formatProperties(object: JsonObject): string {
  return Object.entries(object)
    .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)},`)
    .join(" ");
}

function entryOf(file: string): object {
  return { types: `./dist/${file}.d.ts`, default: `./dist/${file}.js` };
}

import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readWorkflow } from "../../workflows/read-workflow.ts";

const folder = fileURLToPath(new URL("../../../.github/workflows/", import.meta.url));

const text = `jobs:
  second:
    needs: first
    if: needs.first.outputs.x == 'y'
    permissions:
      contents: write # pushes
    steps:
      - uses: actions/download-artifact@0123 # v1
        with: { name: a }
  first:
    permissions:
      contents: read
    outputs: { x: "\${{ steps.s.outputs.x }}" }
    steps:
      - id: s
        run: npm test
        env: { N: 1 }
`;

test("a workflow has its jobs in the order in which they can run", () => {
  const { jobs } = readWorkflow("w", text);
  expect(jobs).toEqual([
    {
      name: "first",
      needs: [],
      canPush: false,
      outputs: { x: "${{ steps.s.outputs.x }}" },
      steps: [{ title: "npm test", id: "s", run: "npm test", inputs: {}, env: { N: "1" } }],
    },
    {
      name: "second",
      needs: ["first"],
      condition: "needs.first.outputs.x == 'y'",
      canPush: true,
      outputs: {},
      steps: [
        {
          title: "actions/download-artifact",
          action: "actions/download-artifact",
          inputs: { name: "a" },
          env: {},
        },
      ],
    },
  ]);
});

test.each([
  ["id: s", "shell: sh", /^w \/ first: .+ does not support 'shell'/u],
  ["outputs: {", "container: x\n    outputs: {", /^w \/ first: .+ does not support 'container'/u],
  ["needs: first", "needs: third", /^w: Its jobs need jobs that never run/u],
])("%s is refused as %s", (from, to, fault) => {
  expect(() => readWorkflow("w", text.replace(from, to))).toThrow(fault);
});

test("the workflows that are simulated can be read", async () => {
  expect(await readdir(folder)).toEqual(expect.arrayContaining(["release.yml", "spec-sync.yml"]));
  for (const name of ["release", "spec-sync"]) {
    const { jobs } = readWorkflow(name, await readFile(`${folder}${name}.yml`, "utf8"));
    expect(jobs.filter(({ canPush }) => canPush).map((job) => job.name)).toEqual(["propose"]);
  }
});

import { statSync } from "node:fs";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const sizeOf = ({ moduleId }: TestSpecification): number => statSync(moduleId).size;

/** Short files first: most mutants are detected in one of them, and the first failure is enough. */
class ShortestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => sizeOf(a) - sizeOf(b));
  }
}

// The tests of the mutated modules, without those that need a server: they run hundreds of times. They stay
// isolated, because what a mutant leaves running would fail the tests of the next.
export default defineConfig({
  test: {
    include: [
      "test/{address,deadline,errors,header,methods,options,parameters,poll,redact,response,retry,token,transport}.test.ts",
    ],
    maxWorkers: 1,
    sequence: { sequencer: ShortestFirst },
    setupFiles: "test/hooks.ts",
    testTimeout: 15_000,
  },
});

import { sha256, type Digests } from "../command/digest.js";
import type { Problem } from "../command/problem.js";
import type { Api } from "../description/project.ts";
import { isIntact, readHeader } from "./header.ts";

/** A generated file that is out of date, and the stage that caused it. */
export interface StaleFile extends Problem {
  readonly cause: "source" | "overlay" | "tools" | "hand edit";
}

type Files = ReadonlyMap<string, string>;

/**
 * Compares the generated files of an API with the expected ones. Their headers record the inputs, so
 * finding the cause needs no history.
 */
export function findStaleFiles(
  api: Api,
  expected: Files,
  all: Files,
  inputs: Digests,
): StaleFile[] {
  const remedy = "Run pnpm generate and commit what it writes";
  const actual = new Map([...all].filter(([file]) => file.startsWith(`generated/${api.name}/`)));
  const recorded = readHeader([...actual.values()].find(isIntact) ?? "");
  const changed = [...new Set([...inputs.keys(), ...recorded.keys()])].filter(
    (path) => path.startsWith("spec/") && inputs.get(path) !== recorded.get(path),
  );

  return [...new Set([...expected.keys(), ...actual.keys()])].flatMap((file): StaleFile[] => {
    const [expectedText, actualText] = [expected.get(file), actual.get(file)];
    if (expectedText === actualText) return [];
    if (actual.size === 0) {
      return [{ cause: "source", file, fault: "It has not been generated yet", remedy }];
    }
    if (actualText === undefined) return [handEdit(file, "It is missing")];
    if (expectedText === undefined) return [handEdit(file, "Nothing generates it")];
    if (!isIntact(actualText) && recorded.get(file) !== sha256(actualText)) {
      return [handEdit(file, "It was changed after it was generated")];
    }
    const cause =
      changed.length === 0
        ? "tools"
        : changed.every((path) => api.overlays.includes(path))
          ? "overlay"
          : "source";
    const reason =
      cause === "tools"
        ? "the output of the generator, or of a tool that it uses, has changed"
        : `${changed.join(" and ")} changed after it was generated`;
    return [{ cause, file, fault: `It is out of date (${cause}): ${reason}`, remedy }];
  });
}

/** Finds the files under `generated/` that belong to no API of `redocly.yaml`. */
export function findStrayFiles(all: Files, apis: readonly Api[]): StaleFile[] {
  return [...all.keys()]
    .filter((file) => !apis.some(({ name }) => file.startsWith(`generated/${name}/`)))
    .map((file) => handEdit(file, "It belongs to no API of redocly.yaml"));
}

function handEdit(file: string, fault: string): StaleFile {
  return {
    cause: "hand edit",
    file,
    fault: `${fault} (hand edit)`,
    remedy: "Run pnpm generate; put corrections in the overlay",
  };
}

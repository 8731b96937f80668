import type { Problem } from "../command/problem.js";
import { isObject, objectOf, type Json, type JsonObject } from "../description/tree.ts";

/**
 * Finds missing information about the origin of a package in its package.json. The registry compares
 * `repository` with the repository in the provenance; the other fields are for people.
 */
export function findOriginFaults(folder: string, manifest: JsonObject): Problem[] {
  const { repository = null, homepage = null, bugs = null } = manifest;
  const source = objectOf(repository);
  const requirements: [key: string, isValid: boolean, example: Json][] = [
    [
      "repository",
      /^git\+https:\/\/.+\.git$/u.test(String(source["url"])) && source["directory"] === folder,
      { type: "git", url: "git+https://github.com/OWNER/NAME.git", directory: folder },
    ],
    ["homepage", isWebUrl(homepage), `https://github.com/OWNER/NAME/tree/main/${folder}#readme`],
    [
      "bugs",
      isWebUrl(isObject(bugs) ? (bugs["url"] ?? null) : bugs),
      "https://github.com/OWNER/NAME/issues",
    ],
  ];
  return requirements
    .filter(([, isValid]) => !isValid)
    .map(([key, , example]) => ({
      file: `${folder}/package.json`,
      place: `#/${key}`,
      fault: `It is ${JSON.stringify(manifest[key] ?? null)}`,
      remedy: `Write ${JSON.stringify({ [key]: example }).slice(1, -1)}, with this repository's owner and name`,
    }));
}

function isWebUrl(value: Json): boolean {
  return typeof value === "string" && value.startsWith("https://");
}

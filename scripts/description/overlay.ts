import { bundle, dequal, lintDocument } from "@redocly/openapi-core";
import { Stop, type Problem } from "../command/problem.ts";
import { ClosedResolver } from "./closed-resolver.ts";
import { toProblems } from "./lint.ts";
import type { Loaded, Parsed } from "./load.ts";
import type { Api } from "./project.ts";
import { isObject, toPointer, type JsonObject } from "./tree.ts";

/**
 * Bundles the files of a description into one and applies its overlays, strictly: an action that
 * changes nothing is an error, whether its target matches nothing or the vendor has mended the
 * defect. Redocly says nothing of such an action, so each one is applied by itself. All of them are
 * told at once: where an operation is gone, so is the target of more than one.
 */
export async function applyOverlays(api: Api, loaded: Loaded): Promise<JsonObject> {
  let effective = await bundleFiles(api, loaded, loaded.description.parsed);
  const stale: Problem[] = [];
  for (const { file, document } of loaded.overlays) {
    const findings = await lintDocument({
      document,
      config: api.config,
      externalRefResolver: new ClosedResolver(),
    });
    if (findings.length > 0) throw new Stop(toProblems(file, findings, "Correct the overlay"));

    for (const [index, action] of actionsOf(document).entries()) {
      const one = { source: document.source, parsed: { ...document.parsed, actions: [action] } };
      const place = toPointer(["actions", index]);
      const before = structuredClone(effective);
      effective = await bundleFiles(api, loaded, effective, { file, place, document: one });
      if (dequal(before, effective)) {
        stale.push({
          file,
          place,
          fault: `The action "${String(action["description"] ?? index)}" changes nothing: ${String(action["target"])} matches nothing, or what the action writes is there already`,
          remedy: "See what the vendor changed there, then delete the action or mend its target",
        });
      }
    }
  }
  if (stale.length > 0) throw new Stop(stale);
  return effective;
}

async function bundleFiles(
  api: Api,
  { description, documents }: Loaded,
  parsed: JsonObject,
  overlay?: { readonly file: string; readonly place: string; readonly document: Parsed },
): Promise<JsonObject> {
  const { source } = description;
  const known = [...documents.values(), ...(overlay === undefined ? [] : [overlay.document])];
  const result = await bundle({
    doc: { source, parsed: structuredClone(parsed) },
    config: api.config,
    externalRefResolver: new ClosedResolver(known),
    overlays: overlay === undefined ? [] : [overlay.document.source.absoluteRef],
  }).catch((error: unknown) => {
    // It throws at a reference to itself; those of the vendor were refused before.
    if (overlay === undefined || !(error instanceof Error)) throw error;
    const { file, place } = overlay;
    throw new Stop({ file, place, fault: error.message, remedy: "Correct the action" });
  });
  if (result.problems.length > 0) {
    throw new Stop(
      overlay === undefined
        ? toProblems(api.description, result.problems)
        : toProblems(overlay.file, result.problems, "Correct the action").map((problem) => ({
            ...problem,
            place: overlay.place,
          })),
    );
  }
  return result.bundle.parsed as JsonObject;
}

function actionsOf({ parsed }: Parsed): JsonObject[] {
  return Array.isArray(parsed["actions"]) ? parsed["actions"].filter(isObject) : [];
}

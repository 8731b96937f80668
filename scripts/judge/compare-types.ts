import type { JsonObject } from "../description/tree.ts";
import { emitSchema } from "../emit/schema.ts";
import type { Origin } from "./split-description.ts";
import { compareOperations, propertiesOfInterface, propertiesOf } from "./compare-operations.ts";
import { compilePair } from "./declarations.ts";
import type { Pair } from "./parts.ts";
import type { Successors } from "./successors.ts";
import { TypeComparer } from "./type-comparer.ts";
import { nameOf } from "./type-members.ts";
import type { Reason } from "./verdict.ts";

/** The components with types. Operations have their own copies of parameters and path items. */
const sections = ["schemas", "responses", "requestBodies", "headers"];

/**
 * Finds out with the compiler what happens to code that was written against the types of the old
 * description, first operation by operation and then component by component.
 *
 * @param same the components that are equal and need no comparison
 * @param origins the original and the direction of each component
 */
export function compareTypes(
  [base, revision]: Pair<JsonObject>,
  same: ReadonlySet<string>,
  origins: ReadonlyMap<string, Origin>,
  successors: Successors,
): Reason[] {
  const { checker, sources } = compilePair([emitSchema(base), emitSchema(revision)]);
  const comparer = new TypeComparer(
    checker,
    (left, right) => {
      const name = nameOf(left);
      return name !== undefined && name === nameOf(right) && same.has(`components.schemas.${name}`);
    },
    true,
  );
  const [before, after] = sources;
  const reasons = compareOperations(checker, comparer, before, after, successors);

  const [old, now] = sources.map((source) => propertiesOfInterface(checker, source, "components"));
  return [
    ...reasons,
    ...sections.flatMap((section) => {
      const newTypes = propertiesOf(checker, now?.get(section));
      return [...propertiesOf(checker, old?.get(section))].flatMap(([name, oldType]) => {
        const [newType, origin] = [newTypes.get(name), origins.get(`${section}.${name}`)];
        if (newType === undefined || origin === undefined) return [];
        return comparer.compare(oldType, newType, origin.direction, origin.place);
      });
    }),
  ];
}

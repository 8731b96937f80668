import { CommandError } from "../command/problem.js";
import { formatPlace } from "./place.ts";
import { reportOf, type Verdict, type Witness } from "./verdict.ts";

const remedies: Readonly<Record<Witness, string>> = {
  diff: "Fix what the message names, and run the command again",
  types: "Correct the description, with an overlay action if it is the vendor's",
};

/** Throws a CommandError if the verdict is `hold`, and says which witness failed. */
export function throwIfHeld({ bump, reasons }: Verdict): void {
  if (bump !== "hold") return;
  const problems = reasons.map(({ witness, place, message }) => ({
    file: formatPlace(place),
    fault: `The change could not be judged: ${message}`,
    remedy: remedies[witness],
  }));
  throw new CommandError(problems, 1, reportOf({ bump, reasons }));
}

import { CommandError } from "../command/problem.ts";
import { formatPlace } from "./place.ts";
import { reportOf, type Verdict, type Witness } from "./verdict.ts";

const remedies: Readonly<Record<Witness, string>> = {
  diff: "Put right what the message names, and run it again",
  types: "Correct the description, by an overlay action if it is the vendor's",
};

/** Throws a CommandError if the verdict is `hold`, and says which witness failed. */
export function throwIfHeld({ bump, reasons }: Verdict): void {
  if (bump !== "hold") return;
  const problems = reasons.map(({ witness, place, message }) => ({
    file: formatPlace(place),
    fault: `Nobody can say what changed: ${message}`,
    remedy: remedies[witness],
  }));
  throw new CommandError(problems, 1, reportOf({ bump, reasons }));
}

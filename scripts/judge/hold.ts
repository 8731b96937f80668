import { Stop } from "../command/problem.ts";
import { formatPlace } from "./place.ts";
import { reportOf, type Verdict } from "./verdict.ts";

/** Stops a command whose verdict nobody can give, and says which witness fails. */
export function stopIfHeld({ bump, reasons }: Verdict): void {
  if (bump !== "hold") return;
  const problems = reasons.map(({ place, message }) => ({
    file: formatPlace(place),
    fault: `The witness fails: ${message}`,
    remedy: "Nobody can say what changed until it answers",
  }));
  throw new Stop(problems, 1, reportOf({ bump, reasons }));
}

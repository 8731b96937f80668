import { sha256 } from "../command/digest.ts";
import { Stop } from "../command/problem.ts";
import { formatPlace } from "../judge/place.ts";
import { bumps, type Verdict } from "../judge/verdict.ts";
import type { Changeset, Move } from "./changeset.ts";
import { describeChange, type OperationNames } from "./describe-change.ts";

/**
 * Turns a verdict into the changeset of its release; undefined if there is nothing to release.
 *
 * A major change moves the minor while the version is 0.x (SemVer 2.0.0 §4). Whoever maintains the
 * package can overrule a major change, and nothing else, by a line `Overruled: <reason>` in the
 * changeset, and then lower its bump too.
 *
 * @param file where the changeset stands, for messages
 * @param earlier the changeset of an earlier plan, as it is by now
 * @throws Stop if it says less than the judge said, or overrules what was not there yet
 */
export function plan(
  verdict: Verdict,
  version: string,
  names: OperationNames,
  file: string,
  earlier?: Changeset,
): Changeset | undefined {
  const { bump, reasons } = verdict;
  if (bump === "none" || bump === "hold") return undefined;
  const move: Move = bump === "major" && version.startsWith("0.") ? "minor" : bump;
  const judged = `${bump} ${sha256(JSON.stringify(reasons)).slice(0, 16)}`;

  const reason = /^Overruled:[ \t]*(\S.*)$/mu.exec(earlier?.text ?? "")?.[1]?.trim();
  const isLower = earlier !== undefined && bumps.indexOf(earlier.move) < bumps.indexOf(move);
  const isSame = earlier?.judged === judged;
  const [gravest] = reasons.map(({ place, message }) => `${formatPlace(place)} ${message}`);
  const says = `It says ${earlier?.move}, and the judge says ${bump}: ${gravest}`;
  if (reason !== undefined && bump === "major" && !isSame) {
    throw new Stop({
      file,
      fault: `It overrules another change. ${says}`,
      remedy: "Remove the file, plan again, and overrule what is there now if that is right too",
    });
  }
  const overruled = bump === "major" ? reason : undefined;
  if (isLower && isSame && overruled === undefined) {
    throw new Stop({
      file,
      fault: says,
      remedy:
        bump === "major"
          ? "Give the reason in a line that begins with ‘Overruled: ’, or remove the file"
          : "Remove the file: only a major change can be overruled",
    });
  }
  return {
    move: overruled !== undefined && isLower ? earlier.move : move,
    judged,
    text: describeChange(verdict, names, overruled),
  };
}

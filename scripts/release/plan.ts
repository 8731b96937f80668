import { sha256 } from "../command/digest.js";
import { CommandError } from "../command/problem.js";
import { formatPlace } from "../judge/place.ts";
import { bumps, isLess, type Bump, type Reason, type Verdict } from "../judge/verdict.ts";
import type { Changeset, VersionBump } from "./changeset.ts";
import { describeChange, type OperationNames } from "./describe-change.ts";

/**
 * Turns a verdict into the changeset of its release; undefined if there is nothing to release.
 *
 * In versions 0.x, a major change only bumps the minor version (SemVer 2.0.0 §4). A maintainer can overrule
 * major changes with a paragraph `Overruled: <reason>` in the changeset, and then lower the bump as far as the
 * other changes allow. A maintainer can also raise the bump.
 *
 * @param file the file of the changeset, for messages
 * @param earlier the changeset of an earlier plan in its current form
 * @throws CommandError if the changeset has a lower bump than the judge, or overrules an earlier verdict
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
  const judged = `${bump} ${sha256(JSON.stringify(reasons)).slice(0, 16)}`;
  if (earlier === undefined) {
    return { bump: versionBump(bump, version), judged, text: describeChange(verdict, names) };
  }
  const isSame = earlier.judged === judged;
  const paragraph = /^Overruled:(.*\S.*(?:\r?\n.*\S.*)*)/mu.exec(earlier.text)?.[1];
  const reason = paragraph?.trim().replaceAll(/\s*\n\s*/gu, " ");
  const overruled = bump === "major" ? reason : undefined;
  const remaining =
    overruled === undefined ? reasons : reasons.filter((candidate) => candidate.bump !== "major");
  const [gravest] = remaining;
  const lowestBump = overruled === undefined ? bump : (gravest?.bump ?? "patch");
  const describeConflict = (what: string): string =>
    `Its bump is ${earlier.bump}, but the judge requires ${what}: ${(gravest ? [gravest] : reasons)
      .map(({ place, message }) => `${formatPlace(place)} ${message.replace(/\.$/u, "")}`)
      .join()}`;
  if (overruled !== undefined && !isSame) {
    throw new CommandError({
      file,
      fault: `It overrules a different change. ${describeConflict(bump)}`,
      remedy:
        "Remove the file, run pnpm release:plan again, and overrule the new change if that is right too",
    });
  }
  const lowestVersionBump = versionBump(lowestBump, version);
  if (isSame && isLess(earlier.bump, lowestVersionBump)) {
    throw new CommandError({
      file,
      fault: describeConflict(lowestBump),
      remedy:
        lowestBump === "major"
          ? "Give a reason in a paragraph that begins with ‘Overruled: ’, or remove the file"
          : "Remove the file: only a major change can be overruled",
    });
  }
  const planned = versionBump(bump, version);
  const isChosen =
    overruled !== undefined || (isRaised(earlier, version) && isLess(planned, earlier.bump));
  return {
    bump: isChosen ? earlier.bump : planned,
    judged,
    text: describeChange(verdict, names, overruled),
  };
}

/**
 * The bump of a package that includes the description without being generated from it: what a change of the
 * description means for its version, but not more than the client's bump if a maintainer lowered that.
 */
export function bumpOfIncluding(
  change: Reason,
  client: Changeset,
  clientVersion: string,
  version: string,
): VersionBump {
  const planned = versionBump(change.bump, version);
  const isLowered = isLess(client.bump, versionBump(change.bump, clientVersion));
  return isLowered && isLess(client.bump, planned) ? client.bump : planned;
}

/** Whether a person raised the bump above the planned one. */
export function isRaised({ bump, judged }: Changeset, version: string): boolean {
  const planned = bumps.find((candidate) => judged.startsWith(candidate)) ?? "minor";
  return isLess(versionBump(planned, version), bump);
}

function versionBump(bump: Bump, version: string): VersionBump {
  if (bump === "hold") throw new Error("A held change has no version");
  return bump === "major" && version.startsWith("0.") ? "minor" : bump;
}

import type { Place } from "./place.ts";

/** Merges the versions that the changesets amount to: until there is a release, nothing is judged. */
export async function prepareRelease({ github, run }: Place): Promise<void> {
  await run("release", { version: "success", propose: "success" });
  await github.merge("release");
}

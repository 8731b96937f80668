/**
 * The direction of values. A consumer reads a result, so a new value must be one that an old one could have
 * been; it writes an input, so old values must still be accepted.
 */
export type Direction = "result" | "input";
export const directions = ["result", "input"] as const;

export const opposite: Readonly<Record<Direction, Direction>> = {
  result: "input",
  input: "result",
};

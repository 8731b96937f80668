/**
 * Converts an API's name to the one in its package's code: `pet-store` becomes `PetStore`, and `2checkout`
 * becomes `_2checkout`, because a type cannot start with a digit.
 */
export function clientName(api: string): string {
  const words = api.split(/[-_]+/u).map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return words.join("").replace(/^(?=\d)/u, "_");
}

/** Converts an API's name to the one in its package's code: `pet-store` becomes `PetStore`. */
export function clientName(api: string): string {
  const words = api.split(/[-_]+/u).map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return words.join("");
}

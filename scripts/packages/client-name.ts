/** What the code of a client's package calls it: `pet-store` is `PetStore`. */
export function clientName(api: string): string {
  const words = api.split(/[-_]+/u).map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return words.join("");
}

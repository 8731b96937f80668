import { expect, test } from "vitest";
import { documentOperations } from "../build.ts";

test("editors find the documentation of operations", () => {
  const built = `declare namespace operations_d_exports {
  export { getA, getB$1 as getB };
}
/** Not this. */
type A = 1;
/**
* Gets A
*/
declare const getA: {};
declare const getB$1: {};
`;
  expect(documentOperations(built)).toBe(`declare const operations_d_exports: {
/**
* Gets A
*/
readonly getA: typeof getA;
readonly getB: typeof getB$1;
};
/** Not this. */
type A = 1;
/**
* Gets A
*/
declare const getA: {};
declare const getB$1: {};
`);
});

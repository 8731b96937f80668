import { expect, test, vi } from "vitest";
import { createTokenSource } from "../src/token.ts";

const counting = () => {
  let count = 0;
  return vi.fn<() => string>(() => String((count += 1)));
};

test("calls the function when a token is needed, and once for all who ask", async () => {
  const token = counting();
  const source = createTokenSource(token);
  expect(token).not.toHaveBeenCalled();
  const asked = [source.get(), source.get()];
  expect(await Promise.all([...asked, source.get()])).toEqual(["1", "1", "1"]);
  expect(token).toHaveBeenCalledOnce();
});

test("calls it again when its token was refused, though many say so", async () => {
  const token = counting();
  const source = createTokenSource(token);
  const first = source.get();
  expect(source.forget(first)).toBe(true);
  const second = source.get();
  expect(source.forget(first)).toBe(true);
  expect(source.get()).toBe(second);
  expect(await second).toBe("2");
});

test("knows no way to another token than one that was given as it is", async () => {
  const source = createTokenSource("token");
  expect(source.forget(source.get())).toBe(false);
  expect(await source.get()).toBe("token");
});

test.each([
  [
    "throws",
    () => {
      throw new Error("away");
    },
  ],
  ["rejects", () => Promise.reject(new Error("away"))],
])("rejects with what the function %s", async (_, token) => {
  await expect(createTokenSource(token).get()).rejects.toThrow("away");
});

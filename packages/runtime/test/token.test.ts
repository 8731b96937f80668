import { expect, test, vi } from "vitest";
import { openCall } from "../src/deadline.ts";
import {
  createTokenSource,
  receiveToken,
  type PendingToken,
  type TokenSource,
} from "../src/token.ts";

const call = openCall({ label: "call" });
const redact = (text: string): string => text.replaceAll("a-secret", "…");
const countingFunction = () => {
  let count = 0;
  return vi.fn<() => string>(() => String((count += 1)));
};

test("calls the function when a token is needed, once for all callers", async () => {
  const token = countingFunction();
  const source = createTokenSource(token);
  expect(token).not.toHaveBeenCalled();
  const ask = () => receiveToken(source, source.get(), 1000, call);
  expect(await Promise.all([ask(), ask()])).toEqual(["1", "1"]);
  expect(source.get().token).toBe("1");
  expect(token).toHaveBeenCalledOnce();
});

test("calls it once more when several callers report a refused token", async () => {
  const token = countingFunction();
  const source = createTokenSource(token);
  const first = source.get();
  expect(source.forget(first)).toBe(true);
  const second = source.get();
  expect(source.forget(first)).toBe(true);
  expect(source.get()).toBe(second);
  expect(await second.promise).toBe("2");
});

test("cannot replace a token that is not from a function", async () => {
  const source = createTokenSource("token");
  expect(source.forget(source.get())).toBe(false);
  expect(await source.get().promise).toBe("token");
});

test.each([
  [
    "throws",
    () => {
      throw new Error("away");
    },
  ],
  ["rejects", () => Promise.reject(new Error("away"))],
])("says so when the function %s, and calls it again", async (_, away) => {
  const token = vi.fn<() => string | Promise<string>>(() => "token").mockImplementationOnce(away);
  const source = createTokenSource(token);
  const error = await receiveToken(source, source.get(), 1000, call).catch((reason) => reason);
  expect(error).toMatchObject({
    name: "ClientError",
    message: "call: the token function failed: away",
    cause: { message: "away" },
  });
  expect(await receiveToken(source, source.get(), 1000, call)).toBe("token");
});

test("the error of a token function keeps no secret", async () => {
  const source = createTokenSource(() =>
    Promise.reject(
      Object.assign(new Error("not with a-secret", { cause: new Error() }), { a: "a-secret" }),
    ),
  );
  const secretive = openCall({ label: "call" }, {}, { redact });
  const error = await receiveToken(source, source.get(), 1000, secretive).catch((reason) => reason);
  expect(error.cause).toMatchObject({ name: "Error", message: "not with …" });
  expect(error.cause).not.toHaveProperty("a");
});

test.each(["", " a", "a ", "bad\n", "t\u00f6k\u00e9n", "\u20ac", "\u007f"])(
  "refuses the token %j, which might not be redacted, and does not quote it",
  (token) => {
    const message = "a token must consist of visible ASCII characters";
    expect(() => createTokenSource(token)).toThrow(new TypeError(message));
  },
);

test("refuses a token that cannot be sent, at once or when the function returns it", async () => {
  expect(() => createTokenSource("bad\n")).toThrow(/^a token must consist/);
  const source = createTokenSource(() => "bad\n");
  await expect(source.get().promise).rejects.toThrow(/^a token must consist/);
});

test("does not take what is no token for a secret", async () => {
  const onToken = vi.fn<(token: string, isNew: boolean) => void>();
  // @ts-expect-error -- as in JavaScript.
  const source = createTokenSource(() => undefined, onToken);
  await expect(source.get().promise).rejects.toThrow("a token must be a string, but is undefined");
  expect(onToken).not.toHaveBeenCalled();
});

test("calls a function once that asks for the token itself", async () => {
  const asked: PendingToken[] = [];
  const token = vi.fn<() => string>(() => {
    asked.push(source.get());
    return "token";
  });
  const source: TokenSource = createTokenSource(token);
  expect(await source.get().promise).toBe("token");
  expect(asked).toEqual([source.get()]);
  expect(token).toHaveBeenCalledOnce();
});

test("refuses what is not a string, even if it could be sent as one", async () => {
  // @ts-expect-error -- as in JavaScript.
  const source = createTokenSource(() => 12_345_678);
  await expect(source.get().promise).rejects.toThrow(/^a token must be a string, but is number$/);
});

test("times out, names what it waited for, and calls the function again", async () => {
  const token = vi
    .fn<() => string | Promise<string>>(() => "token")
    .mockImplementationOnce(() => new Promise(() => undefined));
  const source = createTokenSource(token);
  await expect(receiveToken(source, source.get(), 0, call)).rejects.toMatchObject({
    name: "TimeoutError",
    bound: "token",
    message: "call: the token function returned no token within 0 s (attemptTimeout)",
  });
  expect(await receiveToken(source, source.get(), 1000, call)).toBe("token");
});

test("a call that ends does not end the request for a token that others wait for", async () => {
  const token = vi.fn<() => Promise<string>>(async () => "token");
  const source = createTokenSource(token);
  const controller = new AbortController();
  for (const limits of [{ signal: controller.signal }, { timeout: 0 }]) {
    const ending = openCall({ label: "call" }, limits);
    const receiving = receiveToken(source, source.get(), 1000, ending);
    controller.abort();
    await expect(receiving).rejects.toBeInstanceOf(Error);
  }
  expect(await receiveToken(source, source.get(), 1000, call)).toBe("token");
  expect(token).toHaveBeenCalledTimes(1);
});

test("a request for a token that hangs is given up after its limit, although each call ends before", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  const token = vi
    .fn<() => string | Promise<string>>(() => "token")
    .mockImplementationOnce(() => new Promise(() => undefined));
  const source = createTokenSource(token);
  const receive = async (): Promise<unknown> => {
    const ending = openCall({ label: "call" }, { timeout: 400 });
    const receiving = receiveToken(source, source.get(), 1000, ending).catch(() => "ended");
    await vi.runAllTimersAsync();
    return receiving;
  };
  expect([await receive(), await receive(), await receive()]).toEqual(["ended", "ended", "ended"]);
  expect(token).toHaveBeenCalledTimes(1);
  expect(await receive()).toBe("token");
  vi.useRealTimers();
});

test("a failure that nobody awaits is not an unhandled rejection", async () => {
  const unhandled = vi.fn<() => void>();
  process.once("unhandledRejection", unhandled);
  createTokenSource(() => Promise.reject(new Error("away"))).get();
  await new Promise((resolve) => setImmediate(resolve));
  process.off("unhandledRejection", unhandled);
  expect(unhandled).not.toHaveBeenCalled();
});

test("only the token of a function is reported as new", async () => {
  const onToken = vi.fn<(token: string, isNew: boolean) => void>();
  createTokenSource("fixed", onToken);
  expect(onToken.mock.calls).toEqual([["fixed", false]]);
  await createTokenSource(() => "fresh", onToken).get().promise;
  expect(onToken.mock.lastCall).toEqual(["fresh", true]);
});

test("a token is reported before each use, because many others may have been used since", async () => {
  const onToken = vi.fn<(token: string, isNew: boolean) => void>();
  const source = createTokenSource(() => "kept", onToken);
  await receiveToken(source, source.get(), 1000, call);
  source.get();
  expect(onToken.mock.calls).toEqual([
    ["kept", true],
    ["kept", false],
  ]);
});

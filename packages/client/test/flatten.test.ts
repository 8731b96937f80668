import { CloseSignal } from "@audit-logs/runtime";
import { describe, expect, it } from "vitest";
import { abortOnReturn } from "../src/closable.ts";
import { flatten } from "../src/flatten.ts";

const batches = [["a", "b"], [], ["c"]] as const;
const fault = new Error("the batches end here");
const done = { done: true, value: undefined };

/** What the generator went through, and its items one by one. */
function open(signal?: AbortSignal, end: () => string = () => "summary") {
  const log: string[] = [];
  async function* generate() {
    try {
      for (const batch of batches) {
        log.push(`batch ${batch.join("")}`);
        yield batch;
      }
      return end();
    } finally {
      log.push("closed");
    }
  }
  const closeSignal = new CloseSignal();
  const items = flatten(generate(), { closeSignal, ...(signal && { signal }) });
  return { items: abortOnReturn(items, closeSignal), log };
}

const fail = (): never => {
  throw fault;
};

describe("flatten", () => {
  it("yields each item, returns the generator's value, and then stays done", async () => {
    const { items, log } = open();
    const results = [];
    for (let count = 0; count < 5; count += 1) results.push(await items.next());

    expect(results).toEqual([
      { done: false, value: "a" },
      { done: false, value: "b" },
      { done: false, value: "c" },
      { done: true, value: "summary" },
      done,
    ]);
    expect(log).toEqual(["batch ab", "batch ", "batch c", "closed"]);
  });

  it("requests no batch before the items of the last one have been taken", async () => {
    const { items, log } = open();
    await items.next();
    await items.next();

    expect(log).toEqual(["batch ab"]);
  });

  it("answers calls that overlap in their order", async () => {
    const { items } = open();
    const first = items.next();
    // Called as soon as there are two items, one of which belongs to the second call.
    const third = first.then(() => items.next());
    const second = items.next();
    const results = await Promise.all([first, second, third]);

    expect(results.map(({ value }) => value)).toEqual(["a", "b", "c"]);
  });

  it("throws the generator's error after the items before it, once", async () => {
    const { items } = open(undefined, fail);
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => items.next()));

    expect(results.map((result) => ("value" in result ? result.value : result.reason))).toEqual([
      { done: false, value: "a" },
      { done: false, value: "b" },
      { done: false, value: "c" },
      fault,
      done,
    ]);
  });

  it("leaves a failure unhandled if nobody handles it", async () => {
    const { items } = open(undefined, fail);
    const others = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    const unhandled = new Promise((resolve) => process.once("unhandledRejection", resolve));
    for (let count = 0; count < 4; count += 1) void items.next();

    expect(await unhandled).toBe(fault);
    for (const other of others) process.on("unhandledRejection", other);
  });

  it.each(["return", "throw"] as const)("drops the items that are left on %s", async (end) => {
    const { items, log } = open();
    await items.next();
    if (end === "return")
      expect(await items.return("early")).toEqual({ done: true, value: "early" });
    else await expect(items.throw(fault)).rejects.toBe(fault);

    expect(await items.next()).toEqual(done);
    expect(log).toEqual(["batch ab", "closed"]);
  });

  it("ends between two items of a batch when the signal aborts", async () => {
    const controller = new AbortController();
    const { items, log } = open(controller.signal);
    await items.next();
    controller.abort(fault);

    await expect(items.next()).rejects.toBe(fault);
    expect(await items.next()).toEqual(done);
    expect(log).toEqual(["batch ab", "closed"]);
  });
});

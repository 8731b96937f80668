import { beforeEach, expect, test, vi } from "vitest";
import { longTimeout, openCall, type CallOptions } from "../src/deadline.ts";
import { ClientError } from "../src/errors/client-error.ts";
import { ConnectionError } from "../src/errors/connection-error.ts";
import { InvalidResponseError } from "../src/errors/invalid-response-error.ts";
import type { ClientEvent } from "../src/events.ts";
import { checkState, hasFailed, isFinal, poll } from "../src/poll.ts";

const facts = {
  property: "state",
  states: ["running", "done", "failed"],
  succeeded: ["done"],
  failed: ["failed"],
};
const subject = { label: "GET /jobs/1" };
const running = { state: "running" };
const done = { state: "done" };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  // Without jitter.
  vi.spyOn(Math, "random").mockReturnValue(0);
});

/** A state, or an error, how long it takes to arrive, and how long the server asks to wait. */
type StatusResponse = object & { readonly duration?: number; readonly retryAfter?: number };

/** Polls a job, whose last response is repeated. */
async function run(
  responses: readonly StatusResponse[],
  { interval, ...options }: CallOptions & { readonly interval?: number } = {},
) {
  const events: ClientEvent[] = [];
  const emit = (event: ClientEvent): unknown => events.push(event);
  const call = openCall(subject, options, { emit }, longTimeout);
  const start = performance.now();
  const times: number[] = [];
  const states: object[] = [];
  const retries: unknown[] = [];
  const work = async (): Promise<unknown> => {
    try {
      const polling = poll(facts, call, interval, async ({ maxRetries }) => {
        times.push(performance.now() - start);
        retries.push(maxRetries);
        const response = responses[Math.min(times.length, responses.length) - 1] as StatusResponse;
        const { duration = 0, retryAfter = 0, ...data } = response;
        vi.advanceTimersByTime(duration);
        if (response instanceof Error) throw response;
        return { data, retryAfter };
      });
      for await (const state of polling) states.push(state);
      return undefined;
    } catch (error) {
      return error;
    }
  };
  const working = work();
  await vi.runAllTimersAsync();
  const error = await working;
  const pauses = times.slice(1).map((time, index) => time - Number(times[index]));
  return { error, states, events, pauses, retries, end: performance.now() - start };
}

const lost = () => new ConnectionError(subject, "the connection failed");
const asking = (error: ClientError, retryAfter: number) => Object.assign(error, { retryAfter });

test("yields each state until a final one, at a growing interval", async () => {
  const { states, pauses, retries } = await run([
    ...Array.from({ length: 9 }, () => running),
    done,
  ]);
  expect(states).toEqual([...Array.from({ length: 9 }, () => running), done]);
  expect(pauses).toEqual([2000, 3000, 4500, 6750, 10_125, 15_187, 22_781, 30_000, 30_000]);
  // A poll that fails is not retried as a request.
  expect(new Set(retries)).toEqual(new Set([0]));
});

test("an interval of more than 30 s does not grow, and jitter shortens it by up to half", async () => {
  const responses = [running, running, done];
  expect((await run(responses, { interval: 40_000 })).pauses).toEqual([40_000, 40_000]);
  vi.spyOn(Math, "random").mockReturnValue(1);
  expect((await run(responses, { interval: 40_000 })).pauses).toEqual([20_000, 20_000]);
});

test("Retry-After lengthens a pause, and never shortens one", async () => {
  const responses = [{ ...running, retryAfter: 10_000 }, { ...running, retryAfter: 1 }, done];
  expect((await run(responses)).pauses).toEqual([10_000, 3000]);
});

test("a missed poll is followed soon, and then at the usual pace", async () => {
  const outage = Array.from({ length: 7 }, lost);
  const { states, pauses, events } = await run([running, ...outage, running, lost(), done]);
  expect(states).toEqual([running, running, done]);
  expect(pauses.slice(0, 8)).toEqual([2000, 500, 1000, 2000, 4000, 8000, 16_000, 20_000]);
  expect(pauses.slice(8)).toEqual([30_000, 500]);
  expect(events).toHaveLength(8);
  expect(events.map((event) => "attempt" in event && event.attempt)).toEqual([
    1, 2, 3, 4, 5, 6, 7, 1,
  ]);
  expect(events[1]).toMatchObject({ type: "retry", call: "GET /jobs/1", pause: 1000 });
});

test("a pause after a missed poll is not longer than the interval", async () => {
  const { pauses } = await run([lost(), lost(), lost(), done], { interval: 100 });
  expect(pauses).toEqual([100, 150, 225]);
});

test("an error that is not transient ends the wait, with the last state", async () => {
  const refused = new InvalidResponseError(subject, "it contains no job");
  const { error, pauses } = await run([running, refused]);
  expect(error).toBe(refused);
  expect(refused.lastJob).toEqual(running);
  expect(refused.cause).toBeUndefined();
  expect(pauses).toEqual([2000]);
  expect((await run([new ClientError(subject, "no")])).error).not.toHaveProperty(
    "lastJob",
    running,
  );
});

test("an error that is none of the client's is thrown as it is", async () => {
  const reason = new RangeError("oh");
  expect((await run([running, reason])).error).toBe(reason);
  expect(reason).not.toHaveProperty("lastJob");
});

test("maxRetries bounds the failures in a row", async () => {
  const errors = Array.from({ length: 6 }, lost);
  const responses = [
    errors[0],
    errors[1],
    running,
    errors[2],
    errors[3],
    errors[4],
  ] as StatusResponse[];
  const { error, states } = await run(responses, { maxRetries: 2 });
  expect(error).toBe(errors[4]);
  expect(error).toMatchObject({ lastJob: running });
  expect(states).toEqual([running]);
});

test("the timeout ends a wait with the last state, and with the last failure if there is one", async () => {
  const waiting = await run([running], { timeout: 60_000 });
  expect(waiting.error).toMatchObject({ bound: "total", lastJob: running });
  expect(waiting.error).not.toHaveProperty("cause");
  expect(waiting.end).toBe(60_000);
  const failure = lost();
  const failing = await run([running, failure], { timeout: 60_000 });
  expect(failing.error).toMatchObject({ bound: "total", lastJob: running, cause: failure });
  const recovered = await run([failure, running], { timeout: 60_000 });
  expect(recovered.error).not.toHaveProperty("cause");
});

test("a response that arrives after the deadline ends the wait by its timeout", async () => {
  const message = "GET /jobs/1: not finished within 60 s (timeout)";
  const failure = Object.assign(lost(), { duration: 60_001 });
  const failing = await run([failure], { timeout: 60_000 });
  expect(failing.error).toMatchObject({
    message: `${message}; the last failure: the connection failed`,
    cause: failure,
  });
  const waiting = await run([{ ...running, duration: 60_001 }], { timeout: 60_000 });
  expect(waiting.error).toMatchObject({ message, lastJob: running });
});

test("a Retry-After that the deadline would end ends the wait at once, and is reported", async () => {
  for (const [retryAfter, seconds] of [
    [60_000, "60"],
    [60_001, "60.001"],
  ] as const) {
    const late = await run([{ ...running, retryAfter }], { timeout: 60_000 });
    expect(late.error).toMatchObject({
      name: "TimeoutError",
      message: `GET /jobs/1: not finished within 60 s (timeout): the server asked to wait for ${seconds} s`,
      lastJob: running,
    });
    expect(late.end).toBe(0);
  }
  const busy = asking(lost(), 60_001);
  expect(await run([busy], { timeout: 60_000 })).toMatchObject({ error: busy, end: 0 });
  const inTime = await run([{ ...running, retryAfter: 59_000 }, done], { timeout: 60_000 });
  expect(inTime).toMatchObject({ error: undefined, pauses: [59_000] });
});

test("a Retry-After of a missed poll lengthens the pause", async () => {
  expect((await run([asking(lost(), 7000), done])).pauses).toEqual([7000]);
});

test("a state is final if it has succeeded or failed, and unknown ones are not", () => {
  const states = ["running", "done", "failed", "paused", undefined].map((state) => ({ state }));
  expect(states.filter((state) => isFinal(facts, state))).toEqual([done, { state: "failed" }]);
  expect(states.filter((state) => hasFailed(facts, state))).toEqual([{ state: "failed" }]);
});

test("a state is an object whose property is text", () => {
  expect(checkState(facts, subject, done)).toBe(done);
  expect(() => checkState(facts, subject, "done")).toThrow(
    "GET /jobs/1: the response does not match",
  );
  expect(() => checkState(facts, subject, null)).toThrow("it contains no job");
  expect(() => checkState(facts, subject, { state: 1 })).toThrow("the job has no state");
});

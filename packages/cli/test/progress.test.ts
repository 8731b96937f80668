import { PassThrough } from "node:stream";
import { expect, onTestFinished, test, vi } from "vitest";
import { createOutput } from "../src/output.ts";
import { createProgress } from "../src/progress.ts";

test("counts only what this run downloads in the rate and the remaining time", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const stderr = Object.assign(new PassThrough(), { isTTY: true, columns: 100 });
  const { signal } = new AbortController();
  const output = createOutput({ stdout: new PassThrough(), stderr, env: {}, signal }, {});
  const progress = await createProgress({ stderr }, output);
  /** What is drawn a second after so many bytes have arrived. */
  const draw = (bytes: number): string => {
    progress.download(bytes, 10e9);
    stderr.read();
    vi.advanceTimersByTime(1000);
    return String(stderr.read());
  };

  expect(draw(9e9)).toContain(" 90 %, downloading, 1 s, 9.0 GB of 10.0 GB\u001b");
  expect(draw(9.1e9)).toContain(" 9.1 GB of 10.0 GB, 100.0 MB/s, 9 s left");
  // The server sends the file from the start.
  expect(draw(0)).toContain(" 0 %, downloading, 3 s, 0 B of 10.0 GB\u001b");
  expect(draw(50e6)).toContain(" 50.0 MB of 10.0 GB, 50.0 MB/s, 199 s left");
  progress.stop();
});

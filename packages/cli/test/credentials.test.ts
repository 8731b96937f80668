import { expect, test } from "vitest";
import { runTokenCommand } from "../src/credentials.ts";

test("a token command that takes too long is ended", async () => {
  const { signal } = new AbortController();
  const env = { PATH: process.env["PATH"] };
  await expect(runTokenCommand("sleep 60", env, signal, 10)).rejects.toThrow(
    "the token command took longer than 0.01 s",
  );
});

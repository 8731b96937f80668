import { describe, expect, test } from "vitest";
import { createRedactor } from "../src/redact.ts";

const secret = 's3cr+t/"key\\é';
const base64 = (text: string): string => Buffer.from(text).toString("base64");

function redactorOf(...secrets: string[]) {
  const redactor = createRedactor();
  secrets.forEach(redactor.add);
  return redactor;
}

describe("a secret is taken out of a text", () => {
  test.each<[string, string]>([
    ["as it is", secret],
    ["in capitals", secret.toUpperCase()],
    ["percent-encoded", encodeURIComponent(secret)],
    ["percent-encoded in small letters", encodeURIComponent(secret).toLowerCase()],
    ["with every character encoded", Buffer.from(secret).toString("hex").replace(/../g, "%$&")],
    ["in JSON", JSON.stringify(secret).slice(1, -1)],
    ["in JSON within JSON", JSON.stringify(JSON.stringify(secret).slice(1, -1)).slice(1, -1)],
    [
      "as JSON for ASCII only",
      secret.replace(/[^a-z0-9]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`),
    ],
    ["with slashes as PHP escapes them", secret.replace("\\", "\\\\").replace("/", "\\/")],
  ])("%s", (_, spelled) => {
    expect(redactorOf(secret).redact(`<${spelled}> and ${spelled}.`)).toBe("<…> and ….");
  });

  test.each(["", "a", "ab", "Bearer ", "user:"])("in base64, after %j", (before) => {
    const { redact } = redactorOf(secret);
    for (const after of ["", "b", "bc"]) {
      for (const encode of [base64, (text: string) => Buffer.from(text).toString("base64url")]) {
        const left = redact(`<${encode(before + secret + after)}>`);
        expect(left).toContain("…");
        // No more of it than a character whose bits are shared with what stands beside it.
        expect(left.length).toBeLessThanOrEqual("<…>".length + base64(before + after).length + 4);
      }
    }
  });

  test("beside what is no encoding of anything", () => {
    expect(redactorOf(secret).redact(`%c0%80 İ ${secret} \\`)).toBe("%c0%80 İ … \\");
  });

  test("though other secrets were learnt since, and only if they are in it", () => {
    const { redact } = redactorOf("first-secret", "second-secret");
    expect(redact("first-secret, second-secret, third-secret")).toBe("…, …, third-secret");
    expect(redactorOf("").redact("nothing")).toBe("nothing");
  });
});

test("a secret of less than eight characters is a word: it is not masked in the midst of others", () => {
  const { redact } = redactorOf("cat");
  expect(redact("cat, a cat? concatenate cats; Bearer cat")).toBe(
    "…, a …? concatenate cats; Bearer …",
  );
});

test("the query of a URL is a secret, and so are the longer values in it", () => {
  const redactor = createRedactor();
  redactor.addQuery(new URL("https://a.example/f?v=1&sig=a%2Fb%2Bc%3Dd%2Fe&key=12345678#x"));
  expect(redactor.redact("v=1&sig=a%2Fb%2Bc%3Dd%2Fe&key=12345678 is bad")).toBe("… is bad");
  expect(redactor.redact("signature a/b+c=d/e of 12345678 in version 1")).toBe(
    "signature … of … in version 1",
  );
});

test("a token is known however many downloads come after it", () => {
  const redactor = redactorOf("a-token-that-stays");
  for (let index = 0; index <= 1000; index += 1) {
    redactor.addQuery(new URL(`https://files.example.com/?signature=${index}-of-a-file`));
  }
  expect(redactor.redact("a-token-that-stays, 1000-of-a-file, 0-of-a-file")).toBe(
    "…, …, 0-of-a-file",
  );
});

test("the latest thousand secrets are known, and no more are kept", () => {
  const redactor = createRedactor();
  for (let index = 0; index <= 1000; index += 1) redactor.add(`secret-number-${index}-`);
  expect(redactor.redact("secret-number-0- secret-number-1- secret-number-1000-")).toBe(
    "secret-number-0- … …",
  );
});

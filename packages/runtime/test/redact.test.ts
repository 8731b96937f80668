import { describe, expect, test } from "vitest";
import { createRedactor } from "../src/redact.ts";

const secret = 's3cr+t/"key\\é';
const base64 = (text: string): string => Buffer.from(text).toString("base64");

function redactorOf(...secrets: string[]) {
  const redactor = createRedactor();
  secrets.forEach(redactor.add);
  return redactor;
}

describe("a secret is redacted", () => {
  test.each<[string, string, string?]>([
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
    ["in HTML, by name", "&amp;&lt;&gt;&quot;&apos;-key", "&<>\"'-key"],
    ["in HTML, by name in capitals", "&AMP;&LT;&GT;&QUOT;&APOS;-key", "&<>\"'-key"],
    ["in HTML, by the last number", "a-secret-&#1114111;", "a-secret-\u{10ffff}"],
  ])("%s", (_, encoded, given = secret) => {
    expect(redactorOf(given).redact(`<${encoded}> and ${encoded}.`)).toBe("<…> and ….");
  });

  test.each(["", "a", "ab", "Bearer ", "user:"])("in base64, after %j", (before) => {
    const { redact } = redactorOf(secret);
    for (const after of ["", "b", "bc"]) {
      for (const encode of [base64, (text: string) => Buffer.from(text).toString("base64url")]) {
        const redacted = redact(`<${encode(before + secret + after)}>`);
        expect(redacted).toContain("…");
        // At most a character whose bits overlap with the neighbouring text remains.
        expect(redacted.length).toBeLessThanOrEqual(
          "<…>".length + base64(before + after).length + 4,
        );
      }
    }
  });

  test("next to an invalid escape sequence", () => {
    expect(redactorOf(secret).redact(`%c0%80 İ ${secret} \\`)).toBe("%c0%80 İ … \\");
  });

  test("even if other secrets were added later, and only where it occurs", () => {
    const { redact } = redactorOf("first-secret", "second-secret");
    expect(redact("first-secret, second-secret, third-secret")).toBe("…, …, third-secret");
    expect(redactorOf("").redact("nothing")).toBe("nothing");
  });
});

test("a secret of less than eight characters is redacted only as a separate word", () => {
  const { redact } = redactorOf("cat");
  expect(redact("cat, a cat? concatenate cats; Bearer cat")).toBe(
    "…, a …? concatenate cats; Bearer …",
  );
});

test("a secret may have any length", () => {
  const long = "a-secret".repeat(50_000);
  expect(redactorOf(long).redact(`<${long}> and <${base64(long)}>`)).toMatch(/^<…> and <….{0,3}>$/);
});

test("the query of a URL is a secret, and so are its longer values", () => {
  const redactor = createRedactor();
  redactor.addQuery(new URL("https://a.example/f?v=1&sig=a%2Fb%2Bc%3Dd%2Fe&key=12345678#x"));
  redactor.addQuery(new URL("https://a.example/f?a-signature&part=1"));
  expect(redactor.redact("a-signature is bad")).toBe("… is bad");
  expect(redactor.redact("v=1&sig=a%2Fb%2Bc%3Dd%2Fe&key=12345678 is bad")).toBe("… is bad");
  expect(redactor.redact("signature a/b+c=d/e of 12345678 in version 1")).toBe(
    "signature … of … in version 1",
  );
});

test("the headers that S3 takes from a query are not secrets", () => {
  const redactor = redactorOf();
  redactor.addQuery(
    new URL("https://a.example/?id=an-export&response-content-type=application/json"),
  );
  expect(redactor.redact("an-export: application/json")).toBe("…: application/json");
});

test("a label is searched for tokens only", () => {
  const redactor = redactorOf("a-long-token");
  redactor.addQuery(new URL("https://a.example/?id=an-export"));
  expect(redactor.redactTokens("GET /an-export: a-long-token")).toBe("GET /an-export: …");
});

test("a token is still redacted after any number of downloads", () => {
  const redactor = redactorOf("a-token-that-stays");
  for (let index = 0; index <= 1000; index += 1) {
    redactor.addQuery(new URL(`https://files.example.com/?signature=${index}-of-a-file`));
  }
  expect(redactor.redact("a-token-that-stays, 1000-of-a-file, 0-of-a-file")).toBe(
    "…, …, 0-of-a-file",
  );
});

test("only the latest thousand secrets are kept", () => {
  const redactor = createRedactor();
  for (let index = 0; index <= 1000; index += 1) redactor.add(`secret-number-${index}-`);
  expect(redactor.redact("secret-number-0- secret-number-1- secret-number-1000-")).toBe(
    "secret-number-0- … …",
  );
});

test("a secret that is used again outlives those that were added in the meantime", () => {
  const redactor = redactorOf("a-token-in-use");
  for (let index = 1; index < 1000; index += 1) redactor.add(`secret-number-${index}-`);
  redactor.add("a-token-in-use");
  redactor.add("a-new-token");
  expect(redactor.redact("a-token-in-use a-new-token secret-number-1- secret-number-2-")).toBe(
    "… … secret-number-1- …",
  );
});

test("secrets are redacted in any order", () => {
  const names = ["first-secret", "second-secret", "third-secret"];
  const { redact } = redactorOf(...names);
  for (const [a, b, c] of [
    [0, 1, 2],
    [2, 1, 0],
    [1, 2, 0],
    [2, 0, 1],
  ] as const) {
    expect(redact(`${names[a]} ${names[b]} ${names[c]}`)).toBe("… … …");
  }
});

test("a secret of eight characters is redacted within words and in base64, a shorter one is not", () => {
  expect(redactorOf("abcdefgh").redact("xabcdefghx")).toBe("x…x");
  expect(redactorOf("abcdefgh").redact(`<${base64("abcdefgh")}>`)).not.toContain("YWJj");
  expect(redactorOf("abcdefg").redact("xabcdefgx abcdefg")).toBe("xabcdefgx …");
  expect(redactorOf("abcdefg").redact(base64("abcdefg"))).toBe(base64("abcdefg"));
});

test.each(["abcdefghi", "???abcdef", ">>>abcdef"])(
  "nothing is left of %j, whose base64 needs no padding",
  (name) => {
    const urlSafe = Buffer.from(name).toString("base64url");
    expect(redactorOf(name).redact(`<${base64(name)}, ${urlSafe}>`)).toBe("<…, …>");
  },
);

test("percent-encoding is undone up to four times, so that no text takes long", () => {
  const { redact } = redactorOf("pass/word");
  expect(redact("pass%2525252Fword pass%252525252Fword")).toBe("… pass%252525252Fword");
});

test("a secret is redacted in JSON that is nested more deeply than escapes are undone", () => {
  let text = 'pass"word';
  for (let depth = 0; depth < 6; depth += 1) text = JSON.stringify(text).slice(1, -1);
  expect(redactorOf('pass"word').redact(`<${text}>`)).toBe("<…>");
});

test("a secret is redacted if it ends in a backslash, or has characters of three bytes", () => {
  const { redact } = redactorOf("password\\", "€ passphrase");
  expect(redact(JSON.stringify("password\\"))).not.toContain("password");
  expect(redact(`<${encodeURIComponent("€ passphrase")}>`)).toBe("<…>");
});

test.each(["", "\\"])("the secret %j is no text that could be redacted", (name) => {
  expect(redactorOf(name, "a-secret-token").redact("an \\ and a-secret-token")).toBe("an \\ and …");
});

test("a numeric escape of HTML beyond Unicode is no escape", () => {
  const { redact } = redactorOf("a-secret-token");
  expect(redact("&#1114112; &#xffffff; &#abc; a&#45;secret&#x2D;token")).toBe(
    "&#1114112; &#xffffff; &#abc; …",
  );
});

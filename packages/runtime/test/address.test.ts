import { expect, test } from "vitest";
import { checkBaseUrl, encodeSegment, findUrlFault, isPrivateHost } from "../src/address.ts";

test.each([
  // IANA's special-purpose IPv4 registry: the first and last address of each range.
  ["0.0.0.0", "0.255.255.255"],
  ["10.0.0.0", "10.255.255.255"],
  ["100.64.0.0", "100.127.255.255"],
  ["100.70.0.1", "100.115.0.1"],
  ["127.0.0.1", "127.255.255.255"],
  ["169.254.0.0", "169.254.255.255"],
  ["172.16.0.0", "172.31.255.255"],
  ["172.20.0.1", "172.29.0.1"],
  ["192.0.0.0", "192.0.0.255"],
  ["192.0.2.0", "192.0.2.255"],
  ["192.168.0.0", "192.168.255.255"],
  ["198.18.0.0", "198.19.255.255"],
  ["198.51.100.0", "198.51.100.255"],
  ["203.0.113.0", "203.0.113.255"],
  ["224.0.0.0", "239.255.255.255"],
  ["240.0.0.0", "255.255.255.255"],
  // IPv6: unspecified, loopback, embedded IPv4, local, multicast, protocol assignments, unassigned.
  ["[::]", "[::1]"],
  ["[::7f00:1]", "[::ffff:7f00:1]"],
  ["[::ffff:a00:0]", "[::ffff:c0a8:101]"],
  ["[::ffff:0:0]", "[::ffff:0:7f00:1]"],
  ["[64:ff9b::7f00:1]", "[64:ff9b:1::1]"],
  ["[100::1]", "[1fff::1]"],
  ["[2001::1]", "[2001:1ff:ffff::1]"],
  ["[2001:10::1]", "[2001:20::1]"],
  ["[2001:db8::1]", "[2001:db8:ffff::1]"],
  ["[2002:7f00:1::]", "[2002:808:808::1]"],
  ["[3fff::1]", "[4000::1]"],
  ["[fc00::1]", "[fdff::1]"],
  ["[fc00:2606::1]", "[::ffff:808:808:1]"],
  ["[fd00:ec2::254]", "[fe80::1]"],
  ["[fec0::1]", "[ff02::1]"],
  // In the form that a DNS lookup returns.
  ["fe80::1%eth0", "::ffff:127.0.0.1"],
  // Names.
  ["localhost", "localhost."],
  ["a.localhost", "LOCALHOST.."],
  ["printer.local", "metadata.google.internal"],
  ["router.home.arpa", "intranet"],
])("%s and %s are private", (first, last) => {
  expect([isPrivateHost(first), isPrivateHost(last)]).toEqual([true, true]);
});

test.each([
  ["1.0.0.0", "9.255.255.255"],
  ["11.0.0.0", "100.63.255.255"],
  ["100.128.0.0", "126.255.255.255"],
  ["128.0.0.0", "169.253.255.255"],
  ["169.255.0.0", "172.15.255.255"],
  ["172.32.0.0", "191.255.255.255"],
  ["192.0.1.0", "192.0.3.0"],
  ["192.167.255.255", "192.169.0.0"],
  ["198.17.255.255", "198.20.0.0"],
  ["198.51.99.255", "198.51.101.0"],
  ["203.0.112.255", "203.0.114.0"],
  ["204.0.0.0", "223.255.255.255"],
  ["[2001:200::1]", "[2001:4860:4860::8888]"],
  ["[2606:4700::1111]", "[2a00:1450::1]"],
  ["[::ffff:808:808]", "[64:ff9b::808:808]"],
  ["[2606:4700::ffff:a00:1]", "[2606:2002::1]"],
  ["example.com", "10.example.com"],
  ["a.local.example.com", "10.0.0.1.example.com"],
  ["localhost.example.com", "mylocal.org"],
])("%s and %s are public", (first, last) => {
  expect([isPrivateHost(first), isPrivateHost(last)]).toEqual([false, false]);
});

const base = new URL("https://api.example.com/v1");

test.each([
  ["https://files.example.com/a?signature=secret", undefined],
  ["https://api.example.com/a", undefined],
  ["http://api.example.com/a", "http: is not https"],
  ["http://files.example.com/", "http: is not https"],
  ["file:///etc/passwd", "file: is not https"],
  ["data:,{}", "data: is not https"],
  ["blob:https://api.example.com/1", "blob: is not https"],
  ["https://user@files.example.com/", "it contains a user name or a password"],
  ["https://:secret@api.example.com/", "it contains a user name or a password"],
  ["https://2130706433/", "127.0.0.1 is not on the public internet"],
  ["https://0x7f.0.0.1/", "127.0.0.1 is not on the public internet"],
  ["https://017700000001/", "127.0.0.1 is not on the public internet"],
  ["https://127.1/", "127.0.0.1 is not on the public internet"],
])("the fault of %s is %j", (address, fault) => {
  expect(findUrlFault(new URL(address), base)).toBe(fault);
});

test("the API's own origin may be private", () => {
  expect(findUrlFault(new URL("http://127.0.0.1:80/a"), new URL("http://127.0.0.1"))).toBe(
    undefined,
  );
  expect(findUrlFault(new URL("http://127.0.0.1:81/a"), new URL("http://127.0.0.1"))).not.toBe(
    undefined,
  );
});

test.each([
  "https://example.com",
  "https://example.com:8443/v1",
  "http://localhost",
  "http://localhost:8080/v1",
  "http://127.0.0.1",
  "http://127.255.10.1:1",
  "http://[::1]",
])("%s can be a base URL", (address) => {
  expect(checkBaseUrl(address).href).toBe(new URL(address).href);
});

test.each([
  "http://example.com",
  "http://example.com/https://example.com",
  "http://example.com/http://localhost/",
  "http://localhost.example.com",
  "http://127.0.0.1.example.com",
  "http://127.example.com",
  "ftp://127.0.0.1",
  "xhttps://example.com",
  "ws:http://localhost/",
])("%s cannot be a base URL, and the message says why and what to do", (address) => {
  const { href } = new URL(address);
  const message = `baseUrl ${href} would send the token unencrypted; use https, or name the host of a test server in insecureHosts`;
  expect(() => checkBaseUrl(address)).toThrow(new TypeError(message));
});

test("only hosts listed in insecureHosts may be reached over http", () => {
  expect(checkBaseUrl("http://mock:4010", ["mock"]).href).toBe("http://mock:4010/");
  for (const address of ["http://mock.example.com", "http://amock", "ftp://mock"]) {
    expect(() => checkBaseUrl(address, ["mock"])).toThrow(/unencrypted/);
  }
});

test.each(["example.com", "", "//example.com"])(
  "%j has no scheme, and is not a base URL",
  (address) => {
    expect(() => checkBaseUrl(address)).toThrow(/^baseUrl is not a URL; write it like https:/);
  },
);

test.each([
  "https://example.com/?a=secret",
  "https://example.com/#secret",
  "https://example.com/?",
  "https://example.com/a#",
])("%s is refused for its query or fragment, and not quoted", (address) => {
  const message = "baseUrl must not contain a user name, a password, a query or a fragment";
  expect(() => checkBaseUrl(address)).toThrow(new TypeError(message));
});

test.each(["https://user@example.com", "https://:secret@example.com", "https://u:p@example.com"])(
  "%s is refused for its credentials, and not quoted",
  (address) => {
    const message = "baseUrl must not contain a user name, a password, a query or a fragment";
    expect(() => checkBaseUrl(address)).toThrow(new TypeError(message));
  },
);

test.each([
  ["a.b", "a.b"],
  ["..a", "..a"],
  ["-_~", "-_~"],
  ["a b", "a%20b"],
  ["a?b#c", "a%3Fb%23c"],
  ["\u00e9", "%C3%A9"],
  ["100%", "100%25"],
  [7, "7"],
  [1n, "1"],
  [false, "false"],
])("%s is encoded as a single path segment", (value, encoded) => {
  expect(encodeSegment("id", value)).toBe(encoded);
});

test.each<unknown>([
  "",
  ".",
  "..",
  "...",
  "a/b",
  "a\\b",
  "%2e%2e",
  "%2F",
  "%5c",
  "a\n",
  "\u007f",
  null,
  undefined,
])("%j would change the path, and is quoted in the error", (value) => {
  const message = `id ${JSON.stringify(value)} cannot be sent in a path: it is empty, not text, or would change the path`;
  expect(() => encodeSegment("id", value)).toThrow(new TypeError(message));
});

test("the query of a URL is not quoted: it may grant access", () => {
  const value = "https://example.com/file?a=1\n&signature=2";
  expect(() => encodeSegment("id", value)).toThrow(
    'id "https://example.com/file?…" cannot be sent',
  );
});

test("a host whose name only ends like one of this machine is not on loopback", () => {
  for (const host of ["notlocalhost", "a.127.0.0.1.example"]) {
    expect(() => checkBaseUrl(`http://${host}`)).toThrow("unencrypted");
  }
});

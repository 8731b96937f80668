import { generateKeyPairSync, sign } from "node:crypto";

const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
};
const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);
const text = (tag: number, value: string): Buffer => der(tag, Buffer.from(value));
const bits = (value: Uint8Array): Buffer => der(0x03, Buffer.of(0), value);
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, "hex"));

const [commonName, ecdsaWithSha256] = ["550403", "2a8648ce3d040302"];

/** Makes a certificate that nobody has reason to trust (RFC 5280 §4.1), and its key, in PEM. */
export function makeCertificate(): { readonly cert: string; readonly key: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const name = sequence(der(0x31, sequence(oid(commonName), text(0x0c, "localhost"))));
  const algorithm = sequence(oid(ecdsaWithSha256));
  const content = sequence(
    der(0x02, Buffer.of(1)),
    algorithm,
    name,
    sequence(text(0x17, "250101000000Z"), text(0x17, "491231235959Z")),
    name,
    publicKey.export({ type: "spki", format: "der" }),
  );
  const certificate = sequence(content, algorithm, bits(sign("sha256", content, privateKey)));
  const lines = certificate.toString("base64").match(/.{1,64}/g) ?? [];
  return {
    cert: ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----"].join("\n"),
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

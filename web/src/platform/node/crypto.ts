/** SHA-256 under node:crypto's name, so that a model has the same fingerprint in the browser as on the command line. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

export function createHash(algorithm: string) {
  if (algorithm !== "sha256") throw new RangeError(`Expected sha256, got ${algorithm}.`);
  const hash = sha256.create();
  const made = {
    update(data: string | Uint8Array) {
      hash.update(typeof data === "string" ? utf8ToBytes(data) : data);
      return made;
    },
    digest: (_encoding: "hex") => bytesToHex(hash.digest()),
  };
  return made;
}

export function randomUUID(): string {
  return crypto.randomUUID();
}

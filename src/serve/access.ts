/**
 * Who may talk to the server. With a key: whoever has it. Without one, which only a loopback address allows: programs of
 * this machine, but no web page that a browser on it happens to show.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { ApiError } from "./api-error.ts";

export type Access = (headers: IncomingHttpHeaders) => void;

/** Is the address this machine's own, whatever the network? */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** Throws ApiError on a request that lacks the key. Keys are compared in a time that does not tell how much of one is right. */
export function withKey(key: string): Access {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  const expected = digest(key);
  return ({ authorization }) => {
    const given = /^Bearer +(\S+) *$/i.exec(authorization ?? "")?.[1];
    if (given !== undefined && timingSafeEqual(digest(given), expected)) return;
    const problem =
      given === undefined ? "Expected the header Authorization: Bearer KEY, got none." : "Incorrect API key.";
    throw new ApiError(401, problem, { code: "invalid_api_key", headers: { "www-authenticate": "Bearer" } });
  };
}

/**
 * Throws ApiError on a request whose Host is a name that is not this machine's: a page whose name was made to point at
 * 127.0.0.1 (DNS rebinding) sends its own.
 */
export function fromThisMachine(address: string): Access {
  return ({ host = "" }) => {
    const name = host
      .replace(/:\d*$/, "")
      .replace(/^\[(.*)\]$/, "$1")
      .toLowerCase();
    if (isLoopback(name) || name === address) return;
    throw new ApiError(
      403,
      `Expected the Host of this machine, got "${host.slice(0, 100)}". Ask for http://${address} itself, or start the server with an API key.`,
      { code: "wrong_host" },
    );
  };
}

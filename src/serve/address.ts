/**
 * Which addresses a server may fetch from on a stranger's word: those of the public internet.
 *
 * Ranges: IANA's special-purpose address registries for IPv4 and IPv6 (RFC 6890 and what came after it).
 */
import { BlockList, isIP } from "node:net";

/** Loopback and private networks: what --allow-private-network lets in. */
const ownNetworks = [
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "::1/128",
  "fc00::/7",
];

/** Never fetched from: this host, link-local (the metadata services of clouds among them), multicast, documentation, future use. */
const noHosts = [
  "0.0.0.0/8",
  "169.254.0.0/16",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
  "::/128",
  "100::/64",
  "2001:2::/48",
  "2001:db8::/32",
  "3fff::/20",
  "5f00::/16",
  "fe80::/10",
  "fec0::/10",
  "ff00::/8",
  // The metadata service of Amazon's cloud lies within fc00::/7.
  "fd00:ec2::254/128",
];

/** IPv6 ranges that carry an IPv4 address on to somewhere else; nobody needs them to fetch a file. */
const carriers = ["::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/23", "2002::/16"];

const own = blockList(ownNetworks);
const never = blockList([...noHosts, ...carriers]);

export type AddressKind = "public" | "private" | "forbidden";

/** What an address is good for. Text that is no address is forbidden; an IPv4 address written as IPv6 counts as itself. */
export function addressKind(address: string): AddressKind {
  const mapped = mappedIPv4(address);
  if (mapped !== null) return addressKind(mapped);
  const version = isIP(address);
  if (version === 0) return "forbidden";
  const family = version === 4 ? "ipv4" : "ipv6";
  if (family === "ipv6" && address === "::1") return "private";
  if (never.check(address, family)) return "forbidden";
  return own.check(address, family) ? "private" : "public";
}

/** The IPv4 address in ::ffff:a.b.c.d, also where it is written in hexadecimal. */
function mappedIPv4(address: string): string | null {
  if (isIP(address) !== 6) return null;
  // URL writes an IPv6 address in its one canonical way.
  const canonical = new URL(`http://[${address.replace(/%.*$/, "")}]/`).hostname.slice(1, -1);
  const words = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical);
  if (words === null) return null;
  const [high, low] = [Number.parseInt(words[1] as string, 16), Number.parseInt(words[2] as string, 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

function blockList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [network, bits] = range.split("/") as [string, string];
    list.addSubnet(network, Number(bits), isIP(network) === 4 ? "ipv4" : "ipv6");
  }
  return list;
}

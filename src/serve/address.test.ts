/** Addresses and what they are; the oracle is IANA's registries, an address inside each range and its neighbours outside. */
import { expect, test } from "vitest";
import { addressKind } from "./address.ts";

test.each([
  "8.8.8.8",
  "1.1.1.1",
  "172.32.0.1",
  "172.15.255.255",
  "100.128.0.1",
  "11.0.0.0",
  "192.169.0.1",
  "223.255.255.255",
])("%s is public", (address) => expect(addressKind(address)).toBe("public"));
test.each(["2606:4700::1111", "2a00:1450:4001::200e", "::ffff:8.8.8.8"])("%s is public", (address) =>
  expect(addressKind(address)).toBe("public"),
);
test.each([
  ...["10.0.0.1", "10.255.255.255", "127.0.0.1", "127.9.9.9", "172.16.0.1", "172.31.255.255", "192.168.1.1"],
  ...["100.64.0.1", "198.19.0.1", "::1", "fd12:3456::1", "::ffff:10.0.0.1", "::ffff:7f00:1", "0:0:0:0:0:ffff:c0a8:101"],
])("%s is private", (address) => expect(addressKind(address)).toBe("private"));
test.each([
  ...[
    "0.0.0.0",
    "0.1.2.3",
    "169.254.169.254",
    "224.0.0.1",
    "255.255.255.255",
    "240.0.0.1",
    "192.0.2.7",
    "198.51.100.1",
  ],
  ...["::", "fe80::1", "fe80::1%eth0", "ff02::1", "2001:db8::1", "64:ff9b::7f00:1", "2002:7f00:1::", "::127.0.0.1"],
  ...["::ffff:169.254.169.254", "2001:0:53aa::1", "fd00:ec2::254", "localhost", "", "1.2.3", "256.1.1.1"],
])("%j is never fetched from", (address) => expect(addressKind(address)).toBe("forbidden"));

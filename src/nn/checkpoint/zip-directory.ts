/**
 * Where the uncompressed entries of a zip archive lie. torch.save stores tensors so, which lets them be read in place;
 * compressed entries (the code of TorchScript) are left out. Format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT (4.3.12 to 4.3.16, Zip64 included).
 */

/** `begin` is the first byte of an entry's content in the file. */
export type ZipEntry = Readonly<{ name: string; begin: number; size: number }>;

/** Reads `length` bytes at a position of the archive. */
export type ReadAt = (position: number, length: number) => Buffer;

const endBytes = 22;
const longestComment = 65_535;

/** The entries by name. Throws an Error when the file is no such archive. */
export function zipEntries(size: number, readAt: ReadAt, where: string): Map<string, ZipEntry> {
  const broken = (what: string) =>
    new Error(
      `Expected a zip archive as torch.save writes it since PyTorch 1.6 at ${where}, got ${what}. Copy it again, or save it with a newer PyTorch.`,
    );
  const tailBytes = Math.min(size, endBytes + longestComment);
  const tail = readAt(size - tailBytes, tailBytes);
  const end = tail.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  if (end < 0 || end + endBytes > tail.length) throw broken("no end of a directory");
  let count = tail.readUInt16LE(end + 10);
  let directoryBytes = tail.readUInt32LE(end + 12);
  let directoryAt = tail.readUInt32LE(end + 16);
  const locator = end - 20;
  if (locator >= 0 && tail.toString("latin1", locator, locator + 4) === "PK\x06\x07") {
    const record = readAt(Number(tail.readBigUInt64LE(locator + 8)), 56);
    count = Number(record.readBigUInt64LE(32));
    directoryBytes = Number(record.readBigUInt64LE(40));
    directoryAt = Number(record.readBigUInt64LE(48));
  }
  if (directoryAt + directoryBytes > size) throw broken("a directory beyond its end");
  const directory = readAt(directoryAt, directoryBytes);
  const entries = new Map<string, ZipEntry>();
  for (let at = 0, n = 0; n < count; n++) {
    if (directory.toString("latin1", at, at + 4) !== "PK\x01\x02") throw broken("a damaged directory");
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((offset) => directory.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    const name = directory.toString("utf8", at + 46, at + 46 + nameBytes);
    const isStored = directory.readUInt16LE(at + 10) === 0;
    const extra = directory.subarray(at + 46 + nameBytes, at + 46 + nameBytes + extraBytes);
    const sizes = { size: directory.readUInt32LE(at + 24), stored: directory.readUInt32LE(at + 20) };
    const place = wideNumbers(extra, { ...sizes, header: directory.readUInt32LE(at + 42) });
    const header = readAt(place.header, 30);
    const begin = place.header + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
    if (isStored) entries.set(name, { name, begin, size: place.size });
    at += 46 + nameBytes + extraBytes + commentBytes;
  }
  return entries;
}

type Place = { size: number; stored: number; header: number };

/** Numbers that did not fit 32 bits stand in the Zip64 extra field, in this order, only as many as did not fit. */
function wideNumbers(extra: Buffer, narrow: Place): Place {
  const place = { ...narrow };
  for (let at = 0; at + 4 <= extra.length; ) {
    const length = extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === 1) {
      let next = at + 4;
      for (const key of ["size", "stored", "header"] as const) {
        if (narrow[key] !== 0xffffffff) continue;
        place[key] = Number(extra.readBigUInt64LE(next));
        next += 8;
      }
    }
    at += 4 + length;
  }
  return place;
}

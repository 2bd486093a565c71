/** Which codecs can be decoded on this machine: those of frame-decoder.ts for which the libraries here have a decoder. */
import type { FFDecoderCodec } from "node-av/constants";
import { decoderNames } from "./frame-decoder.ts";
import { loadLibav } from "./libraries.ts";

/** WebCodecs' short names, in the order of frame-decoder.ts. Throws where the native library does not load. */
export async function decodableCodecs(): Promise<string[]> {
  const av = await loadLibav();
  const isThere = (name: string) => av.Codec.findDecoderByName(name as FFDecoderCodec) !== null;
  return Object.entries(decoderNames).flatMap(([codec, names]) => (names.some(isThere) ? [codec] : []));
}

/**
 * How much a client may ask for. Every limit has a default that suits a laptop; `zoetrope serve` has a flag for those that
 * people change.
 */
export type ServeLimits = Readonly<{
  /** Requests that wait at most, those being read and decoded included; one more is told to come back (429). */
  waiting: number;
  /** Bytes of a request's body. */
  bodyBytes: number;
  /** Bytes of one file that is fetched from a URL. */
  fetchBytes: number;
  /** Bytes of bodies and fetched files that all requests together hold at a time. */
  heldBytes: number;
  /** Bytes of decoded pictures of all requests together; beyond them decoding waits for answers. */
  decodedBytes: number;
  /** Objects, lists and their entries in a body's JSON: what parsing costs, as strings are cheap. */
  jsonItems: number;
  /** Pictures and video frames that a request shows. */
  frames: number;
  /** Width times height of a picture, or of a video's frames. */
  pixels: number;
  /** Length of a video. */
  videoSeconds: number;
  /** Frames of a video file, shown or not. */
  videoFrames: number;
  /** Longest answer that a request may ask for, in tokens. */
  answerTokens: number;
  /** From the first byte of a request to the last of its head, and of its body. */
  headMs: number;
  bodyMs: number;
  /** Fetching a URL, all redirects included. */
  fetchMs: number;
  /** Decoding the pictures or the video of one part. */
  decodeMs: number;
  /** From a request's arrival to its answer. */
  requestMs: number;
  /** How long a closing server waits for the requests that it has taken on. */
  graceMs: number;
}>;

const MiB = 2 ** 20;

export const defaultLimits: ServeLimits = {
  waiting: 256,
  bodyBytes: 64 * MiB,
  fetchBytes: 256 * MiB,
  heldBytes: 1024 * MiB,
  decodedBytes: 512 * MiB,
  jsonItems: 100_000,
  frames: 256,
  pixels: 36_000_000,
  videoSeconds: 4 * 3600,
  videoFrames: 1_000_000,
  answerTokens: 4096,
  headMs: 10_000,
  bodyMs: 60_000,
  fetchMs: 30_000,
  decodeMs: 60_000,
  requestMs: 300_000,
  graceMs: 30_000,
};

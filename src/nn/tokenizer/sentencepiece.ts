/**
 * Llama's tokenizer.model, a BPE of SentencePiece, as the tokenizer.json that transformers would convert it to.
 *
 * The file is a protocol buffer (https://github.com/google/sentencepiece/blob/master/src/sentencepiece_model.proto): pieces with
 * scores, ids by their order. Its merges are not written down: two pieces merge where they spell a third, best score first.
 */

const types = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 } as const;
type Piece = Readonly<{ text: string; score: number; type: number }>;

/** The content of tokenizer.json. Throws an Error for other kinds of SentencePiece model (unigram). */
export function sentencepieceTokenizer(bytes: Uint8Array, where: string): Record<string, unknown> {
  const { pieces, isBpe, hasPrefix } = readModel(bytes, where);
  if (!isBpe) {
    throw new Error(
      `Expected a BPE model of SentencePiece in ${where}, got another kind. Add the model's tokenizer.json.`,
    );
  }
  const special = pieces.flatMap(({ text, type }, id) =>
    type === types.unknown || type === types.control || type === types.userDefined
      ? [{ id, content: text, special: type !== types.userDefined, ...plain }]
      : [],
  );
  const unknown = pieces.find(({ type }) => type === types.unknown)?.text ?? null;
  const space = { type: "Replace", pattern: { String: " " }, content: "▁" };
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: special,
    normalizer: { type: "Sequence", normalizers: [...(hasPrefix ? [{ type: "Prepend", prepend: "▁" }] : []), space] },
    pre_tokenizer: null,
    post_processor: null,
    decoder: {
      type: "Sequence",
      decoders: [
        { type: "Replace", pattern: { String: "▁" }, content: " " },
        { type: "ByteFallback" },
        { type: "Fuse" },
        ...(hasPrefix ? [{ type: "Strip", content: " ", start: 1, stop: 0 }] : []),
      ],
    },
    model: {
      type: "BPE",
      dropout: null,
      unk_token: unknown,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: true,
      byte_fallback: pieces.some(({ type }) => type === types.byte),
      ignore_merges: false,
      vocab: Object.fromEntries(pieces.map(({ text }, id) => [text, id])),
      merges: mergesOf(pieces),
    },
  };
}

const plain = { single_word: false, lstrip: false, rstrip: false, normalized: false };

/** Every pair of pieces that spells a third, by the third's score; of one piece's pairs the earlier pieces first. */
function mergesOf(pieces: readonly Piece[]): [string, string][] {
  const scores = new Map(pieces.flatMap(({ text, type, score }) => (type === types.normal ? [[text, score]] : [])));
  const ids = new Map(pieces.map(({ text }, id) => [text, id]));
  const merges: { left: string; right: string; score: number }[] = [];
  for (const [text, score] of scores) {
    const characters = Array.from(text);
    const pairs = characters.flatMap((_, cut) => {
      const [left, right] = [characters.slice(0, cut).join(""), characters.slice(cut).join("")];
      return scores.has(left) && scores.has(right) ? [{ left, right, score }] : [];
    });
    const order = ({ left, right }: (typeof pairs)[number]) =>
      [ids.get(left) as number, ids.get(right) as number] as const;
    pairs.sort((a, b) => order(a)[0] - order(b)[0] || order(a)[1] - order(b)[1]);
    merges.push(...pairs);
  }
  // The sort is stable, so that equal scores keep the order of the pieces.
  return merges.sort((a, b) => b.score - a.score).map(({ left, right }) => [left, right]);
}

function readModel(bytes: Uint8Array, where: string): { pieces: Piece[]; isBpe: boolean; hasPrefix: boolean } {
  const pieces: Piece[] = [];
  let isBpe = false;
  let hasPrefix = true;
  try {
    for (const { field, bytes: inner } of fields(bytes)) {
      if (inner === undefined) continue;
      // ModelProto: 1 pieces, 2 trainer_spec, 3 normalizer_spec.
      if (field === 1) pieces.push(readPiece(inner));
      for (const each of field === 2 || field === 3 ? fields(inner) : []) {
        if (field === 2 && each.field === 3) isBpe = each.number === 2;
        if (field === 3 && each.field === 3) hasPrefix = each.number !== 0;
      }
    }
  } catch (error) {
    throw new Error(
      `Expected a SentencePiece model in ${where}, got ${(error as Error).message}. Copy the file again.`,
    );
  }
  if (pieces.length === 0) throw new Error(`Expected a SentencePiece model in ${where}, got no pieces. Copy it again.`);
  return { pieces, isBpe, hasPrefix };
}

function readPiece(bytes: Uint8Array): Piece {
  let [text, score, type] = ["", 0, types.normal as number];
  for (const { field, bytes: inner, number } of fields(bytes)) {
    if (field === 1 && inner) text = new TextDecoder().decode(inner);
    if (field === 2 && inner) score = new DataView(inner.buffer, inner.byteOffset, 4).getFloat32(0, true);
    if (field === 3 && number !== undefined) type = number;
  }
  return { text, score, type };
}

type Field = Readonly<{ field: number; number?: number; bytes?: Uint8Array }>;

/** The fields of a protocol buffer message: varints as numbers, everything else as bytes. */
function* fields(bytes: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++];
      if (byte === undefined) throw new RangeError("the end of the file in mid-field");
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const [field, wire] = [Math.floor(tag / 8), tag % 8];
    if (wire === 0) {
      yield { field, number: varint() };
      continue;
    }
    const length = wire === 1 ? 8 : wire === 5 ? 4 : wire === 2 ? varint() : Number.NaN;
    if (!(at + length <= bytes.length)) throw new RangeError("the end of the file in mid-field");
    yield { field, bytes: bytes.subarray(at, at + length) };
    at += length;
  }
}

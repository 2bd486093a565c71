/** One context and as many different questions about it as there is room for. */
import type { Sequence } from "../../src/nn/models/index.ts";
import { conversation, type Piece, type sequencer, type Turn } from "../micro/lesson.ts";

type Encode = ReturnType<typeof sequencer>;

/** Different turns about one context until the room is full; at least one. */
export function filled(encode: Encode, context: string, length: number, draw: () => Turn): Sequence {
  const asked = new Set<string>();
  const first = draw();
  asked.add(first.ask);
  const pieces: Piece[] = conversation(context, [first]);
  let count = encode(pieces).ids.length;
  for (let misses = 0; misses < 3; ) {
    const turn = draw();
    const added = conversation("", [turn]).slice(1);
    const more = encode(added).ids.length;
    if (asked.has(turn.ask) || count + more > length) {
      misses++;
      continue;
    }
    asked.add(turn.ask);
    pieces.push(...added);
    count += more;
  }
  return encode(pieces);
}

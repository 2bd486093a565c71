/** Reference kernel: rotary positions. */
import { at, build, type Kernel, operand, resultShape, type Value } from "./kernel.ts";

export const rotary: Readonly<Record<string, Kernel>> = {
  RotaryEmbedding: (inputs, node) => {
    const [x, positions, cosines, sines] = [0, 1, 2, 3].map((i) => operand(inputs, i)) as Four;
    const half = cosines.shape[1] as number;
    return [
      build(resultShape(node), (index) => {
        const [b, t, c] = index as [number, number, number];
        const pair = c % half;
        const isFirst = c % (2 * half) < half;
        const partner = at(x, [b, t, isFirst ? c + half : c - half]);
        const angle = [at(positions, [b, t]), pair];
        return at(x, index) * at(cosines, angle) + (isFirst ? -partner : partner) * at(sines, angle);
      }),
    ];
  },
};

type Four = [Value, Value, Value, Value];

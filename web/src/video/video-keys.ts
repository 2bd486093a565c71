/** Keys that every page with a video has. */
import type { Span } from "zoetrope/core/time";
import type { KeyAction } from "../app/keys.ts";
import type { Player } from "./use-player.ts";

type Moments = Readonly<{
  current: Span | null;
  /** Choose the next (1) or the previous (-1) moment. */
  goTo: (offset: number) => void;
}>;

export function playerKeys(player: Player, { current, goTo }: Moments): KeyAction[] {
  return [
    { keys: [" "], does: "play or pause", run: player.toggle },
    { keys: ["Shift+ArrowLeft"], does: "a second back", run: () => player.seek(player.time - 1) },
    { keys: ["Shift+ArrowRight"], does: "a second forth", run: () => player.seek(player.time + 1) },
    { keys: ["ArrowLeft"], does: "a frame back", run: () => player.step(-1) },
    { keys: ["ArrowRight"], does: "a frame forth", run: () => player.step(1) },
    { keys: ["Enter"], does: "play the chosen moment", run: () => current && player.playSpan(current) },
    { keys: ["n"], does: "next moment", run: () => goTo(1) },
    { keys: ["p"], does: "previous moment", run: () => goTo(-1) },
  ];
}

/** Keys that move the edges of the chosen moment. `move` is given the second where the edge is to lie. */
export function edgeKeys(
  player: Player,
  current: Span | null,
  move: (edge: "start" | "end", seconds: number) => void,
): KeyAction[] {
  const nudge = (edge: "start" | "end", frames: number) => () => {
    if (current !== null) move(edge, player.frameTime(current[edge], frames));
  };
  const here = (edge: "start" | "end") => () => {
    if (current !== null) move(edge, player.time);
  };
  return [
    { keys: [","], does: "start earlier", run: nudge("start", -1) },
    { keys: ["."], does: "start later", run: nudge("start", 1) },
    { keys: ["Shift+<", "Shift+,", "<"], does: "end earlier", run: nudge("end", -1) },
    { keys: ["Shift+>", "Shift+.", ">"], does: "end later", run: nudge("end", 1) },
    { keys: ["["], does: "start here", run: here("start") },
    { keys: ["]"], does: "end here", run: here("end") },
  ];
}

/** The moment that is `offset` places from the chosen one, round and round. */
export function neighbour<T extends Readonly<{ id: string }>>(
  moments: readonly T[],
  chosen: string | null,
  offset: number,
): T | undefined {
  const at = moments.findIndex(({ id }) => id === chosen);
  return moments[(at + offset + moments.length) % Math.max(1, moments.length)];
}

/** What the observer expects shapes to look like: outlines of pictures of them, large and alone. */
import { renderFilmFrame, type Shape, type Shot } from "../../world/index.ts";
import { look } from "./observer.fixture.ts";

const known = new Map<Shape, Float64Array>();

/** The outline of an upright shape, per angle. */
export function renderedOutline(shape: Shape): Float64Array {
  const outline = known.get(shape) ?? drawn(shape);
  known.set(shape, outline);
  return outline;
}

function drawn(shape: Shape): Float64Array {
  const actor = { colour: "white", texture: "plain", size: "medium", brightness: "bright", tilt: 0, acts: [] } as const;
  const shot = {
    ...{ seed: 1, fps: 8, frames: 1, background: "black", camera: { move: "still" } },
    actors: [{ ...actor, shape, home: [0.5, 0.5] }],
  } as const satisfies Shot;
  return look(renderFilmFrame({ cut: "shot", shot }, 0, { width: 64, height: 64 })).outline;
}

/**
 * How numbers are drawn for a model that sees 32 x 32 pixels: larger than the paper's 40 px of 336, or no digit would be left.
 */
import type { OverlayStyle } from "../../src/media/overlay/index.ts";
import { videoSize } from "../micro/pictures.ts";

/** Of the frame's shorter side. */
export const numberScale = 5 / 16;

export const numberStyle: OverlayStyle = { fontSize: numberScale * videoSize.height };

/** What is drawn on frames before a model sees them: numbers and clocks, from an outline table instead of a font. */
export { drawText, drawTextOnto } from "./draw-text.ts";
export { layOutText, type TextLayout } from "./layout.ts";
export {
  type OverlayColor,
  type OverlayPosition,
  type OverlayStyle,
  overlayColors,
  overlayPositions,
  type Rgb,
} from "./style.ts";
export {
  clockLabels,
  everyNth,
  type Labelling,
  numbersByIndex,
  numbersByPlace,
  numbersByTime,
  type VisualPrompt,
  visualPrompt,
} from "./visual-prompt.ts";
export { type WriteOverlayOptions, type WrittenOverlay, writeOverlay } from "./write-overlay.ts";

export { decodeImage, encodeJpeg, encodePng } from "./codec.ts";
export { type ResizeFilter, resizeImage } from "./resize.ts";
export { hstack, type RgbaImage, rgbaImage } from "./rgba-image.ts";

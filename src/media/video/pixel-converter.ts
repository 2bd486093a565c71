/**
 * Native frames to upright RGBA with square pixels, at any size, in one libavfilter graph.
 *
 * The graph honours the frame's colour matrix and range (BT.601 where the stream names none, as FFmpeg does) and is rebuilt
 * only when the decoder changes size or format in mid-stream.
 */
import type { FilterContext, FilterGraph, Frame } from "node-av/lib";
import { type RgbaImage, rgbaImage } from "../image/index.ts";
import { allocateFrame, freeFrame, type Libav } from "./libraries.ts";

/** How stored pixels become shown ones: rotate clockwise by degrees, then mirror left to right. */
export type Orientation = Readonly<{ rotation: 0 | 90 | 180 | 270; flip: boolean }>;

const turns: Readonly<Record<Orientation["rotation"], readonly string[]>> = {
  0: [],
  90: ["transpose=clock"],
  180: ["hflip", "vflip"],
  270: ["transpose=cclock"],
};

type Graph = Readonly<{ key: string; graph: FilterGraph; source: FilterContext; sink: FilterContext }>;

export class PixelConverter {
  readonly #av: Libav;
  readonly #width: number;
  readonly #height: number;
  readonly #orientation: Orientation;
  readonly #output: Frame;
  #graph: Graph | null = null;

  /** Width and height of the images that come out, after rotation. */
  constructor(av: Libav, width: number, height: number, orientation: Orientation) {
    this.#av = av;
    this.#width = width;
    this.#height = height;
    this.#orientation = orientation;
    this.#output = allocateFrame(av);
  }

  /** The frame as an image of its own memory; the frame itself is left as it is. */
  convert(frame: Frame): RgbaImage {
    const { source, sink } = this.#graphFor(frame);
    const keepReference = 8; // AV_BUFFERSRC_FLAG_KEEP_REF
    check(this.#av, source.buffersrcAddFrameSync(frame, keepReference as never), "cannot convert a frame");
    check(this.#av, sink.buffersinkGetFrameSync(this.#output), "cannot convert a frame");
    const image = copyRgba(this.#output, this.#width, this.#height);
    this.#output.unref();
    return image;
  }

  close(): void {
    this.#graph?.graph.free();
    freeFrame(this.#output);
  }

  #graphFor(frame: Frame): Graph {
    const { width, height, format, colorSpace, colorRange } = frame;
    const key = [width, height, format, colorSpace, colorRange].join("/");
    if (this.#graph?.key === key) return this.#graph;
    this.#graph?.graph.free();
    const graph = new this.#av.FilterGraph();
    graph.alloc();
    const source = filter(this.#av, graph, "buffer", {
      video_size: `${width}x${height}`,
      pix_fmt: format,
      time_base: "1/1",
      pixel_aspect: "1/1",
      colorspace: colorSpace,
      range: colorRange,
    });
    const sink = filter(this.#av, graph, "buffersink", {});
    const { FilterInOut } = this.#av;
    const outputs = FilterInOut.createList([{ name: "in", filterCtx: source, padIdx: 0 }]);
    const inputs = FilterInOut.createList([{ name: "out", filterCtx: sink, padIdx: 0 }]);
    check(this.#av, graph.parsePtr(`[in]${this.#chain()}[out]`, inputs, outputs), "cannot build the pixel converter");
    check(this.#av, graph.configSync(), "cannot build the pixel converter");
    this.#graph = { key, graph, source, sink };
    return this.#graph;
  }

  /** Scale first, in the stored orientation: turning the small picture is cheaper. */
  #chain(): string {
    const { rotation, flip } = this.#orientation;
    const lying = rotation === 90 || rotation === 270;
    const [w, h] = lying ? [this.#height, this.#width] : [this.#width, this.#height];
    const scale = `scale=${w}:${h}:flags=bicubic:out_range=full`;
    return [scale, "format=rgba", ...turns[rotation], ...(flip ? ["hflip"] : [])].join(",");
  }
}

function filter(av: Libav, graph: FilterGraph, name: string, options: Record<string, string | number>): FilterContext {
  const kind = av.Filter.getByName(name as Parameters<typeof av.Filter.getByName>[0]);
  const args = Object.entries(options).map(([key, value]) => `${key}=${value}`);
  const made = kind && graph.createFilter(kind, name, args.length > 0 ? args.join(":") : null);
  if (!made) throw new Error(`cannot build the pixel converter: libav refuses the filter "${name}"`);
  return made;
}

function check(av: Libav, code: number, what: string): void {
  if (code < 0) throw new Error(`${what}: ${av.FFmpegError.strerror(code)}`);
}

/** Row by row: libav pads its lines. */
function copyRgba(frame: Frame, width: number, height: number): RgbaImage {
  const plane = frame.data?.[0];
  const stride = frame.linesize[0];
  if (!plane || stride === undefined || frame.width !== width || frame.height !== height) {
    throw new Error(`expected a ${width}x${height} picture, got ${frame.width}x${frame.height}`);
  }
  const image = rgbaImage(width, height);
  if (stride === width * 4) image.data.set(plane.subarray(0, image.data.length));
  else {
    for (let y = 0; y < height; y++) image.data.set(plane.subarray(y * stride, y * stride + width * 4), y * width * 4);
  }
  return image;
}

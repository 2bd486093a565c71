/** The frames that the model saw, exactly as they were given to it: pixels, drawn numbers, the container's times. */
import { memo, useEffect, useRef } from "react";
import type { Span } from "zoetrope/core/time";
import type { SeenFrame } from "../engine/protocol.ts";

type Props = Readonly<{
  frames: readonly SeenFrame[];
  time: number;
  spans: readonly Span[];
  onSeek: (seconds: number) => void;
}>;

export function FrameStrip({ frames, time, spans, onSeek }: Props) {
  const list = useRef<HTMLOListElement>(null);
  const current = frames.findLastIndex((frame) => frame.time <= time + 1e-3);
  useEffect(() => {
    const box = list.current;
    const item = box?.children[current];
    if (!box || !(item instanceof HTMLElement)) return;
    const isOutside =
      item.offsetLeft < box.scrollLeft || item.offsetLeft + item.offsetWidth > box.scrollLeft + box.clientWidth;
    if (isOutside) box.scrollTo({ left: item.offsetLeft - box.clientWidth / 3, behavior: "smooth" });
  }, [current]);
  return (
    <section className="strip" aria-labelledby="strip-title">
      <header>
        <h2 id="strip-title">What the model saw</h2>
        <p className="quiet small">{captionOf(frames)}</p>
      </header>
      <ol ref={list}>
        {frames.map((frame, i) => (
          <Thumbnail
            // biome-ignore lint/suspicious/noArrayIndexKey: a short video's frames may repeat
            key={i}
            frame={frame}
            isCurrent={i === current}
            isInside={spans.some(({ start, end }) => start <= frame.time && frame.time < end)}
            onSeek={onSeek}
          />
        ))}
      </ol>
    </section>
  );
}

function captionOf(frames: readonly SeenFrame[]): string {
  const [first] = frames;
  if (first === undefined) return "No frames.";
  const size = `${first.bitmap.width}×${first.bitmap.height}`;
  const numbers = first.number === null ? "no numbers drawn" : "numbers drawn in red";
  return `${frames.length} frames of ${size}, ${numbers}, times from the container.`;
}

type ThumbnailProps = Readonly<{
  frame: SeenFrame;
  isCurrent: boolean;
  isInside: boolean;
  onSeek: (seconds: number) => void;
}>;

const Thumbnail = memo(function Thumbnail({ frame, isCurrent, isInside, onSeek }: ThumbnailProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { bitmap } = frame;
  useEffect(() => {
    canvas.current?.getContext("2d")?.drawImage(bitmap, 0, 0);
  }, [bitmap]);
  const drawn = frame.number === null ? "" : `, number ${frame.number}`;
  return (
    <li className={isInside ? "inside" : undefined}>
      <button
        type="button"
        aria-current={isCurrent ? "true" : undefined}
        title={`Frame ${frame.index} of the file`}
        onClick={() => onSeek(frame.time + 1e-4)}
      >
        <canvas ref={canvas} width={bitmap.width} height={bitmap.height} />
        <time className="number">
          <span className="visually-hidden">Frame at </span>
          {frame.time.toFixed(2)} s<span className="visually-hidden">{drawn}</span>
        </time>
        {frame.words !== null && <span className="strip-words">{frame.words}</span>}
      </button>
    </li>
  );
});

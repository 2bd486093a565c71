/**
 * Moments of several origins over one axis of seconds: the truth, each model, the user's own; with the frames that a model
 * saw, a playhead, and edges that can be dragged.
 */
import { memo, type PointerEvent as ReactPointerEvent, useCallback, useEffect, useRef, useState } from "react";
import type { Span } from "zoetrope/core/time";
import { useKeys } from "../app/keys.ts";
import { percentOf, ticksOf, tickText, type View, zoomed } from "./scale.ts";
import "./timeline.css";

export type TrackSpan = Span & Readonly<{ id: string; text?: string }>;

export type Track = Readonly<{
  id: string;
  label: string;
  /** A colour of tokens.css: "--truth". */
  tone: string;
  spans: readonly TrackSpan[];
  /** Why there is nothing to see, shown in place of spans. */
  empty?: string;
  isEditable?: boolean;
}>;

/** A frame that a model saw; `fit` (0 to 1) raises its mark. */
export type FrameMark = Readonly<{ time: number; fit: number | null }>;

type Props = Readonly<{
  duration: number;
  tracks: readonly Track[];
  time: number;
  onSeek: (seconds: number) => void;
  selected?: string | null;
  onSelect?: (span: TrackSpan, track: Track) => void;
  /** An edge was dragged. */
  onEdit?: (span: TrackSpan, edge: "start" | "end", seconds: number) => void;
  onPlay?: (span: Span) => void;
  frames?: readonly FrameMark[];
}>;

/** Marks of frames grow from 3 px to this. */
const tallestMark = 20;

export function Timeline(props: Props) {
  const { duration, tracks, time, onSeek, selected = null, onSelect, onEdit, onPlay, frames = [] } = props;
  const [view, setView] = useState<View>({ from: 0, to: duration });
  const [hover, setHover] = useState<number | null>(null);
  const lanes = useRef<HTMLDivElement>(null);
  useEffect(() => setView({ from: 0, to: duration }), [duration]);
  const zoom = useCallback(
    (factor: number, at: number) => setView((now) => zoomed(now, at, factor, duration)),
    [duration],
  );
  useKeys([
    { keys: ["+", "="], does: "zoom in", run: () => zoom(0.6, time) },
    { keys: ["-", "−"], does: "zoom out", run: () => zoom(1 / 0.6, time) },
    { keys: ["0"], does: "show all", run: () => setView({ from: 0, to: duration }) },
  ]);
  const secondsAt = useCallback(
    (clientX: number) => {
      const box = lanes.current?.getBoundingClientRect();
      if (box === undefined) return 0;
      const share = (clientX - box.left) / box.width;
      return Math.min(duration, Math.max(0, view.from + share * (view.to - view.from)));
    },
    [duration, view],
  );
  const drag = useCallback(
    (event: ReactPointerEvent, move: (seconds: number) => void) => {
      if (event.button !== 0) return;
      event.preventDefault();
      event.stopPropagation();
      const target = event.currentTarget;
      target.setPointerCapture(event.pointerId);
      move(secondsAt(event.clientX));
      const moved = (each: Event) => move(secondsAt((each as PointerEvent).clientX));
      const done = () => {
        target.removeEventListener("pointermove", moved);
        target.removeEventListener("pointerup", done);
        target.removeEventListener("pointercancel", done);
      };
      target.addEventListener("pointermove", moved);
      target.addEventListener("pointerup", done);
      target.addEventListener("pointercancel", done);
    },
    [secondsAt],
  );
  useWheelZoom(lanes, secondsAt, zoom);
  const isZoomed = view.to - view.from < duration - 1e-6;
  const playhead = percentOf(view, time);
  return (
    <section className="timeline" aria-label="Timeline">
      <div className="timeline-gutter" aria-hidden="true">
        <div className="timeline-corner">
          {isZoomed ? (
            <button
              type="button"
              tabIndex={-1}
              className="timeline-all"
              onClick={() => setView({ from: 0, to: duration })}
            >
              Show all
            </button>
          ) : (
            "seconds"
          )}
        </div>
        {frames.length > 0 && <div className="timeline-name timeline-frames-name">Frames seen</div>}
        {tracks.map((track) => (
          <div key={track.id} className="timeline-name" title={track.label}>
            <i style={{ background: `var(${track.tone})` }} />
            <span>{track.label}</span>
          </div>
        ))}
      </div>
      <div
        ref={lanes}
        className="timeline-lanes"
        onPointerDown={(event) => drag(event, onSeek)}
        onPointerMove={(event) => setHover(secondsAt(event.clientX))}
        onPointerLeave={() => setHover(null)}
      >
        <div
          className="timeline-ruler"
          role="slider"
          tabIndex={0}
          aria-label="Playhead"
          aria-valuemin={0}
          aria-valuemax={Number(duration.toFixed(2))}
          aria-valuenow={Number(time.toFixed(2))}
          aria-valuetext={`${time.toFixed(2)} of ${duration.toFixed(2)} seconds`}
        >
          {ticksOf(view, 12).map((tick) => (
            <span key={tick} style={{ left: `${percentOf(view, tick)}%` }}>
              {tickText(tick)}
            </span>
          ))}
        </div>
        {frames.length > 0 && <FrameMarks frames={frames} view={view} />}
        {tracks.map((track) => (
          <Lane
            key={track.id}
            track={track}
            view={view}
            selected={selected}
            onSelect={onSelect}
            onEdit={onEdit}
            onPlay={onPlay}
            drag={drag}
          />
        ))}
        {hover !== null && (
          <div className="timeline-hover" style={{ left: `${percentOf(view, hover)}%` }} aria-hidden="true">
            <span className="number">{hover.toFixed(2)}</span>
          </div>
        )}
        {playhead >= -1e-6 && playhead <= 100 + 1e-6 && (
          <div className="timeline-playhead" style={{ left: `${playhead}%` }} aria-hidden="true" />
        )}
      </div>
    </section>
  );
}

/** Ctrl and the wheel zoom about the pointer; React's own wheel listener is passive and could not keep the page from zooming. */
function useWheelZoom(
  lanes: React.RefObject<HTMLDivElement | null>,
  secondsAt: (clientX: number) => number,
  zoom: (factor: number, at: number) => void,
): void {
  useEffect(() => {
    const element = lanes.current;
    const wheel = (event: WheelEvent) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      zoom(Math.exp(event.deltaY / 240), secondsAt(event.clientX));
    };
    element?.addEventListener("wheel", wheel, { passive: false });
    return () => element?.removeEventListener("wheel", wheel);
  }, [lanes, secondsAt, zoom]);
}

const FrameMarks = memo(function FrameMarks({ frames, view }: Readonly<{ frames: readonly FrameMark[]; view: View }>) {
  return (
    <div className="timeline-frames" aria-hidden="true">
      {frames.map(({ time, fit }, i) => (
        <i
          // biome-ignore lint/suspicious/noArrayIndexKey: a video may hold two frames of one time
          key={i}
          style={{ left: `${percentOf(view, time)}%`, height: `${fit === null ? 8 : 3 + fit * (tallestMark - 3)}px` }}
          className={fit === 1 ? "fits" : undefined}
        />
      ))}
    </div>
  );
});

type LaneProps = Readonly<{
  track: Track;
  view: View;
  selected: string | null;
  onSelect: Props["onSelect"];
  onEdit: Props["onEdit"];
  onPlay: Props["onPlay"];
  drag: (event: ReactPointerEvent, move: (seconds: number) => void) => void;
}>;

const Lane = memo(function Lane({ track, view, selected, onSelect, onEdit, onPlay, drag }: LaneProps) {
  return (
    <div className="timeline-lane">
      {track.spans.length === 0 && <span className="timeline-empty">{track.empty ?? "no moment"}</span>}
      {track.spans.map((span) => {
        const left = Math.max(0, percentOf(view, span.start));
        const right = Math.min(100, percentOf(view, span.end));
        if (right < 0 || left > 100) return null;
        const isSelected = selected === span.id;
        const spoken = `${track.label}: ${span.start.toFixed(2)} to ${span.end.toFixed(2)} seconds${span.text ? `, ${span.text}` : ""}`;
        return (
          <div
            key={span.id}
            className={`timeline-span${isSelected ? " selected" : ""}`}
            style={{
              left: `${left}%`,
              width: `${Math.max(0, right - left)}%`,
              ["--tone" as string]: `var(${track.tone})`,
            }}
          >
            <button
              type="button"
              aria-pressed={isSelected}
              title={spoken}
              onPointerDown={(event) => event.stopPropagation()}
              onClick={() => onSelect?.(span, track)}
              onDoubleClick={() => onPlay?.(span)}
            >
              <span>{span.text ?? `${span.start.toFixed(1)}–${span.end.toFixed(1)}`}</span>
              <span className="visually-hidden">, {spoken}</span>
            </button>
            {track.isEditable &&
              isSelected &&
              (["start", "end"] as const).map((edge) => (
                <i
                  key={edge}
                  className={`timeline-edge at-${edge}`}
                  onPointerDown={(event) => drag(event, (seconds) => onEdit?.(span, edge, seconds))}
                />
              ))}
          </div>
        );
      })}
    </div>
  );
});

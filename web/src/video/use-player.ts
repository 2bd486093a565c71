/**
 * A <video> element as state: the time on screen, steps by real frames, spans that play and stop at their end.
 */
import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { indexAt, type Span } from "zoetrope/core/time";

export type Player = Readonly<{
  time: number;
  isPlaying: boolean;
  seek: (seconds: number) => void;
  toggle: () => void;
  /** Play a span from its start and pause at its end. */
  playSpan: (span: Span) => void;
  /** Go some frames forth (or back, where negative). */
  step: (frames: number) => void;
  /** The begin of the frame that is n frames from the one at a second. */
  frameTime: (seconds: number, frames: number) => number;
}>;

/** `timestamps` are the container's; a seek lands in the middle of a frame, where rounding cannot miss it. */
export function usePlayer(
  element: RefObject<HTMLVideoElement | null>,
  { timestamps, duration }: Readonly<{ timestamps: Float64Array; duration: number }>,
): Player {
  const [time, setTime] = useState(0);
  const [isPlaying, setPlaying] = useState(false);
  const stopAt = useRef<number | null>(null);
  const line = useMemo(() => ({ timestamps, end: duration }), [timestamps, duration]);

  useEffect(() => {
    const video = element.current;
    if (video === null) return;
    let request = 0;
    const look = () => {
      if (stopAt.current !== null && video.currentTime >= stopAt.current) {
        video.pause();
        video.currentTime = Math.max(0, stopAt.current - 1e-3);
        stopAt.current = null;
      }
      setTime(video.currentTime);
      if (!video.paused) request = requestAnimationFrame(look);
    };
    const changed = () => {
      setPlaying(!video.paused);
      cancelAnimationFrame(request);
      look();
    };
    const events = ["play", "pause", "seeked", "ended", "loadedmetadata"] as const;
    for (const event of events) video.addEventListener(event, changed);
    return () => {
      cancelAnimationFrame(request);
      for (const event of events) video.removeEventListener(event, changed);
    };
  }, [element]);

  const seek = useCallback(
    (seconds: number) => {
      const video = element.current;
      const target = Math.min(Math.max(0, seconds), duration);
      setTime(target);
      stopAt.current = null;
      if (video !== null) video.currentTime = target;
    },
    [element, duration],
  );

  const frameTime = useCallback(
    (seconds: number, frames: number) => {
      const index = Math.min(Math.max(0, indexAt(line, seconds + 1e-4) + frames), timestamps.length - 1);
      return timestamps[index] as number;
    },
    [line, timestamps],
  );

  return {
    time,
    isPlaying,
    seek,
    frameTime,
    toggle: useCallback(() => {
      const video = element.current;
      stopAt.current = null;
      if (video?.paused) void video.play().catch(() => setPlaying(false));
      else video?.pause();
    }, [element]),
    playSpan: useCallback(
      ({ start, end }: Span) => {
        const video = element.current;
        if (video === null) return;
        seek(start);
        stopAt.current = end;
        void video.play().catch(() => setPlaying(false));
      },
      [element, seek],
    ),
    step: useCallback(
      (frames: number) => {
        element.current?.pause();
        seek(frameTime(time, frames) + 1e-4);
      },
      [element, frameTime, seek, time],
    ),
  };
}

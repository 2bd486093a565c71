/** The video with its own controls: what plays, where it is, what the container says. */
import { type RefObject, useEffect, useRef, useState } from "react";
import { formatTimestamp } from "zoetrope/core/time";
import { call } from "../engine/engine.ts";
import type { Player } from "./use-player.ts";
import type { OpenVideo } from "./video-store.ts";
import "./video.css";

type Props = Readonly<{ video: OpenVideo; element: RefObject<HTMLVideoElement | null>; player: Player }>;

export function VideoStage({ video, element, player }: Props) {
  const { facts, url } = video;
  const [isPlayable, setPlayable] = useState(true);
  return (
    <figure className="stage">
      <div className="stage-picture">
        {/* biome-ignore lint/a11y/useMediaCaption: the user's own file; there is no caption track to offer */}
        <video
          ref={element}
          src={url}
          playsInline
          preload="auto"
          aria-label={`Video ${facts.name}`}
          onClick={player.toggle}
          onError={() => setPlayable(false)}
          hidden={!isPlayable}
        />
        {!isPlayable && <StillPicture video={video} time={player.time} />}
      </div>
      <figcaption className="stage-bar">
        <button
          type="button"
          className="button bare icon"
          aria-label={player.isPlaying ? "Pause" : "Play"}
          onClick={player.toggle}
          disabled={!isPlayable}
        >
          {player.isPlaying ? "❚❚" : "▶"}
        </button>
        <time className="number">
          {clock(player.time)} <span className="quiet">/ {clock(facts.duration)}</span>
        </time>
        <span className="stage-name" title={facts.name}>
          {facts.name}
        </span>
        <span className="badge">
          {facts.container} · {facts.codec} · {facts.width}×{facts.height}
        </span>
        <span className="badge" title="From the container's timestamps">
          {facts.timestamps.length} frames{facts.isVariableRate ? ", variable rate" : ""}
        </span>
      </figcaption>
    </figure>
  );
}

/** Where the browser decodes a file but does not play its container: the frame at the playhead, from the worker. */
function StillPicture({ video, time }: Readonly<{ video: OpenVideo; time: number }>) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { id, width, height } = video.facts;
  useEffect(() => {
    const controller = new AbortController();
    const message = { call: "thumbnails", video: id, seconds: [time], height: Math.min(480, height) } as const;
    call(message, { signal: controller.signal })
      .then(([bitmap]) => {
        const context = canvas.current?.getContext("2d");
        if (bitmap && context) {
          context.canvas.width = bitmap.width;
          context.canvas.height = bitmap.height;
          context.drawImage(bitmap, 0, 0);
        }
      })
      .catch(() => {});
    return () => controller.abort();
  }, [id, height, time]);
  return (
    <>
      <canvas ref={canvas} width={width} height={height} aria-label="The frame at the playhead" />
      <p className="stage-note">This browser decodes the file frame by frame but does not play it.</p>
    </>
  );
}

export function clock(seconds: number): string {
  return formatTimestamp(seconds, 2);
}

/** Watch: a video, a question, and the answer on the video's own time. */
import { useEffect, useState } from "react";
import { useRoute } from "../app/route.ts";
import { ErrorNotice } from "../parts/Notice.tsx";
import { openFile, openSample, useVideo } from "../video/video-store.ts";
import "./watch.css";
import { WatchStart } from "./WatchStart.tsx";
import { WatchVideo } from "./WatchVideo.tsx";

export function WatchPage() {
  const state = useVideo();
  const { values, set } = useRoute();
  const [isOver, setOver] = useState(false);
  const { sample } = values;
  const shown = state.status === "open" ? state.video.sample?.id : undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the address asks for a sample, not what is open
  useEffect(() => {
    if (sample !== undefined && sample !== shown) void openSample(sample);
  }, [sample]);
  const take = (file: File | undefined) => {
    if (file === undefined) return;
    set({ sample: null, t: null });
    void openFile(file);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an addition to the buttons inside
    <div
      className={isOver ? "watch over" : "watch"}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (event.currentTarget === event.target) setOver(false);
      }}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer.files[0]);
      }}
    >
      {state.status === "failed" && <ErrorNotice title={`${state.name} cannot be shown`} error={state.error} />}
      {state.status === "open" ? (
        <WatchVideo key={state.video.facts.id} video={state.video} />
      ) : state.status === "opening" ? (
        <p className="watch-opening quiet" role="status">
          Reading {state.name}
        </p>
      ) : (
        <WatchStart onFile={take} />
      )}
    </div>
  );
}

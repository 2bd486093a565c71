/** Annotate: moments of one's own on a video, or corrected ones of a model, saved in the layouts of the field. */
import { useEffect, useState } from "react";
import { useRoute } from "../app/route.ts";
import { DropZone } from "../parts/DropZone.tsx";
import { ErrorNotice } from "../parts/Notice.tsx";
import { openFile, openSample, useVideo } from "../video/video-store.ts";
import { AnnotateVideo } from "./AnnotateVideo.tsx";
import "./annotate.css";

export function AnnotatePage() {
  const state = useVideo();
  const { values, set } = useRoute();
  const { sample } = values;
  const shown = state.status === "open" ? state.video.sample?.id : undefined;
  const [isOver, setOver] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the address asks for a sample, not what is open
  useEffect(() => {
    if (sample !== undefined && sample !== shown) void openSample(sample);
  }, [sample]);
  const take = (file: File | undefined) => {
    if (file === undefined) return;
    set({ sample: null });
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
        <AnnotateVideo key={state.video.facts.id} video={state.video} />
      ) : state.status === "opening" ? (
        <p className="watch-opening quiet" role="status">
          Reading {state.name}
        </p>
      ) : (
        <div className="start">
          <header>
            <h1>Mark moments</h1>
            <p className="lede">
              Drop a video, play it, and mark what happens when. Edges lie on real frames. The moments are kept in this
              browser until you save them as QVHighlights, ActivityNet Captions, Charades-STA or plain rows.
            </p>
          </header>
          <DropZone label="Choose a video" accept="video/*,.mkv,.ts" onFiles={([file]) => take(file)}>
            <p className="start-drop">Drop a video here</p>
            <p className="quiet small">It does not leave your machine</p>
          </DropZone>
          <p>
            <button type="button" className="button" onClick={() => set({ sample: "red-circle" }, { replace: false })}>
              Try it on a sample
            </button>
          </p>
        </div>
      )}
    </div>
  );
}

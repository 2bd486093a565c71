/** A page about one video: before there is one, while it is read, when it cannot be, and with it. Takes drops anywhere. */
import { type ReactNode, useEffect, useState } from "react";
import { useRoute } from "../app/route.ts";
import { ErrorNotice } from "../parts/Notice.tsx";
import { type OpenVideo, openFile, openSample, useVideo } from "./video-store.ts";

type Props = Readonly<{
  /** Shown where no video is open. */
  start: (take: (file: File | undefined) => void) => ReactNode;
  /** Shown with the video; made anew for every other one. */
  render: (video: OpenVideo) => ReactNode;
}>;

export function VideoPage({ start, render }: Props) {
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
        render(state.video)
      ) : state.status === "opening" ? (
        <p className="watch-opening quiet" role="status">
          Reading {state.name}
        </p>
      ) : (
        start(take)
      )}
    </div>
  );
}

/** A served event log while it grows: only what is new is fetched. */
import { useEffect, useState } from "react";
import { readServedFile, readServedTail } from "../parts/server-files.ts";
import { readEvents, type Stage } from "./events.ts";

export type Live = Readonly<{ stages: readonly Stage[]; error: string | null; isLive: boolean }>;

const every = 2000;
const none: Live = { stages: [], error: null, isLive: false };

export function useLiveEvents(path: string | null): Live {
  const [live, set] = useState<Live>(none);
  useEffect(() => {
    if (path === null) return set(none);
    let isOver = false;
    let text = "";
    let bytes = 0;
    let timer: ReturnType<typeof setTimeout>;
    const look = async () => {
      try {
        const tail = bytes === 0 ? await readServedFile(path) : await readServedTail(path, bytes);
        if (isOver) return;
        // A run that goes on may rewrite its log; a tail that begins in mid-line tells that.
        const isTorn = bytes > 0 && tail !== "" && !tail.startsWith("{");
        text = isTorn ? await readServedFile(path) : text + tail;
        bytes = new TextEncoder().encode(text).length;
        if (tail !== "") set({ stages: readEvents(text), error: null, isLive: true });
      } catch (error) {
        if (!isOver) set((now) => ({ ...now, error: (error as Error).message, isLive: false }));
      }
      if (!isOver) timer = setTimeout(() => void look(), every);
    };
    void look();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [path]);
  return live;
}

/** Before there is a video: drop one, or take a sample. */
import { useEffect, useState } from "react";
import { useRoute } from "../app/route.ts";
import { DropZone } from "../parts/DropZone.tsx";
import { listSamples, type SampleListing } from "../video/video-store.ts";

export function WatchStart({ onFile }: Readonly<{ onFile: (file: File | undefined) => void }>) {
  const { set } = useRoute();
  const [samples, setSamples] = useState<readonly SampleListing[] | null>(null);
  useEffect(() => {
    listSamples().then(setSamples, () => setSamples([]));
  }, []);
  return (
    <div className="start">
      <header>
        <h1>When does it happen?</h1>
        <p className="lede">
          Drop a video, say what to look for, and see the answer on the video's own time, with the very frames that the
          model saw. The small model runs in this page; your video does not leave your machine.
        </p>
      </header>
      <DropZone label="Choose a video" accept="video/*,.mkv,.ts" onFiles={([file]) => onFile(file)}>
        <p className="start-drop">Drop a video here</p>
        <p className="quiet small">MP4, MOV, MKV, WebM or MPEG-TS, as far as this browser decodes it</p>
      </DropZone>
      <section aria-labelledby="samples-title">
        <h2 id="samples-title">Or start with a sample</h2>
        <ul className="samples">
          {(samples ?? Array.from({ length: 3 }, () => null)).map((sample, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: places that are filled later
            <li key={i}>
              {sample === null ? (
                <div className="sample card waiting" />
              ) : (
                <button
                  type="button"
                  className="sample card"
                  onClick={() => set({ sample: sample.id, q: sample.query }, { replace: false })}
                >
                  <img src={`samples/${sample.id}.jpg`} alt="" width="336" height="336" />
                  <span className="sample-text">
                    <strong>{sample.title}</strong>
                    <span className="quiet">{sample.about}</span>
                    <span className="small sample-query">Ask: “{sample.query}”</span>
                  </span>
                </button>
              )}
            </li>
          ))}
        </ul>
        {samples?.length === 0 && (
          <p className="quiet">No sample videos lie beside this page. Build the site again, or drop a video.</p>
        )}
      </section>
    </div>
  );
}

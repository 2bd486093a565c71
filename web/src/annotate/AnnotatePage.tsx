/** Annotate: moments of one's own on a video, or corrected ones of a model, saved in the layouts of the field. */
import { useRoute } from "../app/route.ts";
import { DropZone } from "../parts/DropZone.tsx";
import { VideoPage } from "../video/VideoPage.tsx";
import { AnnotateVideo } from "./AnnotateVideo.tsx";
import "./annotate.css";

export function AnnotatePage() {
  return (
    <VideoPage
      start={(take) => <AnnotateStart onFile={take} />}
      render={(video) => <AnnotateVideo key={video.facts.id} video={video} />}
    />
  );
}

function AnnotateStart({ onFile }: Readonly<{ onFile: (file: File | undefined) => void }>) {
  const { set } = useRoute();
  return (
    <div className="start">
      <header>
        <h1>Mark moments</h1>
        <p className="lede">
          Drop a video, play it, and mark what happens when. Edges lie on real frames. The moments are kept in this
          browser until you save them as QVHighlights, ActivityNet Captions, Charades-STA or plain rows.
        </p>
      </header>
      <DropZone label="Choose a video" accept="video/*,.mkv,.ts" onFiles={([file]) => onFile(file)}>
        <p className="start-drop">Drop a video here</p>
        <p className="quiet small">It does not leave your machine</p>
      </DropZone>
      <p>
        <button type="button" className="button" onClick={() => set({ sample: "red-circle" }, { replace: false })}>
          Try it on a sample
        </button>
      </p>
    </div>
  );
}

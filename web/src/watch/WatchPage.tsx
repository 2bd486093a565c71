/** Watch: a video, a question, and the answer on the video's own time. */
import { VideoPage } from "../video/VideoPage.tsx";
import "./watch.css";
import { WatchStart } from "./WatchStart.tsx";
import { WatchVideo } from "./WatchVideo.tsx";

export function WatchPage() {
  return (
    <VideoPage
      start={(take) => <WatchStart onFile={take} />}
      render={(video) => <WatchVideo key={video.facts.id} video={video} />}
    />
  );
}

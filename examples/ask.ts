/** Asks the shipped model about a video and says which frames it saw. */
import { openLocalModel, userMessage } from "../src/chat/index.ts";
import { sampleFrames } from "../src/media/sampling/index.ts";
import { openVideo } from "../src/media/video/index.ts";

const video = await openVideo("examples/red-circle-grows.mp4");
const frames = await sampleFrames(video, "linspace", 8); // with the container's timestamps
const model = openLocalModel("micro"); // ships with the package
const reply = await model.generate([userMessage("What color is the circle? ", frames)]);
console.log(
  reply.text,
  frames.map(({ time }) => time),
);
await model.dispose();
video.close();

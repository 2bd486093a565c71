/** Makes examples/red-circle-grows.mp4: a short video of the synthetic world with its truth beside it. */
import { Rng } from "../src/core/math/index.ts";
import { growthScript, trainVocabulary, writeWorldVideo } from "../src/world/index.ts";

const item = { colour: "red", shape: "circle", texture: "plain" } as const;
const script = growthScript(new Rng(1), trainVocabulary, { direction: "grow", item, background: "black", frames: 40 });
const { path, truth } = await writeWorldVideo("examples/red-circle-grows.mp4", script, { width: 128, height: 128 });
console.log(path, truth.moments);

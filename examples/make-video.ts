/** Makes the videos of the examples: short films of the synthetic world with their truth beside them. */
import { Rng } from "../src/core/math/index.ts";
import {
  eventsScript,
  growthScript,
  type Script,
  trainVocabulary,
  wholeVocabulary,
  writeWorldVideo,
} from "../src/world/index.ts";

const item = { colour: "red", shape: "circle", texture: "plain" } as const;
const plain = { ...wholeVocabulary, textures: ["plain"] } as const;

const scripts: Readonly<Record<string, Script>> = {
  "red-circle-grows": growthScript(new Rng(1), trainVocabulary, {
    direction: "grow",
    item,
    background: "black",
    frames: 40,
  }),
  // A heart brightens, a red circle shrinks and grows again, the heart darkens.
  "four-events": eventsScript(new Rng("example/36847"), plain),
};

for (const [name, script] of Object.entries(scripts)) {
  const { path, truth } = await writeWorldVideo(`examples/${name}.mp4`, script, { width: 128, height: 128 });
  console.log(path, truth.moments);
}

/** The sample videos of the studio as scripts of the world, each with a question whose answer can be seen. */
import type { Placement, Scene, Script } from "zoetrope/world";

export type SampleVideo = Readonly<{
  id: string;
  title: string;
  /** One line for the card. */
  about: string;
  query: string;
  script: Script;
}>;

function item(fields: Partial<Placement> & Pick<Placement, "colour" | "shape">): Placement {
  return { texture: "plain", size: "medium", position: "in the middle", motion: "still", growth: "none", ...fields };
}

function scene(placement: Placement, fields: Partial<Scene> & Pick<Scene, "seconds">): Scene {
  return { items: [placement], background: "black", brightness: "normal", ramp: "none", ...fields };
}

const fps = 8;

export const sampleVideos: readonly SampleVideo[] = [
  {
    id: "red-circle",
    title: "A red circle grows",
    about: "Three shapes, twelve seconds; one of them grows.",
    query: "the red circle grows",
    script: {
      kind: "order",
      seed: 7,
      fps,
      scenes: [
        scene(item({ colour: "blue", shape: "square", position: "on the left" }), { seconds: 3.5 }),
        scene(item({ colour: "red", shape: "circle", growth: "grow" }), { seconds: 5 }),
        scene(item({ colour: "green", shape: "triangle", motion: "moving right" }), { seconds: 3.5 }),
      ],
    },
  },
  {
    id: "star-darkens",
    title: "A star goes dim",
    about: "On navy: a ring, a star whose light fades, a cross.",
    query: "the yellow star darkens",
    script: {
      kind: "brightness",
      seed: 21,
      fps,
      scenes: [
        scene(item({ colour: "orange", shape: "ring", size: "large" }), { seconds: 2.5, background: "navy" }),
        scene(item({ colour: "white", shape: "cross" }), { seconds: 2.5, background: "navy" }),
        scene(item({ colour: "yellow", shape: "star", size: "large" }), {
          seconds: 5,
          background: "navy",
          ramp: "darken",
        }),
      ],
    },
  },
  {
    id: "comes-back",
    title: "The heart comes back",
    about: "One shape appears twice: two moments answer.",
    query: "a purple heart",
    script: {
      kind: "order",
      seed: 33,
      fps,
      scenes: [
        scene(item({ colour: "purple", shape: "heart", size: "large" }), { seconds: 3, background: "white" }),
        scene(item({ colour: "green", shape: "bar" }), { seconds: 4, background: "white" }),
        scene(item({ colour: "purple", shape: "heart", size: "large" }), { seconds: 3, background: "white" }),
        scene(item({ colour: "blue", shape: "diamond" }), { seconds: 2, background: "white" }),
      ],
    },
  },
];

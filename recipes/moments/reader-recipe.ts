/**
 * `zoetrope train micro-reader`: the eyes of zoetrope-micro learn to read numbers.
 */
import { stagedRecipe } from "../staged-recipe.ts";

export const readerRecipe = stagedRecipe({
  name: "micro-reader",
  summary: "zoetrope-micro with eyes that read numbers on frames (about two minutes on two cores)",
  stages: ["align"],
  module: () => import("./train-stages.ts"),
});

/**
 * `zoetrope train micro`: zoetrope-micro from nothing, in the stages of stages.ts.
 */
import { stagedRecipe } from "../staged-recipe.ts";

export const microRecipe = stagedRecipe({
  name: "micro",
  summary: "zoetrope-micro from nothing: a LLaVA of three million parameters (about an hour on two cores)",
  stages: ["vision", "language", "align", "instruct", "practise", "drill"],
  module: () => import("./train-stages.ts"),
});

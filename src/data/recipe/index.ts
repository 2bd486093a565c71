/** Training configurations of other trainers, made from typed recipes. */
export {
  type Batch,
  batchOf,
  RECIPE_NAMES,
  type RecipeName,
  stepsOf,
  TRAINING_RECIPES,
  type TrainingRecipe,
} from "./recipe.ts";
export { type RecipeOptions, type RecipePlan, writeRecipe } from "./write-recipe.ts";

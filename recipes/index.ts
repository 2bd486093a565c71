/**
 * The recipes that the command line knows. Each is loaded when it is run, so that listing them is quick.
 */
import { microRecipe } from "./micro/recipe.ts";
import { readerRecipe } from "./moments/reader-recipe.ts";
import type {
  AnalyseT3Options,
  OverlayStudyOptions,
  Recipe,
  RecipeContext,
  RecipeResult,
  ReproduceMomentsOptions,
  ReproduceT3Options,
} from "./recipe.ts";

export type * from "./recipe.ts";

/** What `zoetrope train` offers. */
export const recipes: readonly Recipe[] = [microRecipe, readerRecipe];

/** `zoetrope reproduce t3`. */
export async function reproduceT3(options: ReproduceT3Options, context: RecipeContext): Promise<RecipeResult> {
  const recipe = await import("./reproduce-t3.ts");
  return recipe.reproduceT3(options, context);
}

/** `zoetrope reproduce t3 --full`. */
export async function analyseT3(options: AnalyseT3Options, context: RecipeContext): Promise<RecipeResult> {
  const recipe = await import("./analysis/analyse-t3.ts");
  return recipe.analyseT3(options, context);
}

/** `zoetrope reproduce overlay-study`. */
export async function overlayStudy(options: OverlayStudyOptions, context: RecipeContext): Promise<RecipeResult> {
  const recipe = await import("./overlay-study/study.ts");
  return recipe.overlayStudy(options, context);
}

/** `zoetrope reproduce numpro`. */
export async function reproduceNumpro(options: ReproduceMomentsOptions, context: RecipeContext): Promise<RecipeResult> {
  const recipe = await import("./reproduce-numpro.ts");
  return recipe.reproduceNumpro(options, context);
}

/** `zoetrope reproduce vtimellm`. */
export async function reproduceVtimellm(
  options: ReproduceMomentsOptions,
  context: RecipeContext,
): Promise<RecipeResult> {
  const recipe = await import("./reproduce-vtimellm.ts");
  return recipe.reproduceVtimellm(options, context);
}

/**
 * The end of a reproduction on moments: figures of all arms, the paper's claims as paired differences, the table, the report.
 */
import { join } from "node:path";
import { type MomentsLoss, writeMomentsReport } from "../../src/report/index.ts";
import { testVocabulary } from "../../src/world/index.ts";
import { commit, machine } from "../machine.ts";
import type { RecipeResult, Summary } from "../recipe.ts";
import { type ArmFigures, armDifference, armFigures, type FigureName, type SeedAnswers } from "./figures.ts";
import { type ArmColumn, formatArms, shownColumns, titleOf } from "./format-arms.ts";
import { denseExamples, momentExamples } from "./report-examples.ts";
import type { FrameChoice } from "./strip.ts";
import type { TestFilm } from "./test-films.ts";

export type Reproduction<Arm extends string> = Readonly<{
  paper: string;
  /** As it is typed behind "zoetrope reproduce". */
  name: string;
  /** The shipped model that everything starts from. */
  model: string;
  lead: string;
  /** What was done, a step a sentence. */
  steps: readonly string[];
  /** What of the model is not trained, as a sentence. */
  frozen: string;
  /** Which frames the model is shown, and in words. */
  shown: FrameChoice;
  sampler: string;
  arms: readonly Arm[];
  names: Readonly<Record<Arm, string>>;
  /** Each as a paired difference in a figure. */
  claims: readonly Readonly<{ claim: string; figure: FigureName; arms: readonly [after: Arm, before: Arm] }>[];
  /** Of every arm in the summary, in percent. */
  summary: readonly FigureName[];
  /** Do the frames of the report's examples carry their numbers? */
  numbers: boolean;
}>;

export type Outcome<Arm extends string> = Readonly<{
  folder: string;
  seeds: readonly number[];
  /** What was typed besides the seeds, each with a space before it. */
  flags: string;
  answers: Readonly<Record<Arm, readonly SeedAnswers[]>>;
  losses: readonly MomentsLoss[];
  /** Of training, earlier calls included. */
  trainingSeconds: number;
  /** Of the first seed. */
  films: readonly TestFilm[];
  size: Readonly<Record<string, number>>;
  /** Of the model's weights. */
  fingerprint: string;
  seconds: number;
}>;

export async function concluded<Arm extends string>(
  { arms, names, claims, ...about }: Reproduction<Arm>,
  { answers, folder, seeds, films, ...outcome }: Outcome<Arm>,
): Promise<RecipeResult> {
  const figures = arms.map((arm) => ({ arm, name: names[arm], ...armFigures(arm, answers[arm]) }));
  const differences = claims.map(({ claim, figure, arms: [after, before] }) => {
    const isMeasured = figures.some(({ arm, moments, highlights, described, unparsed }) => {
      return (arm === after || arm === before) && unparsed < moments + highlights + described;
    });
    const estimate = armDifference(figure, [answers[after], answers[before]]);
    return { claim, figure: titleOf(figure), isMeasured, estimate };
  });
  const columns: readonly ArmColumn[] = shownColumns(figures);
  const first = arms.map((arm) => answers[arm][0] as SeedAnswers);
  const report = join(folder, "report.html");
  const drawn = { arms: first, films, numbers: about.numbers };
  const asked = first.flatMap(({ answers: all }) => all.map(({ film }) => film));
  writeMomentsReport(report, {
    ...{ paper: about.paper, lead: about.lead, steps: about.steps, losses: outcome.losses, claims: differences },
    arms: figures.map(({ name, moments, highlights, described, unparsed }) => {
      return { name, unparsed, asked: moments + highlights + described };
    }),
    figures: columns.map(({ title, figure }) => ({ name: title, of: figures.map((arm) => arm.figures[figure]) })),
    examples: await momentExamples(drawn),
    dense: await denseExamples(drawn),
    provenance: {
      ...{
        command: `zoetrope reproduce ${about.name} --seed ${seeds[0]} --seeds ${seeds.length}${outcome.flags}`,
        commit: commit(),
        machine: machine(),
      },
      ...{ model: about.model, fingerprint: outcome.fingerprint, seeds, sampler: about.sampler },
      seconds: outcome.seconds,
      counts: [
        { what: "test films of a seed", count: new Set(asked).size },
        { what: "seconds of training in all", count: Math.round(outcome.trainingSeconds) },
        ...Object.entries(outcome.size).map(([what, count]) => ({ what: spelledOut(what), count })),
      ],
      heldOut: [
        `No film that is learnt from shows the things of the test films: ${testVocabulary.shapes.join(", ")}.`,
        `Nor their backgrounds: ${testVocabulary.backgrounds.join(", ")}.`,
        about.frozen,
      ],
    },
  });
  const values = ({ figures: of }: ArmFigures) =>
    Object.fromEntries(about.summary.map((figure) => [figure, of[figure].value]));
  const summary: Summary = Object.fromEntries(figures.map((arm) => [arm.arm, values(arm)]));
  const perSeed = seeds.map((seed, i) => {
    const ofSeed = (arm: Arm) => values(armFigures(arm, [answers[arm][i] as SeedAnswers]));
    return { seed, ...Object.fromEntries(arms.map((arm) => [arm, ofSeed(arm)])) };
  });
  return {
    folder,
    summary,
    text: `${formatArms(figures, differences)}\n\nReport: ${report}`,
    details: {
      ...{ ...outcome.size, seeds: seeds.length, report, machine: machine(), commit: commit() },
      ...{ figures, differences, perSeed },
    },
  };
}

/** "boundarySteps" as "boundary steps". */
function spelledOut(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

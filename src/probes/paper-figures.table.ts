/** Accuracies in percent that T3 reports for its probing suite (arXiv 2410.06166, Fig. 3), read off the figure. */
import type { PaperTask } from "../synthesis/index.ts";

export type PaperFigures = Readonly<{
  name: string;
  /** What the figure calls the three arms: LSTM probe on visual tokens, decoder on captions, full Video LLM. */
  arms: Readonly<Record<PaperTask, Readonly<{ probe: number; decoder: number; full: number }>>>;
}>;

export const paperFigures: readonly PaperFigures[] = [
  {
    name: "LongVA-7B",
    arms: {
      Attribute: { probe: 88.9, decoder: 53.3, full: 49.6 },
      Referring: { probe: 92.7, decoder: 84.4, full: 70.5 },
      Grounding: { probe: 98.2, decoder: 86.7, full: 70.9 },
      Order: { probe: 96.4, decoder: 83.9, full: 71.1 },
    },
  },
  {
    name: "VILA-8B",
    arms: {
      Attribute: { probe: 92.8, decoder: 54.5, full: 65.9 },
      Referring: { probe: 96.1, decoder: 79.4, full: 71.8 },
      Grounding: { probe: 94.9, decoder: 70.4, full: 49.3 },
      Order: { probe: 96.6, decoder: 57.2, full: 57.9 },
    },
  },
];

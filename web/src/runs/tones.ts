/** The colour of a run, by its place on the page. */
const tones = ["--run-1", "--run-2", "--run-3", "--run-4"] as const;

export function toneOf(index: number): string {
  return tones[index % tones.length] as string;
}

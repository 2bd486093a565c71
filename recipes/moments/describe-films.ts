/**
 * All events of each film with their times, asked in VTimeLLM's words and scored by SODA_c.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openLocalModel, userMessage } from "../../src/chat/index.ts";
import { writeAtomically } from "../../src/core/files/index.ts";
import { openEnglishMeteor, readDenseReply, scoreDense } from "../../src/evals/index.ts";
import { denseCaptioningQuery } from "../../src/tasks/index.ts";
import { withArticle } from "../../src/world/index.ts";
import type { RecipeContext } from "../recipe.ts";
import type { AskFilms, FilmAnswer } from "./ask-films.ts";

const longestReply = 220;

/** An answer a film; `value` is its SODA_c in [0, 1]. */
export async function describeFilms(
  { model: path, films, folder, name }: Pick<AskFilms, "model" | "films" | "folder" | "name">,
  { progress, signal }: RecipeContext,
): Promise<FilmAnswer[]> {
  const kept = join(folder, `${name}-dense.json`);
  const asked = JSON.stringify({ films: films.length, model: path });
  if (existsSync(kept)) {
    const earlier = JSON.parse(readFileSync(kept, "utf8")) as { asked: unknown; answers: FilmAnswer[] };
    if (JSON.stringify(earlier.asked) === asked) return earlier.answers;
  }
  const task = progress.task(`describe ${name}`, { total: films.length, unit: "films" });
  const model = openLocalModel(path);
  try {
    const chats = films.map(({ frames }) => [userMessage(denseCaptioningQuery, frames)]);
    const onProgress = (done: number) => task.update(done);
    const replies = await model.generateMany(chats, { maxNewTokens: longestReply, signal, onProgress });
    const read = films.map(({ duration }, i) => readDenseReply(replies[i]?.text ?? "", duration));
    const scores = scoreDense({
      truths: [films.map(({ id, duration, strip }) => ({ video: id, duration, moments: strip.events.map(described) }))],
      predictions: {
        byVideo: new Map(films.map(({ id }, i) => [id, read[i]?.kind === "events" ? [...read[i].events] : []])),
        unparsed: films.flatMap(({ id }, i) => (read[i]?.kind === "unparsed" ? [id] : [])),
        problems: [],
      },
      meteor: openEnglishMeteor(),
      convention: "strict",
      seed: 0,
    });
    const byFilm = new Map(scores.videos.map(({ video, sodaC }) => [video, sodaC]));
    const answers = films.map(({ id, duration }, i): FilmAnswer => {
      const found = read[i];
      return {
        ...{
          film: id,
          kind: "dense",
          query: "all events",
          truth: [0, duration],
          reply: replies[i]?.text ?? "",
          read: null,
        },
        unparsed: found?.kind === "unparsed" ? found.reason : null,
        value: (byFilm.get(id) ?? 0) / 100,
        hit: null,
      };
    });
    task.finish();
    writeAtomically(kept, [`${JSON.stringify({ asked: JSON.parse(asked), answers }, null, 1)}\n`]);
    return answers;
  } finally {
    await model.dispose();
  }
}

function described<M extends Readonly<{ label: string }>>(event: M): M {
  return { ...event, label: withArticle(event.label) };
}

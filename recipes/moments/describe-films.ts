/**
 * All events of each film with their times, asked in VTimeLLM's words and scored by SODA_c.
 */
import { join } from "node:path";
import { openLocalModel, userMessage } from "../../src/chat/index.ts";
import { openEnglishMeteor, readDenseReply, scoreDense } from "../../src/evals/index.ts";
import { denseCaptioningQuery } from "../../src/tasks/index.ts";
import { withArticle } from "../../src/world/index.ts";
import { fingerprintOfModel } from "../fingerprint.ts";
import type { RecipeContext } from "../recipe.ts";
import type { AskFilms } from "./ask-films.ts";
import { type FilmAnswer, type FilmQuestion, keptAnswers } from "./kept-answers.ts";
import type { TestFilm } from "./test-films.ts";

const longestReply = 220;

/** An answer a film; `value` is its SODA_c in [0, 1]. */
export function describeFilms(
  { model: path, films, folder, name }: Pick<AskFilms, "model" | "films" | "folder" | "name">,
  { progress, signal }: RecipeContext,
): Promise<readonly FilmAnswer[]> {
  return keptAnswers({
    path: join(folder, `${name}-dense.json`),
    asked: { model: fingerprintOfModel(path) },
    questions: films.map(questionOf),
    read: (replies) => scored(films, replies),
    ask: async () => {
      const task = progress.task(`describe ${name}`, { total: films.length, unit: "films" });
      const model = openLocalModel(path);
      try {
        const chats = films.map(({ frames }) => [userMessage(denseCaptioningQuery, frames)]);
        const onProgress = (done: number) => task.update(done);
        const replies = await model.generateMany(chats, { maxNewTokens: longestReply, signal, onProgress });
        task.finish();
        return replies.map(({ text }) => text);
      } finally {
        await model.dispose();
      }
    },
  });
}

function questionOf({ id, duration }: TestFilm): FilmQuestion {
  return { film: id, kind: "dense", query: "all events", truth: [0, duration] };
}

function scored(films: readonly TestFilm[], replies: readonly string[]): FilmAnswer[] {
  const read = films.map(({ duration }, i) => readDenseReply(replies[i] ?? "", duration));
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
  return films.map((film, i): FilmAnswer => {
    const found = read[i];
    return {
      ...{ ...questionOf(film), reply: replies[i] ?? "", read: null },
      unparsed: found?.kind === "unparsed" ? found.reason : null,
      value: (byFilm.get(film.id) ?? 0) / 100,
      hit: null,
    };
  });
}

function described<M extends Readonly<{ label: string }>>(event: M): M {
  return { ...event, label: withArticle(event.label) };
}

/** Films asked about: when each moment happens, and which frames are the highlights. */
import { join } from "node:path";
import { type ChatModel, openLocalModel } from "../../src/chat/index.ts";
import type { Moment } from "../../src/core/time/index.ts";
import { fingerprintOfModel } from "../fingerprint.ts";
import type { RecipeContext } from "../recipe.ts";
import { type Asking, type FilmChat, filmChats } from "./film-chats.ts";
import { type FilmAnswer, keptAnswers } from "./kept-answers.ts";
import type { TestFilm } from "./test-films.ts";

export type AskFilms = Readonly<{
  /** Checkpoint folder. */
  model: string;
  films: readonly TestFilm[];
  asking: Asking;
  /** What is asked about each film. Default: its moments. */
  moments?: (film: TestFilm) => readonly Moment[];
  folder: string;
  name: string;
}>;

const longestReply = { moment: 24, highlights: 80 };

export async function askFilms(options: AskFilms, context: RecipeContext): Promise<readonly FilmAnswer[]> {
  const { films, asking, folder, name } = options;
  const chats = films.map((film) => filmChats(film, asking, options.moments?.(film)));
  const all = chats.flat();
  return keptAnswers({
    path: join(folder, `${name}.json`),
    asked: { asking, model: fingerprintOfModel(options.model) },
    questions: all.map(({ question }) => question),
    read: (replies) => all.map(({ read }, i) => read(replies[i] ?? "")),
    ask: async () => {
      const task = context.progress.task(`ask ${name}`, { total: films.length, unit: "films" });
      const model = openLocalModel(options.model);
      const replies: string[] = [];
      try {
        for (const [i, ofFilm] of chats.entries()) {
          context.signal.throwIfAborted();
          replies.push(...(await repliesTo(model, ofFilm, context.signal)));
          task.update(i + 1);
        }
      } finally {
        await model.dispose();
      }
      task.finish(`${replies.length} questions`);
      return replies;
    },
  });
}

/** Moments first, then highlights, as they stand in the list. */
async function repliesTo(model: ChatModel, chats: readonly FilmChat[], signal: AbortSignal): Promise<string[]> {
  const replies: string[] = [];
  for (const kind of ["moment", "highlights"] as const) {
    const asked = chats.filter(({ question }) => question.kind === kind).map(({ chat }) => chat);
    const told = await model.generateMany(asked, { maxNewTokens: longestReply[kind], signal });
    replies.push(...told.map(({ text }) => text));
  }
  return replies;
}

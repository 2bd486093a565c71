/** Answers about one video, the newest first; one question at a time. */
import { useCallback, useEffect, useRef, useState } from "react";
import { call, Stopped } from "../engine/engine.ts";
import type { ListedModel, Progress } from "../engine/protocol.ts";
import type { OpenVideo } from "../video/video-store.ts";
import type { NumberedAnswer } from "./AnswerCard.tsx";
import type { AskSettings } from "./settings.ts";

const tones = ["--run-1", "--run-2", "--run-3", "--run-4"] as const;

export type Asking = Readonly<{
  answers: readonly NumberedAnswer[];
  progress: Progress | null;
  error: string | null;
  ask: () => void;
  stop: () => void;
}>;

export function useAsk(video: OpenVideo, settings: AskSettings): Asking {
  const [answers, setAnswers] = useState<readonly NumberedAnswer[]>([]);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [error, setError] = useState<string | null>(null);
  const controller = useRef<AbortController | null>(null);
  const count = useRef(0);
  useEffect(() => () => controller.current?.abort(), []);
  const ask = useCallback(async () => {
    const mine = new AbortController();
    let said = "";
    const onProgress = (now: Progress) => {
      said = now.reply ?? said;
      setProgress(now);
    };
    controller.current = mine;
    setError(null);
    setProgress({ stage: "model", text: "Starting", part: null });
    try {
      const request = { video: video.facts.id, ...settings };
      const answer = await call({ call: "ask", request }, { signal: mine.signal, onProgress });
      const id = count.current++;
      const tone = tones[id % tones.length] as string;
      setAnswers((now) => [{ id, tone, answer, video: video.facts.name }, ...now]);
    } catch (failure) {
      const until = said === "" ? "" : ` Until then it had said: “${said}”`;
      if (!(failure instanceof Stopped)) setError(`${(failure as Error).message}${until}`);
    } finally {
      setProgress(null);
    }
  }, [video, settings]);
  return { answers, progress, error, ask: () => void ask(), stop: () => controller.current?.abort() };
}

/** The models beside the page, or why there are none. */
export function useModels(): Readonly<{ list: readonly ListedModel[]; error: string | null }> {
  const [state, set] = useState<{ list: readonly ListedModel[]; error: string | null }>({ list: [], error: null });
  useEffect(() => {
    const load = async () => {
      const response = await fetch("models.json");
      if (!response.ok)
        throw new Error(`Expected models.json beside the page, got status ${response.status}. Build the site again.`);
      const listed = (await response.json()) as ListedModel[];
      set({ list: await Promise.all(listed.map(withHabits)), error: null });
    };
    load().catch((failure: Error) => set({ list: [], error: failure.message }));
  }, []);
  return state;
}

/** How a model wants to be asked, where its folder says so. */
async function withHabits(model: ListedModel): Promise<ListedModel> {
  if (!model.files.some(({ name }) => name === "grounding.json")) return model;
  const response = await fetch(`models/${model.name}/grounding.json`);
  return response.ok ? { ...model, habits: (await response.json()) as NonNullable<ListedModel["habits"]> } : model;
}

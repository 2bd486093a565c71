/** A video with its timeline, the frames of the chosen answer, and the panel that asks. */
import { useEffect, useMemo, useRef, useState } from "react";
import { iou } from "zoetrope/core/metrics";
import type { Moment, Span } from "zoetrope/core/time";
import { useKeys } from "../app/keys.ts";
import { go, useRoute } from "../app/route.ts";
import { call } from "../engine/engine.ts";
import { addMoments } from "../moments/moment-store.ts";
import { nudged } from "../moments/nudge.ts";
import { ErrorNotice } from "../parts/Notice.tsx";
import { type FrameMark, Timeline, type Track, type TrackSpan } from "../timeline/Timeline.tsx";
import { usePlayer } from "../video/use-player.ts";
import { VideoStage } from "../video/VideoStage.tsx";
import { edgeKeys, neighbour, playerKeys } from "../video/video-keys.ts";
import { closeVideo, type OpenVideo } from "../video/video-store.ts";
import { AnswerCard } from "./AnswerCard.tsx";
import { AskPanel } from "./AskPanel.tsx";
import { FrameStrip } from "./FrameStrip.tsx";
import { readSettings } from "./settings.ts";
import { useAsk, useModels } from "./use-ask.ts";

const noMarks: readonly FrameMark[] = [];

export function WatchVideo({ video }: Readonly<{ video: OpenVideo }>) {
  const { facts } = video;
  const { values, set } = useRoute();
  const element = useRef<HTMLVideoElement>(null);
  const player = usePlayer(element, facts);
  const models = useModels();
  const [key, setKey] = useState("");
  const settings = readSettings(values, models.list, key);
  const asking = useAsk(video, settings);
  const [chosenId, choose] = useState<number | null>(null);
  const chosen = asking.answers.find(({ id }) => id === chosenId) ?? asking.answers[0] ?? null;
  const [corrections, setCorrections] = useState<Readonly<Record<string, Span>>>({});
  const [selected, select] = useState<string | null>(null);

  const truths = useMemo(() => truthsFor(video.sample?.moments ?? [], settings.text), [video, settings.text]);
  const tracks = useMemo((): Track[] => {
    const truth: Track = { id: "truth", label: "Truth", tone: "--truth", spans: truths };
    const runs = asking.answers
      .filter(({ answer }) => answer.request.intent === "when")
      .map(({ id, tone, answer }): Track => {
        const spans = answer.spans.map((span, i) => {
          const name = `${id}/${i}`;
          return { ...span, ...corrections[name], id: name };
        });
        const empty = answer.reading.kind === "unread" ? `no moment: ${answer.reading.reason}` : "no moment";
        return { id: `answer-${id}`, label: answer.request.text, tone, spans, empty, isEditable: true };
      });
    return [...(video.sample === null ? [] : [truth]), ...runs];
  }, [asking.answers, corrections, truths, video.sample]);
  const marks = useMemo(() => chosen?.answer.frames.map(({ time, fit }) => ({ time, fit })) ?? noMarks, [chosen]);
  const all = tracks.flatMap(({ spans }) => spans);
  const current = all.find(({ id }) => id === selected) ?? null;
  const isCorrectable = current?.id.includes("/") ?? false;

  const edit = (span: TrackSpan, edge: "start" | "end", seconds: number) => {
    const next = nudged(span, edge, seconds, facts.duration);
    setCorrections((now) => ({ ...now, [span.id]: next }));
    player.seek(edge === "start" ? next.start : Math.max(next.start, next.end - 1e-3));
  };
  const goTo = (offset: number) => {
    const sorted = [...all].sort((a, b) => a.start - b.start);
    const next = neighbour(sorted, selected, offset);
    if (next === undefined) return;
    select(next.id);
    player.seek(next.start);
  };
  useKeys([
    ...playerKeys(player, { current, goTo }),
    ...edgeKeys(player, isCorrectable ? current : null, (edge, seconds) => current && edit(current, edge, seconds)),
  ]);
  // The model is fetched while the user still thinks; a fault shows when it is asked.
  const localName = settings.model.kind === "local" && models.list.length > 0 ? settings.model.name : null;
  useEffect(() => {
    if (localName !== null) call({ call: "warm", model: localName }).catch(() => {});
  }, [localName]);
  // A new answer is shown, chosen, with its first moment under the playhead.
  const newest = asking.answers[0];
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each answer
  useEffect(() => {
    if (newest === undefined) return;
    choose(newest.id);
    const [first] = newest.answer.spans;
    if (first === undefined) return;
    select(`${newest.id}/0`);
    const inside = newest.answer.frames.find(({ time }) => first.start <= time && time < first.end);
    player.seek((inside?.time ?? first.start) + 1e-4);
  }, [newest?.id]);
  const correct = (id: number, query: string) => {
    const spans = all.filter((span) => span.id.startsWith(`${id}/`));
    addMoments(
      facts.name,
      facts.duration,
      spans.length > 0 ? spans.map(({ start, end }) => ({ start, end, label: query })) : [],
    );
    go({ page: "annotate", values: video.sample === null ? {} : { sample: video.sample.id } });
  };
  return (
    <div className="watch-grid">
      <div className="watch-main">
        <VideoStage video={video} element={element} player={player} />
        <Timeline
          duration={facts.duration}
          tracks={tracks}
          time={player.time}
          onSeek={player.seek}
          selected={selected}
          onSelect={(span) => {
            select(span.id);
            player.seek(span.start);
          }}
          onEdit={edit}
          onPlay={player.playSpan}
          frames={marks}
        />
        <p className="watch-status quiet small number" role="status">
          {statusOf(current, truths)}
        </p>
        {chosen !== null && (
          <FrameStrip
            frames={chosen.answer.frames}
            time={player.time}
            spans={all.filter(({ id }) => id.startsWith(`${chosen.id}/`))}
            onSeek={player.seek}
          />
        )}
      </div>
      <aside className="watch-side">
        <AskPanel
          settings={settings}
          models={models.list}
          canAsk={models.list.length > 0 || settings.model.kind === "endpoint"}
          progress={asking.progress}
          onChange={set}
          onKey={setKey}
          onAsk={asking.ask}
          onStop={asking.stop}
        />
        {models.error !== null && <ErrorNotice title="No model beside this page" error={models.error} />}
        {asking.error !== null && <ErrorNotice title="No answer" error={asking.error} />}
        {asking.progress?.reply !== undefined && (
          <section className="answering card" aria-label="The answer so far">
            <p>{asking.progress.reply}</p>
          </section>
        )}
        {asking.answers.length > 0 && (
          <ol className="answers" aria-label="Answers">
            {asking.answers.map((entry) => (
              <AnswerCard
                key={entry.id}
                entry={entry}
                isChosen={entry === chosen}
                onChoose={() => choose(entry.id)}
                onPlay={(span) => {
                  choose(entry.id);
                  player.playSpan(span);
                }}
                onCorrect={() => correct(entry.id, entry.answer.request.text)}
              />
            ))}
          </ol>
        )}
        <button
          type="button"
          className="button bare"
          onClick={() => {
            closeVideo();
            set({ sample: null, q: null, t: null });
          }}
        >
          Open another video
        </button>
      </aside>
    </div>
  );
}

/** The moments of a sample that fit the query best; all of them where none does. */
function truthsFor(moments: readonly Moment[], query: string): TrackSpan[] {
  const asked = query.toLowerCase();
  const fitting = moments.filter(({ label }) => asked.includes(label.toLowerCase()));
  const longest = Math.max(0, ...fitting.map(({ label }) => label.length));
  const shown =
    fitting.length > 0
      ? fitting.filter(({ label }) => label.length === longest)
      : moments.filter(({ label }) => !/ \w+s\b/.test(label));
  return shown.map(({ start, end, label }, i) => ({ id: `truth-${i}`, start, end, text: label }));
}

function statusOf(span: TrackSpan | null, truths: readonly TrackSpan[]): string {
  if (span === null) return "Choose a moment to play it, move its edges or compare it with the truth.";
  const length = `${span.start.toFixed(2)} – ${span.end.toFixed(2)} s, ${(span.end - span.start).toFixed(2)} s long`;
  const best = Math.max(0, ...truths.map((truth) => iou(span, truth)));
  if (span.id.startsWith("truth") || truths.length === 0) return length;
  return `${length}. IoU with the truth: ${best.toFixed(2)}`;
}

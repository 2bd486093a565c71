/** One sample in all runs: the video, the truth and every prediction on one timeline, and what was asked, said and read. */
import { useEffect, useMemo, useRef, useState } from "react";
import { useKeys } from "../app/keys.ts";
import { go } from "../app/route.ts";
import { addMoments } from "../moments/moment-store.ts";
import { Timeline, type Track } from "../timeline/Timeline.tsx";
import { usePlayer } from "../video/use-player.ts";
import { neighbour, playerKeys } from "../video/video-keys.ts";
import { openFile } from "../video/video-store.ts";
import type { StudioRun, StudioSample } from "./read/studio-run.ts";
import type { SampleRow } from "./rows.ts";
import { toneOf } from "./tones.ts";

type Props = Readonly<{ row: SampleRow; runs: readonly StudioRun[]; file: File | undefined }>;

/** Where the container was not read, a step is a frame of 25 a second. */
const stepsASecond = 25;

export function SampleDetail({ row, runs, file }: Props) {
  const element = useRef<HTMLVideoElement>(null);
  const url = useObjectUrl(file);
  const timestamps = useMemo(
    () =>
      Float64Array.from({ length: Math.max(1, Math.ceil(row.duration * stepsASecond)) }, (_, i) => i / stepsASecond),
    [row.duration],
  );
  const player = usePlayer(element, { timestamps, duration: row.duration });
  const [selected, select] = useState<string | null>(null);
  const tracks = useMemo(() => tracksOf(row, runs), [row, runs]);
  const frames = useMemo(() => {
    const shown = row.samples.find((sample) => (sample?.frames?.length ?? 0) > 0)?.frames ?? [];
    return shown.map(({ time }) => ({ time, fit: null }));
  }, [row]);
  const spans = tracks.flatMap((track) => track.spans);
  const current = spans.find(({ id }) => id === selected) ?? null;
  const goTo = (offset: number) => {
    const next = neighbour(spans, selected, offset);
    if (next === undefined) return;
    select(next.id);
    player.seek(next.start);
  };
  useKeys(playerKeys(player, { current, goTo }));
  const correct = (sample: StudioSample) => {
    const moments = (sample.predicted ?? []).filter(({ start, end }) => Number.isFinite(start) && Number.isFinite(end));
    const video = file?.name ?? row.video;
    addMoments(
      video,
      row.duration,
      moments
        .slice(0, 1)
        .map(({ start, end }) => ({ start: Math.min(start, end), end: Math.max(start, end), label: row.question })),
    );
    if (file !== undefined) void openFile(file);
    go({ page: "annotate", values: {} });
  };
  return (
    <article className="detail" aria-label={`Sample ${row.question}`}>
      <header>
        <h2>{row.question}</h2>
        <p className="quiet small">{row.video}</p>
      </header>
      {url !== null && (
        // biome-ignore lint/a11y/useMediaCaption: the user's own file; there is no caption track to offer
        <video
          ref={element}
          src={url}
          className="detail-video"
          playsInline
          aria-label={`Video ${row.video}`}
          onClick={player.toggle}
        />
      )}
      {tracks.length > 0 && (
        <Timeline
          duration={row.duration}
          tracks={tracks}
          time={player.time}
          onSeek={player.seek}
          selected={selected}
          onSelect={(span) => {
            select(span.id);
            player.seek(span.start);
          }}
          onPlay={player.playSpan}
          frames={frames}
        />
      )}
      {url === null && tracks.length > 0 && (
        <p className="quiet small">Drop the video, or the folder of all videos, to play these moments.</p>
      )}
      <ul className="detail-runs">
        {row.samples.map((sample, i) => (
          <Said
            // biome-ignore lint/suspicious/noArrayIndexKey: places of runs
            key={i}
            run={runs[i] as StudioRun}
            sample={sample}
            tone={toneOf(i)}
            onCorrect={correct}
          />
        ))}
      </ul>
    </article>
  );
}

function tracksOf(row: SampleRow, runs: readonly StudioRun[]): Track[] {
  const truth: Track[] =
    row.truths === null
      ? []
      : [
          {
            id: "truth",
            label: "Truth",
            tone: "--truth",
            spans: row.truths.map(({ start, end }, i) => ({ id: `truth-${i}`, start, end })),
          },
        ];
  const predictions = row.samples.map((sample, place): Track => {
    const spans = (sample?.predicted ?? [])
      .filter(({ start, end }) => Number.isFinite(start) && Number.isFinite(end))
      .slice(0, 10)
      .map(({ start, end, score }, i) => ({
        id: `${place}-${i}`,
        start: Math.min(start, end),
        end: Math.max(start, end),
        ...(score !== undefined && { text: score.toFixed(2) }),
      }));
    const empty =
      sample === null ? "not in this run" : `no moment${sample.reason === null ? "" : `: ${sample.reason}`}`;
    return {
      id: `run-${place}`,
      label: (runs[place] as StudioRun).model,
      tone: toneOf(place),
      spans: spans.slice(0, 1),
      empty,
    };
  });
  const anySpan = truth.length > 0 || predictions.some(({ spans }) => spans.length > 0);
  return anySpan ? [...truth, ...predictions] : [];
}

type SaidProps = Readonly<{
  run: StudioRun;
  sample: StudioSample | null;
  tone: string;
  onCorrect: (sample: StudioSample) => void;
}>;

function Said({ run, sample, tone, onCorrect }: SaidProps) {
  return (
    <li className="said card">
      <header>
        <i className="said-mark" style={{ background: `var(${tone})` }} aria-hidden="true" />
        <h3>{run.model}</h3>
        {sample !== null && <Verdict sample={sample} />}
      </header>
      {sample === null ? (
        <p className="quiet">This run has no such sample.</p>
      ) : (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long replies are scrolled by key */}
          <pre className="said-reply" tabIndex={0}>
            {sample.reply ?? spansText(sample)}
          </pre>
          <dl className="answer-facts">
            {sample.target !== null && (
              <>
                <dt>Target</dt>
                <dd>{sample.target}</dd>
              </>
            )}
            {sample.options.length > 0 && (
              <>
                <dt>Options</dt>
                <dd>{sample.options.join(" · ")}</dd>
              </>
            )}
            <dt>Read</dt>
            <dd>{sample.rule ?? (sample.reason === null ? sample.outcome.status : `no: ${sample.reason}`)}</dd>
            {sample.frames !== null && sample.frames.length > 0 && (
              <>
                <dt>Frames</dt>
                <dd className="number">
                  {sample.frames.length} seen, at {sample.frames.map(({ time }) => time.toFixed(2)).join(", ")} s
                </dd>
              </>
            )}
          </dl>
          {sample.prompt !== null && (
            <details>
              <summary>Prompt</summary>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long prompts are scrolled by key */}
              <pre className="said-prompt" tabIndex={0}>
                {sample.prompt}
              </pre>
            </details>
          )}
          {(sample.predicted?.length ?? 0) > 0 && (
            <button type="button" className="button bare" onClick={() => onCorrect(sample)}>
              Correct it
            </button>
          )}
        </>
      )}
    </li>
  );
}

function Verdict({ sample }: Readonly<{ sample: StudioSample }>) {
  const { verdict, outcome } = sample;
  const value = outcome.values.iou;
  return (
    <span className={`badge verdict ${verdict === "hit" ? "good" : verdict === "not scored" ? "" : "bad"}`}>
      {verdict}
      {typeof value === "number" && ` · IoU ${value.toFixed(2)}`}
    </span>
  );
}

function spansText({ predicted }: StudioSample): string {
  const [first] = predicted ?? [];
  if (first === undefined) return "(no reply)";
  return `${first.start} – ${first.end} s${(predicted?.length ?? 0) > 1 ? `, and ${(predicted?.length ?? 0) - 1} more` : ""}`;
}

function useObjectUrl(file: File | undefined): string | null {
  const [url, set] = useState<string | null>(null);
  useEffect(() => {
    if (file === undefined) return set(null);
    const made = URL.createObjectURL(file);
    set(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return url;
}

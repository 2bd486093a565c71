/** A video with its moments: a timeline to move them on, a list to name them in, keys for both. */
import { useRef, useState } from "react";
import { useKeys } from "../app/keys.ts";
import { go } from "../app/route.ts";
import { newId, type OwnMoment, setMoments, useMoments } from "../moments/moment-store.ts";
import { nudged } from "../moments/nudge.ts";
import { saveFile } from "../parts/save-file.ts";
import { Timeline, type TrackSpan } from "../timeline/Timeline.tsx";
import { usePlayer } from "../video/use-player.ts";
import { VideoStage } from "../video/VideoStage.tsx";
import { edgeKeys, neighbour, playerKeys } from "../video/video-keys.ts";
import { closeVideo, type OpenVideo } from "../video/video-store.ts";
import { type ExportFormat, exportFormats, exportMoments, formatTexts, videoName } from "./export-moments.ts";

/** A moment that is begun and ended at once gets this length; seconds. */
const firstLength = 2;

export function AnnotateVideo({ video }: Readonly<{ video: OpenVideo }>) {
  const { facts } = video;
  const element = useRef<HTMLVideoElement>(null);
  const player = usePlayer(element, facts);
  const own = useMoments(facts.name, facts.duration);
  const { moments } = own;
  const [selected, select] = useState<string | null>(moments[0]?.id ?? null);
  const [format, setFormat] = useState<ExportFormat>("qvhighlights");
  const current = moments.find(({ id }) => id === selected) ?? null;

  const change = (next: readonly OwnMoment[]) => setMoments(facts.name, facts.duration, next);
  const replace = (moment: OwnMoment) => change(moments.map((each) => (each.id === moment.id ? moment : each)));
  const remove = (id: string) => {
    change(moments.filter((each) => each.id !== id));
    if (id === selected) select(null);
  };
  const begin = () => {
    const start = player.frameTime(player.time, 0);
    const end = Math.min(facts.duration, start + firstLength);
    const moment = { id: newId(), start: Math.min(start, end - 0.01), end, label: "" };
    change([...moments, moment]);
    select(moment.id);
  };
  const end = () => {
    if (current === null) return;
    replace({ ...current, ...nudged(current, "end", player.frameTime(player.time, 0), facts.duration) });
  };
  const edit = (span: TrackSpan, edge: "start" | "end", seconds: number) => {
    const moment = moments.find(({ id }) => id === span.id);
    if (moment === undefined) return;
    const next = { ...moment, ...nudged(moment, edge, seconds, facts.duration) };
    replace(next);
    player.seek(edge === "start" ? next.start : Math.max(next.start, next.end - 1e-3));
  };
  const goTo = (offset: number) => {
    const next = neighbour(moments, selected, offset);
    if (next === undefined) return;
    select(next.id);
    player.seek(next.start);
  };
  useKeys([
    { keys: ["i", "I"], does: "begin a moment here", run: begin },
    { keys: ["o", "O"], does: "end it here", run: end },
    { keys: ["Backspace", "Delete"], does: "delete it", run: () => current && remove(current.id) },
    ...playerKeys(player, { current, goTo }),
    ...edgeKeys(player, current, (edge, seconds) => current && edit(current, edge, seconds)),
  ]);
  const unnamed = moments.filter(({ label }) => label.trim() === "").length;
  const canSave = moments.length > unnamed;
  return (
    <div className="watch-grid">
      <div className="watch-main">
        <VideoStage video={video} element={element} player={player} />
        <Timeline
          duration={facts.duration}
          tracks={[
            {
              id: "own",
              label: "Moments",
              tone: "--accent",
              isEditable: true,
              empty: "none yet: play to where one begins and press I",
              spans: moments.map(({ id, start, end: stop, label }) => ({
                id,
                start,
                end: stop,
                text: label === "" ? "unnamed" : label,
              })),
            },
          ]}
          time={player.time}
          onSeek={player.seek}
          selected={selected}
          onSelect={(span) => {
            select(span.id);
            player.seek(span.start);
          }}
          onEdit={edit}
          onPlay={player.playSpan}
        />
        <div className="annotate-bar">
          <button type="button" className="button primary" onClick={begin}>
            Begin a moment <kbd className="key">I</kbd>
          </button>
          <button type="button" className="button" onClick={end} disabled={current === null}>
            End it here <kbd className="key">O</kbd>
          </button>
          <button
            type="button"
            className="button"
            onClick={() => current && player.playSpan(current)}
            disabled={current === null}
          >
            Play it <kbd className="key">Enter</kbd>
          </button>
          <span className="quiet small">
            <kbd className="key">,</kbd> <kbd className="key">.</kbd> move its start by a frame, with{" "}
            <kbd className="key">⇧</kbd> its end
          </span>
        </div>
      </div>
      <aside className="watch-side">
        <section className="moments card" aria-labelledby="moments-title">
          <h2 id="moments-title">
            Moments <span className="quiet number">{moments.length}</span>
          </h2>
          {moments.length === 0 ? (
            <p className="quiet">
              Nothing is marked. Press <kbd className="key">I</kbd> where something begins and{" "}
              <kbd className="key">O</kbd> where it ends.
            </p>
          ) : (
            <ol>
              {moments.map((moment) => (
                <li key={moment.id} className={moment.id === selected ? "chosen" : undefined}>
                  <button
                    type="button"
                    className="moment-time number"
                    aria-pressed={moment.id === selected}
                    onClick={() => {
                      select(moment.id);
                      player.seek(moment.start);
                    }}
                  >
                    {moment.start.toFixed(2)} – {moment.end.toFixed(2)} s
                  </button>
                  <button
                    type="button"
                    className="button bare icon"
                    aria-label={`Delete the moment at ${moment.start.toFixed(2)} seconds`}
                    onClick={() => remove(moment.id)}
                  >
                    ✕
                  </button>
                  <input
                    type="text"
                    aria-label={`What happens from ${moment.start.toFixed(2)} to ${moment.end.toFixed(2)} seconds`}
                    placeholder="What happens here?"
                    value={moment.label}
                    onFocus={() => select(moment.id)}
                    onChange={(event) => replace({ ...moment, label: event.target.value })}
                  />
                </li>
              ))}
            </ol>
          )}
        </section>
        <section className="card annotate-save" aria-labelledby="save-title">
          <h2 id="save-title">Save</h2>
          <label className="field" htmlFor="save-format">
            <span>Layout</span>
            <select id="save-format" value={format} onChange={(event) => setFormat(event.target.value as ExportFormat)}>
              {exportFormats.map((each) => (
                <option key={each} value={each}>
                  {formatTexts[each].name}: {formatTexts[each].about}
                </option>
              ))}
            </select>
          </label>
          <button
            type="button"
            className="button primary"
            disabled={!canSave}
            onClick={() => saveFile(`${videoName(facts.name)}.${formatTexts[format].file}`, exportMoments(format, own))}
          >
            Save moments
          </button>
          <p className="quiet small annotate-note" role="status">
            {unnamed > 0
              ? `${unnamed} without a name will be left out.`
              : "Times are seconds of the container's clock."}
          </p>
        </section>
        <button
          type="button"
          className="button bare"
          onClick={() => {
            closeVideo();
            go({ page: "annotate", values: {} });
          }}
        >
          Open another video
        </button>
      </aside>
    </div>
  );
}

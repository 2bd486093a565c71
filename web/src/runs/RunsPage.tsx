/** Runs: logs of any tool, sample by sample, on one timeline with the truth. */
import { useDeferredValue, useId, useMemo, useRef, useState } from "react";
import { useKeys } from "../app/keys.ts";
import { useRoute } from "../app/route.ts";
import { DropZone } from "../parts/DropZone.tsx";
import { droppedFiles } from "../parts/dropped-files.ts";
import { Notice } from "../parts/Notice.tsx";
import { filtered, type Order, orders, rowsOf, sorted, verdictCounts } from "./rows.ts";
import "./runs.css";
import { RunsStart } from "./RunsStart.tsx";
import { addFiles, dismissProblems, useRuns, videoFor } from "./run-store.ts";
import { SampleDetail } from "./SampleDetail.tsx";
import { SampleList } from "./SampleList.tsx";
import { ScoreTable } from "./ScoreTable.tsx";

export function RunsPage() {
  const state = useRuns();
  const { runs, problems, reading } = state;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an addition to the buttons inside
    <div
      className="runs"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        void droppedFiles(event.dataTransfer).then(addFiles);
      }}
    >
      {problems.length > 0 && (
        <Notice
          kind="bad"
          title={problems.length === 1 ? "A file could not be read" : `${problems.length} files could not be read`}
        >
          <ul>
            {problems.map(({ file, reason }) => (
              <li key={file}>
                <strong>{file}</strong>: <span className="quiet">{reason}</span>
              </li>
            ))}
          </ul>
          <div>
            <button type="button" className="button" onClick={dismissProblems}>
              Dismiss
            </button>
          </div>
        </Notice>
      )}
      {reading.length > 0 && (
        <p className="quiet" role="status">
          Reading {reading.join(", ")}
        </p>
      )}
      {runs.length === 0 ? (
        <RunsStart isReading={reading.length > 0} truths={state.truths} />
      ) : (
        <Loaded state={state} />
      )}
    </div>
  );
}

function Loaded({ state }: Readonly<{ state: ReturnType<typeof useRuns> }>) {
  const { runs, videos } = state;
  const { values, set } = useRoute();
  const search = useRef<HTMLInputElement>(null);
  const id = useId();
  const text = useDeferredValue(values.find ?? "");
  const group = values.group ?? "";
  const verdict = values.show ?? "";
  const order = orders.find((each) => each === values.order) ?? "as logged";
  const headline = runs[0]?.headline ?? "iou";
  const all = useMemo(() => rowsOf(runs), [runs]);
  const rows = useMemo(
    () => sorted(filtered(all, { text, group, verdict }), order, headline),
    [all, text, group, verdict, order, headline],
  );
  const [chosenKey, choose] = useState<string | null>(null);
  const found = rows.findIndex(({ key }) => key === chosenKey);
  const chosen = found >= 0 ? found : rows.length > 0 ? 0 : -1;
  const row = rows[chosen];
  const go = (offset: number) => {
    const next = rows[Math.min(Math.max(0, chosen + offset), rows.length - 1)];
    if (next !== undefined) choose(next.key);
  };
  useKeys([
    { keys: ["j", "ArrowDown"], does: "next sample", run: () => go(1) },
    { keys: ["k", "ArrowUp"], does: "previous sample", run: () => go(-1) },
    { keys: ["/"], does: "search", run: () => search.current?.focus() },
  ]);
  const groups = useMemo(() => groupsOf(runs), [runs]);
  const verdicts = useMemo(() => verdictCounts(runs), [runs]);
  return (
    <>
      <header className="runs-head">
        <h1>Runs</h1>
        <DropZone
          label="Add logs, truth or videos"
          multiple
          className="runs-add"
          onFiles={(files) => void addFiles(files)}
        />
      </header>
      <ScoreTable runs={runs} group={group} />
      <div className="runs-filters">
        <label htmlFor={`${id}-find`} className="visually-hidden">
          Search
        </label>
        <input
          ref={search}
          id={`${id}-find`}
          type="search"
          placeholder="Search queries, videos, replies  ( / )"
          value={values.find ?? ""}
          onChange={(event) => set({ find: event.target.value })}
        />
        <label htmlFor={`${id}-show`} className="visually-hidden">
          Outcome
        </label>
        <select id={`${id}-show`} value={verdict} onChange={(event) => set({ show: event.target.value })}>
          <option value="">All outcomes</option>
          <option value="not a hit">Not a hit</option>
          {runs.length > 1 && <option value="differ">Runs differ</option>}
          {verdicts.map(([name, count]) => (
            <option key={name} value={name}>
              {name} ({count})
            </option>
          ))}
        </select>
        {groups.length > 0 && (
          <>
            <label htmlFor={`${id}-group`} className="visually-hidden">
              Group
            </label>
            <select id={`${id}-group`} value={group} onChange={(event) => set({ group: event.target.value })}>
              <option value="">All aspects</option>
              {groups.map(({ grouping, names }) => (
                <optgroup key={grouping} label={grouping}>
                  {names.map((name) => (
                    <option key={name} value={`${grouping}=${name}`}>
                      {name}
                    </option>
                  ))}
                </optgroup>
              ))}
            </select>
          </>
        )}
        <label htmlFor={`${id}-order`} className="visually-hidden">
          Order
        </label>
        <select id={`${id}-order`} value={order} onChange={(event) => set({ order: event.target.value as Order })}>
          {orders.map((each) => (
            <option key={each} value={each}>
              {each[0]?.toUpperCase()}
              {each.slice(1)}
            </option>
          ))}
        </select>
        <span className="quiet small number runs-count" role="status">
          {rows.length} of {all.length} samples
        </span>
      </div>
      <div className="runs-grid">
        <SampleList rows={rows} runs={runs} chosen={chosen} onChoose={(index) => choose(rows[index]?.key ?? null)} />
        {row !== undefined && <SampleDetail key={row.key} row={row} runs={runs} file={videoFor(videos, row.video)} />}
      </div>
    </>
  );
}

function groupsOf(runs: ReturnType<typeof useRuns>["runs"]) {
  const groupings = new Map<string, Set<string>>();
  for (const { figures } of runs) {
    for (const [grouping, names] of Object.entries(figures.groups)) {
      const known = groupings.get(grouping) ?? new Set();
      for (const name of Object.keys(names)) known.add(name);
      groupings.set(grouping, known);
    }
  }
  return [...groupings].map(([grouping, names]) => ({ grouping, names: [...names].sort() }));
}

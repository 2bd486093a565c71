/** Transfer: a training as it goes, and what text taught about video: before and after, where it was lost, text against video. */
import { useCallback, useEffect, useMemo, useState } from "react";
import { useRoute } from "../app/route.ts";
import { DropZone } from "../parts/DropZone.tsx";
import { ErrorNotice } from "../parts/Notice.tsx";
import { listServedFiles, readServedFile, type ServedFile } from "../parts/server-files.ts";
import { readEvents, type Stage } from "./events.ts";
import { InsideFigures } from "./InsideFigures.tsx";
import { armLegend, correlationPlot, partLegend, probePlot, transferPlot } from "./plots.ts";
import { recordedResults } from "./recorded.ts";
import { type RecipeResult, readResults } from "./results.ts";
import { Training } from "./Training.tsx";
import { TransferFigure } from "./TransferFigure.tsx";
import "./transfer.css";
import { useLiveEvents } from "./use-live-events.ts";
import { useRunResults } from "./use-run-results.ts";

export function TransferPage() {
  const { values, set } = useRoute();
  const [served, setServed] = useState<readonly ServedFile[]>([]);
  const [dropped, setDropped] = useState<readonly Stage[]>([]);
  const [results, setResults] = useState<readonly RecipeResult[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const events = served.filter(({ kind }) => kind === "events");
  const path = events.find((file) => file.path === values.run)?.path ?? events[0]?.path ?? null;
  const live = useLiveEvents(dropped.length > 0 ? null : path);
  const stages = dropped.length > 0 ? dropped : live.stages;
  const own = useRunResults(served, path);
  const shown = [...own.results, ...results.filter(({ file }) => own.results.every((each) => each.file !== file))];

  useEffect(() => {
    listServedFiles().then(setServed, () => {});
    void loadRecorded().then(setResults);
  }, []);
  const take = useCallback(async (files: readonly File[]) => {
    setProblem(null);
    for (const file of files) {
      try {
        const text = await file.text();
        const found = file.name.endsWith(".jsonl") ? readEvents(text) : null;
        if (found === null) {
          const read = readResults(file.name, text);
          setResults((now) => [...now.filter((each) => each.file !== file.name), ...read]);
        } else if (found.length > 0) setDropped(found);
        else throw new Error("Expected events.jsonl of a training, got no step in it.");
      } catch (error) {
        setProblem(`${file.name}: ${(error as Error).message}`);
      }
    }
  }, []);
  const openServed = async (file: ServedFile) => {
    try {
      const read = readResults(file.path, await readServedFile(file.path));
      setResults((now) => [...now.filter((each) => each.file !== file.path), ...read]);
    } catch (error) {
      setProblem(`${file.path}: ${(error as Error).message}`);
    }
  };
  return (
    <div className="transfer">
      <header className="transfer-head">
        <div>
          <h1>From text to video</h1>
          <p className="lede">
            T3 teaches time in pure text. Here is the training as it goes, what became of video questions, and where the
            rest is lost.
          </p>
        </div>
        <DropZone
          label="Open events or results"
          multiple
          className="runs-add"
          accept=".json,.jsonl"
          onFiles={(files) => void take(files)}
        />
      </header>
      {problem !== null && <ErrorNotice title="A file could not be read" error={problem} />}
      {own.error !== null && <ErrorNotice title="Results of this run could not be read" error={own.error} />}
      {live.error !== null && <ErrorNotice title="The training is out of sight" error={live.error} />}
      <Training
        stages={stages}
        isLive={live.isLive}
        choices={events.map((file) => file.path)}
        chosen={path}
        onChoose={(run) => {
          setDropped([]);
          set({ run });
        }}
      />
      <div className="transfer-grid">
        {shown.map((result) =>
          result.kind === "inside" ? (
            <InsideFigures key={`${result.file}/${result.kind}`} inside={result.inside} />
          ) : (
            <Result key={`${result.file}/${result.kind}`} result={result} />
          ),
        )}
      </div>
      {served.some(({ kind }) => kind === "result") && (
        <section className="transfer-served">
          <h2>Results on this machine</h2>
          {served
            .filter(({ kind }) => kind === "result")
            .slice(0, 8)
            .map((file) => (
              <button key={file.path} type="button" className="button bare" onClick={() => void openServed(file)}>
                {file.path}
              </button>
            ))}
        </section>
      )}
    </div>
  );
}

async function loadRecorded(): Promise<RecipeResult[]> {
  const read = await Promise.all(
    recordedResults.map(async (name) => {
      const response = await fetch(`results/${name}`);
      try {
        return response.ok ? readResults(name, await response.text()) : [];
      } catch {
        // The site was built without it.
        return [];
      }
    }),
  );
  return read.flat();
}

type Plotted = Exclude<RecipeResult, { kind: "inside" }>;

function Result({ result }: Readonly<{ result: Plotted }>) {
  const options = useMemo(
    () => () =>
      result.kind === "transfer"
        ? transferPlot(result.rows)
        : result.kind === "probe"
          ? probePlot(result.rows)
          : correlationPlot(result.correlation),
    [result],
  );
  const seeds = result.seeds === null ? "" : ` · ${result.seeds} seed${result.seeds === 1 ? "" : "s"}`;
  const subject = `${result.command}${seeds}`;
  return <TransferFigure kind={result.kind} subject={subject} options={options} {...describe(result)} />;
}

function describe(result: Plotted) {
  if (result.kind === "transfer") {
    const total = result.rows.find(({ kind, total: isTotal }) => isTotal && kind === "temporal") ?? result.rows[0];
    const text =
      total === undefined
        ? ""
        : `${total.baseline.accuracy?.toFixed(1)} percent before, ${total.t3.accuracy?.toFixed(1)} after`;
    return {
      title: "Questions about videos, before and after",
      legend: armLegend,
      label: `Accuracy by task before and after T3. Temporal questions: ${text}.`,
      note: `Temporal questions: ${text}. Bars are 95 % intervals clustered by video, grey ticks chance.`,
    };
  }
  if (result.kind === "probe") {
    const all = result.rows.find(({ level, label }) => level === "all" || label === "all");
    const lost = (part: "lostInEncoder" | "lostInDecoder" | "lostInInterface") => all?.[part].value?.toFixed(1) ?? "?";
    const text = `encoder ${lost("lostInEncoder")}, decoder ${lost("lostInDecoder")}, interface ${lost("lostInInterface")} points`;
    return {
      title: result.file.includes("after") ? "Where time is lost, after T3" : "Where time is lost",
      legend: partLegend,
      label: `Losses by part: ${text}.`,
      note: `Over all aspects: ${text}. Below zero, the model as a whole beats the weaker of its parts.`,
    };
  }
  const { pearson } = result.correlation;
  return {
    title: "Better on text, better on video?",
    legend: [],
    label: `Scatter of accuracy on text and on video, Pearson ${pearson.r?.toFixed(2) ?? "not known"}.`,
    note: `Pearson r = ${pearson.r?.toFixed(2) ?? "–"}${pearson.p == null ? "" : `, p = ${pearson.p.toFixed(3)}`}.`,
  };
}

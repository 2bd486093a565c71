/** Figures of all runs with their intervals, and the paired difference of two. */
import { useEffect, useMemo, useState } from "react";
import type { Comparison, MetricEstimates } from "zoetrope/evals/runs/format";
import { compareRuns } from "./read/client.ts";
import type { StudioRun } from "./read/studio-run.ts";
import { removeRun } from "./run-store.ts";
import { toneOf } from "./tones.ts";

type Estimate = MetricEstimates[string];

const names: Readonly<Record<string, string>> = {
  iou: "mIoU",
  "iou@0.3": "R@0.3",
  "iou@0.5": "R@0.5",
  "iou@0.7": "R@0.7",
  accuracy: "Accuracy",
  map: "mAP",
  "map@0.5": "mAP@0.5",
  "map@0.75": "mAP@0.75",
  hit1: "HIT@1",
  soda_c: "SODA_c",
};

export function ScoreTable({ runs, group }: Readonly<{ runs: readonly StudioRun[]; group: string }>) {
  const metrics = useMemo(() => {
    const all = new Set(runs.flatMap(({ figures }) => Object.keys(figures.metrics)));
    return [...all].sort((a, b) => rank(a) - rank(b)).slice(0, 6);
  }, [runs]);
  return (
    <div className="scores card">
      <table>
        <thead>
          <tr>
            <th scope="col">Run</th>
            {metrics.map((metric) => (
              <th key={metric} scope="col" className="figure">
                {names[metric] ?? metric}
              </th>
            ))}
            <th scope="col" className="figure">
              Samples
            </th>
            <th scope="col" className="figure">
              Unparsed
            </th>
            <td />
          </tr>
        </thead>
        <tbody>
          {runs.map((run, i) => (
            <RunLine key={run.id} run={run} tone={toneOf(i)} metrics={metrics} group={group} />
          ))}
        </tbody>
      </table>
      {runs.length > 1 && <PairedLine a={runs[0] as StudioRun} b={runs[1] as StudioRun} />}
    </div>
  );
}

type LineProps = Readonly<{ run: StudioRun; tone: string; metrics: readonly string[]; group: string }>;

function RunLine({ run, tone, metrics, group }: LineProps) {
  const { figures } = run;
  const at = group.indexOf("=");
  const estimates = at < 0 ? figures.metrics : (figures.groups[group.slice(0, at)]?.[group.slice(at + 1)] ?? {});
  const n = Object.values(estimates)[0]?.n ?? run.samples.length;
  const missing = figures.counts.missing;
  return (
    <tr>
      <th scope="row">
        <i style={{ background: `var(${tone})` }} aria-hidden="true" />
        <span className="scores-name" title={run.file}>
          {run.model}
        </span>
        <span className="quiet small scores-about" title={run.notes.join("\n")}>
          {run.format} · {run.benchmark}
          {run.notes.length > 0 && ` · ${run.notes[0]}`}
        </span>
      </th>
      {metrics.map((metric) => (
        <td key={metric} className="figure number">
          <Figure estimate={estimates[metric]} />
        </td>
      ))}
      <td className="figure number">
        {n}
        {missing > 0 && <span className="quiet small"> {missing} missing</span>}
      </td>
      <td className="figure number">{figures.counts.unparsed}</td>
      <td>
        <button
          type="button"
          className="button bare icon"
          aria-label={`Remove ${run.model}`}
          onClick={() => removeRun(run.id)}
        >
          ✕
        </button>
      </td>
    </tr>
  );
}

function Figure({ estimate }: Readonly<{ estimate: Estimate | undefined }>) {
  if (estimate === undefined || estimate.value === null) return <span className="quiet">–</span>;
  return (
    <>
      <strong>{estimate.value.toFixed(1)}</strong>
      {estimate.low !== null && estimate.high !== null && (
        <span className="quiet small">
          {" "}
          [{estimate.low.toFixed(1)}, {estimate.high.toFixed(1)}]
        </span>
      )}
    </>
  );
}

/** Does the second run differ from the first, on the samples that both have? */
function PairedLine({ a, b }: Readonly<{ a: StudioRun; b: StudioRun }>) {
  const [comparison, set] = useState<Comparison | null>(null);
  useEffect(() => {
    let isOver = false;
    set(null);
    const outcomes = (run: StudioRun) => run.samples.map(({ outcome }) => outcome);
    compareRuns(outcomes(a), outcomes(b), a.headline).then(
      (result) => !isOver && set(result),
      () => {},
    );
    return () => {
      isOver = true;
    };
  }, [a, b]);
  return (
    <p className="scores-pair number">
      {comparison === null ? "Comparing the first two runs" : said(comparison, a, b)}
    </p>
  );
}

function said(comparison: Comparison, a: StudioRun, b: StudioRun): string {
  const { difference, n, videos, metric } = comparison;
  if (n === 0 || difference.value === null) return `${a.model} and ${b.model} have no sample in common.`;
  const { value, low, high } = difference;
  const sign = (number: number) => `${number > 0 ? "+" : ""}${number.toFixed(1)}`;
  const interval = low === null || high === null ? "" : ` [${sign(low)}, ${sign(high)}]`;
  const p =
    videos.p === null ? "" : `, sign test over videos p = ${videos.p < 0.001 ? "< 0.001" : videos.p.toFixed(3)}`;
  return `${b.model} minus ${a.model} on ${n} common samples: ${names[metric] ?? metric} ${sign(value)}${interval} points; of ${videos.ahead + videos.behind} videos that differ it is ahead on ${videos.ahead}${p}.`;
}

const firstMetrics = ["accuracy", "iou", "iou@0.3", "iou@0.5", "iou@0.7", "map", "soda_c"];

function rank(metric: string): number {
  const at = firstMetrics.indexOf(metric);
  return at < 0 ? firstMetrics.length : at;
}

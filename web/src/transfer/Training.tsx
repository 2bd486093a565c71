/** A training's curve and its pace, while it runs or after. */
import { useMemo, useState } from "react";
import { PlotFigure } from "../parts/PlotFigure.tsx";
import type { Stage } from "./events.ts";
import { lossPlot } from "./plots.ts";

type Props = Readonly<{
  stages: readonly Stage[];
  isLive: boolean;
  /** Event logs that are served, and the one that is shown. */
  choices: readonly string[];
  chosen: string | null;
  onChoose: (path: string) => void;
}>;

export function Training({ stages, isLive, choices, chosen, onChoose }: Props) {
  const [picked, pick] = useState<string | null>(null);
  const stage = stages.find(({ name }) => name === picked) ?? stages.at(-1) ?? null;
  const options = useMemo(() => () => (stage === null ? { marks: [] } : lossPlot(stage)), [stage]);
  if (stage === null) {
    return (
      <section className="card training-none">
        <h2>No training in sight</h2>
        <p className="quiet">
          Start one with <code>zoetrope reproduce t3</code> and this page with <code>zoetrope studio --runs runs</code>,
          and its loss is drawn here while it trains. Or drop the <code>events.jsonl</code> of a finished one.
        </p>
      </section>
    );
  }
  const last = stage.steps.at(-1);
  return (
    <figure className="card training">
      <figcaption>
        <div>
          <h2>Training {stage.name}</h2>
          <p className="quiet small number" role="status">
            {last === undefined ? "" : paceOf(last)}
          </p>
        </div>
        <div className="training-choices">
          {isLive && <span className="badge live">watching</span>}
          {choices.length > 1 && (
            <label>
              <span className="visually-hidden">Training</span>
              <select value={chosen ?? ""} onChange={(event) => onChoose(event.target.value)}>
                {choices.map((path) => (
                  <option key={path}>{path}</option>
                ))}
              </select>
            </label>
          )}
          {stages.length > 1 && (
            <label>
              <span className="visually-hidden">Stage</span>
              <select value={stage.name} onChange={(event) => pick(event.target.value)}>
                {stages.map(({ name }) => (
                  <option key={name}>{name}</option>
                ))}
              </select>
            </label>
          )}
        </div>
      </figcaption>
      <PlotFigure
        label={`Loss of ${stage.name} by step, ${last?.loss.toFixed(3)} at step ${last?.step}.`}
        options={options}
      />
    </figure>
  );
}

function paceOf({ step, steps, loss, tokensPerSecond, etaSeconds }: Stage["steps"][0]): string {
  const pace =
    tokensPerSecond === undefined ? "" : `, ${Math.round(tokensPerSecond).toLocaleString("en")} tokens a second`;
  const left = etaSeconds === undefined || step >= steps ? "" : `, about ${minutes(etaSeconds)} left`;
  return `Step ${step} of ${steps}, loss ${loss.toFixed(4)}${pace}${left}`;
}

function minutes(seconds: number): string {
  return seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

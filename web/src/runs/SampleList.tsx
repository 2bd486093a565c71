/** All samples, however many: only the rows in sight are on the page. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, useEffect, useRef } from "react";
import type { StudioRun, StudioSample } from "./read/studio-run.ts";
import type { SampleRow } from "./rows.ts";
import { toneOf } from "./tones.ts";

type Props = Readonly<{
  rows: readonly SampleRow[];
  runs: readonly StudioRun[];
  chosen: number;
  onChoose: (index: number) => void;
}>;

const baseHeight = 46;
const lineHeight = 7;

export function SampleList({ rows, runs, chosen, onChoose }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const height = baseHeight + Math.max(0, runs.length - 2) * lineHeight;
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 12,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new choice alone scrolls
  useEffect(() => {
    if (chosen >= 0 && chosen < rows.length) list.scrollToIndex(chosen, { align: "auto" });
  }, [chosen]);
  if (rows.length === 0)
    return <p className="samples-none quiet">No sample fits these filters. Take one of them away.</p>;
  return (
    <div
      ref={scroller}
      className="sample-list"
      role="listbox"
      aria-label={`${rows.length} samples`}
      tabIndex={0}
      aria-activedescendant={chosen >= 0 ? `sample-${chosen}` : undefined}
    >
      <div style={{ height: list.getTotalSize(), position: "relative" }} role="presentation">
        {list.getVirtualItems().map((item) => (
          <Row
            key={item.key}
            index={item.index}
            row={rows[item.index] as SampleRow}
            top={item.start}
            height={height}
            isChosen={item.index === chosen}
            onChoose={onChoose}
          />
        ))}
      </div>
    </div>
  );
}

type RowProps = Readonly<{
  index: number;
  row: SampleRow;
  top: number;
  height: number;
  isChosen: boolean;
  onChoose: (index: number) => void;
}>;

const Row = memo(function Row({ index, row, top, height, isChosen, onChoose }: RowProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list is walked with J and K
    <div
      id={`sample-${index}`}
      role="option"
      tabIndex={-1}
      aria-selected={isChosen}
      className="sample-row"
      style={{ height, transform: `translateY(${top}px)` }}
      onClick={() => onChoose(index)}
    >
      <span className="sample-text">
        <span className="sample-question">{row.question}</span>
        <span className="quiet small sample-video">{row.video}</span>
      </span>
      <MiniTimeline row={row} />
      <span className="sample-values number">
        {row.samples.map((sample, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: places of runs
          <span key={i} style={{ color: `var(${toneOf(i)})` }}>
            {valueText(sample)}
          </span>
        ))}
      </span>
    </div>
  );
});

function valueText(sample: StudioSample | null): string {
  if (sample === null) return "–";
  const { values, status } = sample.outcome;
  if (status === "unparsed" || status === "missing") return status === "missing" ? "missing" : "unparsed";
  const value = values.iou ?? values.accuracy ?? Object.values(values)[0];
  if (typeof value !== "number") return "–";
  return values.iou === undefined && (value === 0 || value === 1)
    ? value === 1
      ? "right"
      : "wrong"
    : value.toFixed(2);
}

/** Truth above, one line a run below. */
function MiniTimeline({ row }: Readonly<{ row: SampleRow }>) {
  const { duration, truths, samples } = row;
  if (truths === null && samples.every((sample) => (sample?.predicted?.length ?? 0) === 0)) return <span />;
  const bar = (start: number, end: number, y: number, tone: string, key: string) =>
    Number.isFinite(start) && Number.isFinite(end) ? (
      <rect
        key={key}
        x={`${(100 * Math.max(0, Math.min(start, end))) / duration}%`}
        width={`${Math.max(0.8, (100 * Math.abs(end - start)) / duration)}%`}
        y={y}
        height={5}
        rx={1.5}
        fill={`var(${tone})`}
      />
    ) : null;
  const height = 7 * (samples.length + 1) + 1;
  return (
    <svg className="mini" width="100%" height={height} aria-hidden="true">
      {(truths ?? []).map(({ start, end }, i) => bar(start, end, 1, "--truth", `t${i}`))}
      {samples.flatMap((sample, place) =>
        (sample?.predicted ?? [])
          .slice(0, 1)
          .map(({ start, end }) => bar(start, end, 8 + 7 * place, toneOf(place), `p${place}`)),
      )}
    </svg>
  );
}

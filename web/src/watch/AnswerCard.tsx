/** One answer: its moments, the words that they were read from, and everything needed to check it. */
import type { Answer } from "../engine/protocol.ts";
import { saveFile } from "../parts/save-file.ts";
import { answerRecord } from "./answer-record.ts";

export type NumberedAnswer = Readonly<{ id: number; tone: string; answer: Answer; video: string }>;

type Props = Readonly<{
  entry: NumberedAnswer;
  isChosen: boolean;
  onChoose: () => void;
  onPlay: (span: Readonly<{ start: number; end: number }>) => void;
  onCorrect: () => void;
}>;

export function AnswerCard({ entry, isChosen, onChoose, onPlay, onCorrect }: Props) {
  const { answer, tone } = entry;
  const { request, reading, spans } = answer;
  return (
    <li className={`answer card${isChosen ? " chosen" : ""}`} style={{ ["--tone" as string]: `var(${tone})` }}>
      <button type="button" className="answer-head" aria-pressed={isChosen} onClick={onChoose}>
        <i aria-hidden="true" />
        <strong>{request.text}</strong>
        <span className="quiet small">
          {answer.model} · {answer.seconds.toFixed(1)} s
        </span>
      </button>
      {request.intent === "question" ? (
        <p className="answer-said">{answer.reply === "" ? "The model said nothing." : answer.reply}</p>
      ) : spans.length > 0 ? (
        <ul className="answer-spans">
          {spans.map((span) => (
            <li key={`${span.start}-${span.end}`}>
              <button type="button" className="button" onClick={() => onPlay(span)}>
                <span aria-hidden="true">▶</span>
                <span className="number">
                  {span.start.toFixed(2)} – {span.end.toFixed(2)} s
                </span>
              </button>
            </li>
          ))}
        </ul>
      ) : (
        <p className="answer-said">No moment: {reading.kind === "unread" ? reading.reason : "nothing was read"}.</p>
      )}
      {answer.unknownWords.length > 0 && request.readout === "direct" && (
        <p className="small quiet">
          This model has never met{" "}
          {answer.unknownWords
            .slice(0, 8)
            .map((word) => `“${word}”`)
            .join(", ")}
          {answer.unknownWords.length > 8 ? " and more" : ""}; expect nonsense.
        </p>
      )}
      <details>
        <summary>Prompt, reply, reading</summary>
        <dl className="answer-facts">
          <dt>Prompt</dt>
          <dd>
            <pre>{answer.prompt}</pre>
          </dd>
          <dt>Reply</dt>
          <dd>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long replies are scrolled by key */}
            <pre tabIndex={0}>{answer.reply === "" ? "(empty)" : answer.reply}</pre>
          </dd>
          <dt>Read as</dt>
          <dd>{reading.kind === "read" ? reading.rule : `nothing: ${reading.reason}`}</dd>
          <dt>Tokens</dt>
          <dd className="number">
            {answer.promptTokens ?? "?"} read, {answer.newTokens ?? "?"} written
          </dd>
          <dt>Model</dt>
          <dd className="mono">{answer.fingerprint ?? answer.model}</dd>
        </dl>
      </details>
      <div className="answer-actions">
        {request.intent === "when" && (
          <button type="button" className="button bare" onClick={onCorrect}>
            Correct it
          </button>
        )}
        <button
          type="button"
          className="button bare"
          onClick={() => saveFile(`${entry.video}.answer.json`, `${JSON.stringify(answerRecord(entry), null, 2)}\n`)}
        >
          Save
        </button>
      </div>
    </li>
  );
}

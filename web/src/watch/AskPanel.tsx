/** Where a question is put: what, to whom, with which frames. */
import { useId } from "react";
import type { ListedModel, Progress, Readout } from "../engine/protocol.ts";
import { Segments } from "../parts/Segments.tsx";
import { type AskSettings, prompts, shapes } from "./settings.ts";

type Props = Readonly<{
  settings: AskSettings;
  models: readonly ListedModel[];
  canAsk: boolean;
  progress: Progress | null;
  /** Names of the address and their new values; null takes one away. */
  onChange: (values: Readonly<Record<string, string | null>>) => void;
  onKey: (key: string) => void;
  onAsk: () => void;
  onStop: () => void;
}>;

const placeholders = { when: "the red circle grows", question: "What color is the circle?" } as const;

export function AskPanel(props: Props) {
  const { settings, models, canAsk, progress, onChange, onAsk, onStop } = props;
  const { intent, text, model, readout } = settings;
  const id = useId();
  const isReady = canAsk && text.trim() !== "" && (model.kind === "local" || model.model !== "");
  return (
    <form
      className="ask card"
      aria-label="Ask"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady && progress === null) onAsk();
      }}
    >
      <Segments
        label="What to ask for"
        value={intent}
        options={[
          { value: "when", text: "When?", title: "Find the moment of a query" },
          { value: "question", text: "Question", title: "Ask anything about the video" },
        ]}
        onChange={(value) => onChange({ ask: value === "when" ? null : value })}
      />
      <label className="field" htmlFor={`${id}-text`}>
        <span>{intent === "when" ? "When does this happen?" : "Your question"}</span>
        <textarea
          id={`${id}-text`}
          rows={2}
          value={text}
          placeholder={placeholders[intent]}
          onChange={(event) => onChange({ q: event.target.value })}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
              event.preventDefault();
              event.currentTarget.form?.requestSubmit();
            }
          }}
        />
      </label>
      <label className="field" htmlFor={`${id}-model`}>
        <span>Who answers</span>
        <select
          id={`${id}-model`}
          value={model.kind === "endpoint" ? "endpoint" : model.name}
          onChange={(event) => onChange({ model: event.target.value, readout: null, fps: null, prompt: null })}
        >
          <optgroup label="In this browser">
            {models.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </optgroup>
          <optgroup label="Elsewhere">
            <option value="endpoint">OpenAI-compatible endpoint</option>
          </optgroup>
        </select>
      </label>
      {model.kind === "endpoint" && <EndpointFields {...props} endpoint={model} />}
      <details>
        <summary>{summaryOf(settings)}</summary>
        <div className="ask-settings">
          {model.kind === "local" && intent === "when" && (
            <Segments<Readout>
              label="How the moment is found"
              value={readout}
              options={[
                { value: "by frame", text: "Frame by frame", title: "What every frame shows, then where it fits" },
                { value: "direct", text: "One question", title: "Ask for the time and read the reply" },
              ]}
              onChange={(value) => onChange({ readout: value, fps: null })}
            />
          )}
          {intent === "when" && readout === "direct" && (
            <label className="field" htmlFor={`${id}-prompt`}>
              <span>Wording</span>
              <select
                id={`${id}-prompt`}
                value={settings.prompt}
                onChange={(event) => onChange({ prompt: event.target.value })}
              >
                {prompts.map(({ value, text: shown }) => (
                  <option key={value} value={value}>
                    {shown}
                  </option>
                ))}
              </select>
            </label>
          )}
          <div className="ask-pair">
            <label className="field" htmlFor={`${id}-fps`}>
              <span>Frames a second</span>
              <input
                id={`${id}-fps`}
                type="number"
                min="0.1"
                max="60"
                step="any"
                value={settings.fps}
                onChange={(event) => onChange({ fps: event.target.value })}
              />
            </label>
            <label className="field" htmlFor={`${id}-budget`}>
              <span>Frames at most</span>
              <input
                id={`${id}-budget`}
                type="number"
                min="1"
                max="512"
                value={settings.budget}
                onChange={(event) => onChange({ frames: event.target.value })}
              />
            </label>
          </div>
        </div>
      </details>
      <div className="ask-action">
        {progress === null ? (
          <button type="submit" className="button primary" disabled={!isReady}>
            {intent === "when" ? "Find the moment" : "Ask"}
          </button>
        ) : (
          <button type="button" className="button" onClick={onStop}>
            Stop
          </button>
        )}
        <div className="ask-progress" role="status">
          {progress !== null && (
            <>
              <span className="small quiet number">{progress.text}</span>
              <div className={`progress${progress.part === null ? " unknown" : ""}`}>
                <div style={progress.part === null ? {} : { width: `${100 * progress.part}%` }} />
              </div>
            </>
          )}
        </div>
      </div>
    </form>
  );
}

function EndpointFields({
  endpoint,
  onChange,
  onKey,
}: Props & Readonly<{ endpoint: Extract<AskSettings["model"], { kind: "endpoint" }> }>) {
  const id = useId();
  return (
    <div className="ask-endpoint">
      <label className="field" htmlFor={`${id}-url`}>
        <span>Address</span>
        <input
          id={`${id}-url`}
          type="url"
          value={endpoint.url}
          placeholder="http://127.0.0.1:8000/v1"
          onChange={(event) => onChange({ url: event.target.value })}
        />
      </label>
      <div className="ask-pair">
        <label className="field" htmlFor={`${id}-name`}>
          <span>Model</span>
          <input
            id={`${id}-name`}
            type="text"
            value={endpoint.model}
            placeholder="Qwen/Qwen2.5-VL-7B-Instruct"
            onChange={(event) => onChange({ name: event.target.value })}
          />
        </label>
        <label className="field" htmlFor={`${id}-key`}>
          <span>Key, if it needs one</span>
          <input
            id={`${id}-key`}
            type="password"
            autoComplete="off"
            value={endpoint.key}
            onChange={(event) => onKey(event.target.value)}
          />
        </label>
      </div>
      <label className="field" htmlFor={`${id}-shape`}>
        <span>How frames are sent</span>
        <select
          id={`${id}-shape`}
          value={endpoint.shape}
          onChange={(event) => onChange({ shape: event.target.value === "frames" ? null : event.target.value })}
        >
          {shapes.map(({ value, text }) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      </label>
      <p className="small quiet">
        The chosen frames are sent to this address. The key stays in this page's memory and is never stored.
      </p>
    </div>
  );
}

function summaryOf({ fps, budget, readout, intent, prompt }: AskSettings): string {
  const frames = `${fps} frames a second, ${budget} at most`;
  if (intent === "question") return frames;
  if (readout === "by frame") return `Frame by frame, ${frames}`;
  return `${prompts.find(({ value }) => value === prompt)?.text ?? prompt}, ${frames}`;
}

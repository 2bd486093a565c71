/** What the keys do, and what the page is for. */
import { useEffect, useRef } from "react";
import type { Page } from "./route.ts";

type Keys = readonly Readonly<{ keys: readonly string[]; does: string }>[];

const player: Keys = [
  { keys: ["Space"], does: "play, pause" },
  { keys: ["←", "→"], does: "one frame back, forth" },
  { keys: ["⇧ ←", "⇧ →"], does: "one second back, forth" },
  { keys: ["Enter"], does: "play the chosen moment" },
  { keys: ["N", "P"], does: "choose the next, previous moment" },
  { keys: ["+", "−", "0"], does: "zoom the timeline in, out, all" },
];

const edges: Keys = [
  { keys: [",", "."], does: "start one frame earlier, later" },
  { keys: ["⇧ ,", "⇧ ."], does: "end one frame earlier, later" },
  { keys: ["[", "]"], does: "start, end at the playhead" },
];

const annotate: Keys = [
  { keys: ["I", "O"], does: "begin a moment here, end it here" },
  { keys: ["⌫"], does: "delete the chosen moment" },
];

const runs: Keys = [
  { keys: ["J", "K"], does: "next, previous sample" },
  { keys: ["/"], does: "search" },
];

const about: Readonly<Record<Page, string>> = {
  watch:
    "Drop a video and ask when something happens. The frames under the timeline are the very ones that the model saw, with the container's times and the numbers that were drawn on them. The video does not leave this machine unless you choose an endpoint, which then gets these frames.",
  runs: "Drop run logs, also those of other tools, and look at every sample: what was asked, said, read and true. Drop the truth or a folder of videos besides, and they are matched by name.",
  transfer:
    "A run of reproduce t3 while it trains, and what came of it: drop its folder's files, or serve them with zoetrope studio.",
  annotate: "Mark moments on a video, or correct those of a model, and save them in the layout that your tools read.",
};

export function Help({ isOpen, onClose, page }: Readonly<{ isOpen: boolean; onClose: () => void; page: Page }>) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isOpen && !dialog.current?.open) dialog.current?.showModal();
    if (!isOpen) dialog.current?.close();
  }, [isOpen]);
  return (
    <dialog ref={dialog} className="help" onClose={onClose} aria-labelledby="help-title">
      <header>
        <h2 id="help-title">Help and keys</h2>
        <button type="button" className="button bare icon" aria-label="Close" onClick={onClose}>
          ✕
        </button>
      </header>
      <p className="quiet">{about[page]}</p>
      <div className="columns" style={{ marginTop: "var(--space-4)" }}>
        <KeyList title="Video" keys={player} />
        <KeyList title="Edges of the chosen moment" keys={edges} />
        <KeyList title="Runs" keys={runs} />
        <KeyList title="Annotate" keys={annotate} />
      </div>
    </dialog>
  );
}

function KeyList({ title, keys }: Readonly<{ title: string; keys: Keys }>) {
  return (
    <section>
      <h3>{title}</h3>
      <dl>
        {keys.map((entry) => (
          <div key={entry.does} style={{ display: "contents" }}>
            <dt>
              {entry.keys.map((each) => (
                <kbd className="key" key={each} style={{ marginRight: 4 }}>
                  {each}
                </kbd>
              ))}
            </dt>
            <dd>{entry.does}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

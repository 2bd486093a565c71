/**
 * Keys of a page. They are off while the user types, and listed in the help.
 */
import { useEffect, useRef } from "react";

export type KeyAction = Readonly<{
  /** As KeyboardEvent.key has it, with "Shift+" in front where it matters: "Shift+ArrowLeft". */
  keys: readonly string[];
  does: string;
  run: (event: KeyboardEvent) => void;
}>;

const typing =
  "input:not([type=checkbox]):not([type=radio]):not([type=range]), textarea, select, [contenteditable=true]";

/** Bind keys while the component is there. A dialog that is open keeps them all. */
export function useKeys(actions: readonly KeyAction[]): void {
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const target = event.target instanceof Element ? event.target : null;
      if (event.ctrlKey || event.metaKey || event.altKey || target?.closest(typing)) return;
      if (document.querySelector("dialog[open]") !== null) return;
      // A focused button keeps Space and Enter for itself.
      if ((event.key === " " || event.key === "Enter") && target?.closest("button, a, summary, [role=option]")) return;
      const shifted = event.shiftKey ? `Shift+${event.key}` : event.key;
      const action = latest.current.find(({ keys }) => keys.includes(shifted) || keys.includes(event.key));
      if (action === undefined) return;
      event.preventDefault();
      action.run(event);
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
}

/** A plot of Observable Plot as wide as its place, with a text for those who do not see it. */
import * as Plot from "@observablehq/plot";
import { useEffect, useRef, useState } from "react";

type Props = Readonly<{
  /** Read out in place of the picture. */
  label: string;
  options: (width: number) => Plot.PlotOptions;
}>;

export function PlotFigure({ label, options }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.round(entry?.contentRect.width ?? 0)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const element = box.current;
    if (element === null || width === 0) return;
    const style = { fontFamily: "var(--sans)", fontSize: "12px", background: "transparent", overflow: "visible" };
    const drawn = Plot.plot({ style, width, ...options(width) });
    drawn.setAttribute("aria-hidden", "true");
    element.replaceChildren(drawn);
    return () => drawn.remove();
  }, [options, width]);
  return <div ref={box} role="img" aria-label={label} className="plot" />;
}

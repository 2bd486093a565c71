/** The frame around the pages: their names, the theme, the help. */
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { WatchPage } from "../watch/WatchPage.tsx";
import "./app.css";
import { Help } from "./Help.tsx";
import { useKeys } from "./keys.ts";
import { formatRoute, type Page, useRoute } from "./route.ts";
import { type Theme, themes, useTheme } from "./theme.ts";

const RunsPage = lazy(async () => ({ default: (await import("../runs/RunsPage.tsx")).RunsPage }));
const TransferPage = lazy(async () => ({ default: (await import("../transfer/TransferPage.tsx")).TransferPage }));
const AnnotatePage = lazy(async () => ({ default: (await import("../annotate/AnnotatePage.tsx")).AnnotatePage }));

const titles: Readonly<Record<Page, string>> = {
  watch: "Watch",
  runs: "Runs",
  transfer: "Transfer",
  annotate: "Annotate",
};

const themeIcons: Readonly<Record<Theme, string>> = { system: "◐", light: "☀", dark: "☾" };

export function App() {
  const { page } = useRoute();
  const [theme, setTheme] = useTheme();
  const [isHelpOpen, openHelp] = useState(false);
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  useKeys([{ keys: ["?"], does: "Show this help", run: () => openHelp(true) }]);
  useEffect(() => {
    document.title = `${titles[page]} · Zoetrope studio`;
    // A new page is read out from its beginning.
    if (!isFirst.current) main.current?.focus({ preventScroll: true });
    isFirst.current = false;
  }, [page]);
  const nextTheme = themes[(themes.indexOf(theme) + 1) % themes.length] as Theme;
  return (
    <>
      <button type="button" className="skip button" onClick={() => main.current?.focus()}>
        Skip to the page
      </button>
      <header className="app-bar">
        <a className="app-name" href="#/watch">
          <Mark />
          Zoetrope <span>studio</span>
        </a>
        <nav aria-label="Pages">
          {Object.entries(titles).map(([name, title]) => (
            <a
              key={name}
              href={formatRoute({ page: name as Page, values: {} })}
              aria-current={name === page ? "page" : undefined}
            >
              {title}
            </a>
          ))}
        </nav>
        <div className="app-tools">
          <button
            type="button"
            className="button bare icon"
            aria-label={`Theme: ${theme}. Change to ${nextTheme}`}
            title={`Theme: ${theme}`}
            onClick={() => setTheme(nextTheme)}
          >
            {themeIcons[theme]}
          </button>
          <button type="button" className="button bare icon" aria-label="Help and keys" onClick={() => openHelp(true)}>
            ?
          </button>
        </div>
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        <Suspense fallback={<p className="app-wait quiet">Opening the page</p>}>
          {page === "watch" && <WatchPage />}
          {page === "runs" && <RunsPage />}
          {page === "transfer" && <TransferPage />}
          {page === "annotate" && <AnnotatePage />}
        </Suspense>
      </main>
      <Help isOpen={isHelpOpen} onClose={() => openHelp(false)} page={page} />
    </>
  );
}

/** Slits of a zoetrope's drum, seen from the side. */
function Mark() {
  return (
    <svg width="22" height="22" viewBox="0 0 22 22" aria-hidden="true">
      <rect x="1" y="4" width="20" height="14" rx="3" fill="none" stroke="currentColor" strokeWidth="1.6" />
      {[5, 8.6, 12.2, 15.8].map((x, i) => (
        <rect key={x} x={x} y="7.5" width="1.8" height="7" rx="0.9" fill={i === 2 ? "var(--accent)" : "currentColor"} />
      ))}
    </svg>
  );
}

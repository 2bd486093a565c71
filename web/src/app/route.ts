/**
 * Where the user is, in the address behind "#": the page, and what it shows as far as text can say it. Works on any file
 * server, survives a reload and can be sent to somebody.
 */
import { useCallback, useSyncExternalStore } from "react";

export const pages = ["watch", "runs", "transfer", "annotate"] as const;
export type Page = (typeof pages)[number];

export type Route = Readonly<{ page: Page; values: Readonly<Record<string, string>> }>;

/** Read "#/watch?sample=red-circle". Anything else is the first page. */
export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  const page = pages.find((each) => each === path) ?? "watch";
  return { page, values: Object.fromEntries(new URLSearchParams(query)) };
}

export function formatRoute({ page, values }: Route): string {
  const query = new URLSearchParams(Object.entries(values).filter(([, value]) => value !== "")).toString();
  return `#/${page}${query === "" ? "" : `?${query}`}`;
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("hashchange", listener);
  return () => window.removeEventListener("hashchange", listener);
}

let cached: { hash: string; route: Route } | undefined;

function current(): Route {
  const { hash } = window.location;
  if (cached?.hash !== hash) cached = { hash, route: parseRoute(hash) };
  return cached.route;
}

/** Values that change all the time replace the entry of the history instead of adding one. */
export type SetValues = (values: Readonly<Record<string, string | null>>, options?: { replace?: boolean }) => void;

export function useRoute(): Route & Readonly<{ set: SetValues }> {
  const route = useSyncExternalStore(subscribe, current);
  const set = useCallback<SetValues>((values, { replace = true } = {}) => {
    const now = current();
    const merged = { ...now.values };
    for (const [name, value] of Object.entries(values)) {
      if (value === null || value === "") delete merged[name];
      else merged[name] = value;
    }
    go({ page: now.page, values: merged }, { replace });
  }, []);
  return { ...route, set };
}

/** Go to a page. */
export function go(route: Route, { replace = false } = {}): void {
  const hash = formatRoute(route);
  if (hash === window.location.hash) return;
  if (!replace) window.location.hash = hash;
  else {
    window.history.replaceState(null, "", hash);
    window.dispatchEvent(new HashChangeEvent("hashchange"));
  }
}

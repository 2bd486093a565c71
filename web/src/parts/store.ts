/** A value outside React that pages share, and that lives on while another page is shown. */
import { useSyncExternalStore } from "react";

export type Store<T> = Readonly<{ get: () => T; set: (next: T) => void; use: () => T }>;

export function createStore<T>(initial: T): Store<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const get = () => value;
  return {
    get,
    set(next) {
      value = next;
      for (const listener of listeners) listener();
    },
    use: () => useSyncExternalStore(subscribe, get),
  };
}

/** Light, dark, or as the system has it; kept in this browser. */
import { useCallback, useState } from "react";

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

const key = "zoetrope.theme";

function stored(): Theme {
  try {
    return themes.find((each) => each === localStorage.getItem(key)) ?? "system";
  } catch {
    // Storage may be forbidden; the system's theme is fine.
    return "system";
  }
}

/** Put the theme on the page. */
export function applyTheme(theme: Theme = stored()): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  const [theme, set] = useState(stored);
  const choose = useCallback((next: Theme) => {
    set(next);
    applyTheme(next);
    try {
      localStorage.setItem(key, next);
    } catch {
      // Not kept, then.
    }
  }, []);
  return [theme, choose];
}

import "@fontsource-variable/inter/index.css";
import "./style/tokens.css";
import "./style/base.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App.tsx";
import { applyTheme } from "./app/theme.ts";

applyTheme();
const root = document.getElementById("root");
if (root === null) throw new Error("Expected an element #root on the page, got none.");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);

/**
 * The page that every report is: one HTML file that asks nothing of the network, and says so to browsers.
 */
import { html, type Markup } from "./html.ts";
import { stylesheet } from "./stylesheet.ts";

/** The page as text. `body` is all of it but the footer. */
export function pageText(title: string, body: Markup): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${{ markup: stylesheet }}</style>
</head>
<body>
${body}
<footer><p>Made by Zoetrope. This file is complete in itself: it loads nothing from anywhere.</p></footer>
</body>
</html>
`;
  return page.markup;
}

/** The studio's content security policy in the page itself, for file servers that send no headers. */
import type { Plugin } from "vite";
import { contentSecurityPolicy } from "../../src/serve/studio/index.ts";

export function policy(): Plugin {
  // A page cannot say who may frame it; only a header can.
  const content = contentSecurityPolicy.replace(/; frame-ancestors [^;]+/, "");
  return {
    name: "zoetrope-policy",
    apply: "build",
    transformIndexHtml: () => [
      { tag: "meta", attrs: { "http-equiv": "Content-Security-Policy", content }, injectTo: "head-prepend" },
    ],
  };
}

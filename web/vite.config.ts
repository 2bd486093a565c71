import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { platform, sourceFolder } from "./build/platform.ts";
import { onLog } from "./build/platform-log.ts";
import { policy } from "./build/policy.ts";
import { shippedFiles } from "./build/shipped-files.ts";

const bundling = { shimMissingExports: true, onLog } as const;

export default defineConfig({
  root: import.meta.dirname,
  // Relative addresses: the site works from any folder of any file server.
  base: "./",
  plugins: [platform(), react(), shippedFiles(), policy()],
  resolve: { alias: [{ find: /^zoetrope\/(.+)$/, replacement: `${sourceFolder}/$1/index.ts` }] },
  // core/files looks for package.json above this folder; in the browser it finds the one of the disk in memory.
  define: { "import.meta.dirname": JSON.stringify("/zoetrope") },
  worker: { format: "es", plugins: () => [platform()], rolldownOptions: bundling },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2023",
    sourcemap: false,
    chunkSizeWarningLimit: 1200,
    rolldownOptions: bundling,
  },
  server: { fs: { allow: [".."] } },
});

/**
 * What lies beside the page: model folders (models.json lists them, models/NAME/FILE holds them) and recorded results. In
 * development they are served from the clone, in a build they are copied into the site.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join, resolve } from "node:path";
import type { Plugin } from "vite";
import { recordedResults } from "../src/transfer/recorded.ts";

/** Recorded figures that the page of the transfer shows. */
const resultsFolder = resolve(import.meta.dirname, "../../docs/results");

const modelsFolder = resolve(import.meta.dirname, "../../models");

type ListedModel = Readonly<{ name: string; files: readonly Readonly<{ name: string; bytes: number }>[] }>;

/** Checkpoint folders with the files that a loader may ask for. */
export function listModels(folder = modelsFolder): ListedModel[] {
  const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, "config.json")));
  return names.map((name) => {
    const files = readdirSync(join(folder, name)).filter((file) =>
      [".json", ".jinja", ".safetensors"].includes(extname(file)),
    );
    return { name, files: files.map((file) => ({ name: file, bytes: statSync(join(folder, name, file)).size })) };
  });
}

export function shippedFiles(): Plugin {
  return {
    name: "zoetrope-models",
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const path = new URL(request.url ?? "/", "http://localhost").pathname;
        if (path === "/models.json") return void response.end(JSON.stringify(listModels()));
        const result = recordedResults.find((each) => path === `/results/${each}`);
        if (result !== undefined) return void response.end(readFileSync(join(resultsFolder, result)));
        const [, name, file] = /^\/models\/([\w.-]+)\/([\w.-]+)$/.exec(path) ?? [];
        const known = listModels()
          .find((model) => model.name === name)
          ?.files.some((each) => each.name === file);
        if (!known) return next();
        response.end(readFileSync(join(modelsFolder, name as string, file as string)));
      });
    },
    generateBundle() {
      const models = listModels();
      for (const name of recordedResults) {
        const source = readFileSync(join(resultsFolder, name));
        this.emitFile({ type: "asset", fileName: `results/${name}`, source });
      }
      this.emitFile({ type: "asset", fileName: "models.json", source: JSON.stringify(models) });
      for (const { name, files } of models) {
        for (const file of files) {
          const source = readFileSync(join(modelsFolder, name, file.name));
          this.emitFile({ type: "asset", fileName: `models/${name}/${file.name}`, source });
        }
      }
    },
  };
}

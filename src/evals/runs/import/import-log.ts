/**
 * Logs of other tools, and of earlier versions of this one, as runs. Which one it is, the content says.
 */
import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { DataFileError } from "../../../data/index.ts";
import { tasksInFile } from "../../dense-captioning/index.ts";
import { detectLog, type ForeignFormat } from "../format/index.ts";
import { importCaptions } from "./captions.ts";
import { importEarlier } from "./earlier.ts";
import { importEtBench } from "./etbench.ts";
import { importFlat } from "./flat.ts";
import type { ImportedRun, ImportOptions } from "./imported.ts";
import { importLmmsEval } from "./lmms-eval.ts";
import { importMoments, importQvHighlights } from "./moments.ts";
import { importTempCompass } from "./tempcompass.ts";

/** More than this of a file is not looked at to tell whose it is, where its first line is a row. */
const sniffed = 1 << 22;

/** Read a log or a folder of predictions. Throws one sentence where it is none that is known, or a file of annotations is missing. */
export function importLog(options: ImportOptions): ImportedRun {
  const { path, task } = options;
  if (!existsSync(path))
    throw new Error(`Expected a log or a folder of predictions at "${path}", got nothing there. Check the path.`);
  if (statSync(path).isDirectory()) return importTempCompass(options);
  if (statSync(path).size === 0)
    throw new DataFileError(path, undefined, "Expected a log, got an empty file. Pass one with samples.");
  const format = formatOf(path);
  switch (format) {
    case "zoetrope":
      throw new Error(
        `Expected another tool's log, got ${path}, which is a run already. "zoetrope runs show" reads it as it is.`,
      );
    case "zoetrope-1":
      return importEarlier(options);
    case "lmms-eval":
      return importLmmsEval(options);
    case "etbench":
      return importEtBench(options);
    case "qvhighlights":
      return importQvHighlights(options);
    case "tempcompass":
      throw new Error(`Expected the folder of ${path}, got one task's file of it. Pass the folder.`);
    case "timechat-captions":
      return importCaptions(options);
    case "timechat-grounding":
    case "lmms-submission":
    case "numpro":
      return importMoments(options);
    case "vtimellm":
    case null:
      break;
    default:
      format satisfies never;
  }
  if (options.data !== undefined || options.benchmark === "video-mme") return importFlat(options);
  const holds = tasksInFile(path);
  const isCaptioning = task === undefined ? holds.captioning : task === "captioning";
  if (task === undefined && holds.captioning && holds.grounding)
    throw new Error(`Expected captions or moments in "${path}", got both. Say --task captioning or --task grounding.`);
  return isCaptioning ? importCaptions(options) : importMoments(options);
}

function formatOf(path: string): ForeignFormat | null {
  const file = openSync(path, "r");
  try {
    const head = Buffer.alloc(Math.min(sniffed, statSync(path).size));
    readSync(file, head, 0, head.length, 0);
    const text = head.toString("utf8").replace(/^\ufeff/, "");
    return detectLog(text) ?? (head.length < sniffed ? null : detectLog(readFileSync(path, "utf8")));
  } finally {
    closeSync(file);
  }
}

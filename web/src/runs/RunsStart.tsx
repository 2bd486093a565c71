/** Before there is a run: what can be dropped, what the server has, and two runs to look at. */
import { useEffect, useState } from "react";
import { DropZone } from "../parts/DropZone.tsx";
import { listServedFiles, readServedFile, type ServedFile } from "../parts/server-files.ts";
import { addFiles, addTexts } from "./run-store.ts";

const formats = [
  ["zoetrope", "run logs (run.jsonl)"],
  ["lmms-eval", "*_samples_*.jsonl"],
  ["VTimeLLM", "its evaluation log"],
  ["TimeChat", "predictions of temporal grounding"],
  ["QVHighlights", "submissions, first window"],
  ["TempCompass", "prediction files"],
  ["NumPro, plain rows", "responses or spans by id"],
] as const;

export function RunsStart({ isReading, truths }: Readonly<{ isReading: boolean; truths: readonly string[] }>) {
  const [served, setServed] = useState<readonly ServedFile[]>([]);
  useEffect(() => {
    listServedFiles().then(
      (files) => setServed(files.filter(({ kind }) => kind === "log")),
      () => {},
    );
  }, []);
  const openExample = async () => {
    const names = ["four-a-second.jsonl", "one-a-second.jsonl"];
    const texts = await Promise.all(
      names.map(async (name) => {
        const response = await fetch(`samples/runs/${name}`);
        return { name, text: await response.text() };
      }),
    );
    await addTexts(texts);
  };
  return (
    <div className="start">
      <header>
        <h1>Runs, sample by sample</h1>
        <p className="lede">
          Drop the logs of one or several runs. Scores come with intervals, every sample with its prompt, its reply and
          how it was read, and every prediction on one timeline with the truth.
        </p>
      </header>
      <DropZone label="Choose files" multiple onFiles={(files) => void addFiles(files)}>
        <p className="start-drop">Drop logs here, and the truth beside them</p>
        <p className="quiet small">
          {truths.length > 0
            ? `Truth at hand: ${truths.join(", ")}. Now drop predictions.`
            : "Annotations of Charades-STA, ActivityNet Captions, QVHighlights and TimeChat are recognised"}
        </p>
      </DropZone>
      <div className="runs-start-grid">
        <section aria-labelledby="runs-formats">
          <h2 id="runs-formats">What is read</h2>
          <table className="runs-formats">
            <tbody>
              {formats.map(([name, what]) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td className="quiet">{what}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
        <section aria-labelledby="runs-served">
          <h2 id="runs-served">{served.length > 0 ? "On this machine" : "No log at hand?"}</h2>
          {served.length > 0 ? (
            <ul className="served">
              {served.slice(0, 12).map((file) => (
                <li key={file.path}>
                  <button
                    type="button"
                    className="button bare"
                    disabled={isReading}
                    onClick={() => void readServedFile(file.path).then((text) => addTexts([{ name: file.path, text }]))}
                  >
                    {file.path}
                  </button>
                </li>
              ))}
            </ul>
          ) : (
            <p className="quiet">
              Two runs of the shipped model over the same small films show what this page does: shown four frames of
              every second, and one.
            </p>
          )}
          <button type="button" className="button" disabled={isReading} onClick={() => void openExample()}>
            Open the example
          </button>
        </section>
      </div>
    </div>
  );
}

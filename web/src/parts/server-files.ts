/** Logs that `zoetrope studio` serves, read-only. On a plain file server there are none. */
export type ServedFile = Readonly<{ path: string; kind: "log" | "events" | "result"; bytes: number; changed: number }>;

/** Empty where no studio serves the page. */
export async function listServedFiles(): Promise<readonly ServedFile[]> {
  const response = await fetch("api/files", { headers: { accept: "application/json" } });
  const isJson = response.headers.get("content-type")?.includes("json") ?? false;
  return response.ok && isJson ? ((await response.json()) as ServedFile[]) : [];
}

export async function readServedFile(path: string): Promise<string> {
  const response = await fetch(addressOf(path));
  if (!response.ok)
    throw new Error(`Expected ${path} from the studio, got status ${response.status}. Is it still running?`);
  return response.text();
}

/** What a file has from a byte on; "" where there is nothing new. */
export async function readServedTail(path: string, from: number): Promise<string> {
  const response = await fetch(addressOf(path), { headers: { range: `bytes=${from}-` } });
  if (response.status === 416) return "";
  if (!response.ok)
    throw new Error(`Expected ${path} from the studio, got status ${response.status}. Is it still running?`);
  return response.status === 206 ? response.text() : (await response.text()).slice(from);
}

function addressOf(path: string): string {
  return `api/files/${path.split("/").map(encodeURIComponent).join("/")}`;
}

/**
 * Annotated events by video: ActivityNet Captions, TimeChat's, plain rows, and YouCook2's own file.
 */
import * as z from "zod";
import {
  DataFileError,
  momentsByVideo,
  type Problem,
  problem,
  readContent,
  readMomentAnnotations,
  type VideoMoments,
} from "../../data/index.ts";

export type DenseTruth = Readonly<{ videos: readonly VideoMoments[]; problems: readonly Problem[] }>;

const youCook2 = z.object({
  duration: z.number(),
  subset: z.string().optional(),
  annotations: z.array(z.object({ segment: z.tuple([z.number(), z.number()]), sentence: z.string() })).optional(),
});

/**
 * The videos of a file of annotations. `subset` picks a part of YouCook2's file (its test videos carry no annotations and are
 * left out). Throws DataFileError where the layout is none of them.
 */
export function readDenseTruth(path: string, { subset }: { subset?: string } = {}): DenseTruth {
  const content = readContent(path);
  const database =
    content.kind === "object" ? z.record(z.string(), z.unknown()).safeParse(content.value.database).data : undefined;
  if (database === undefined) {
    if (subset !== undefined) {
      throw new DataFileError(
        path,
        undefined,
        `Expected YouCook2's file for subset "${subset}", got another layout. Leave --subset out.`,
      );
    }
    const { queries, problems } = readMomentAnnotations(path);
    return { videos: momentsByVideo(queries), problems };
  }
  const faulty: string[] = [];
  const subsets = new Set<string>();
  const videos = Object.entries(database).flatMap(([video, value]): VideoMoments[] => {
    const { data } = youCook2.safeParse(value);
    if (!data) faulty.push(video);
    if (data?.subset !== undefined) subsets.add(data.subset);
    if (!data?.annotations || (subset !== undefined && data.subset !== subset)) return [];
    const moments = data.annotations.map(({ segment: [start, end], sentence }) => ({ start, end, label: sentence }));
    return [{ video, duration: data.duration, moments }];
  });
  if (videos.length === 0) {
    const known = subset === undefined ? "" : ` Its subsets: ${[...subsets].join(", ") || "none"}.`;
    throw new DataFileError(
      path,
      undefined,
      `Expected annotated videos${subset ? ` of subset "${subset}"` : ""}, got none.${known}`,
    );
  }
  return { videos, problems: problem("videos that are not { duration, annotations } (left out)", faulty) };
}

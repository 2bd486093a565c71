/**
 * An endpoint's sense of time: every shape is tested with the same films, and the one to use is named and remembered.
 */
import {
  type ChatModel,
  type EndpointKnowledge,
  type EndpointOptions,
  inspectEndpoint,
  type ShapeName,
  userMessage,
} from "../chat/index.ts";
import { type ClockClips, clipDuration, clipSize, makeClockClips } from "./clock-clip.ts";
import { durationQuestion } from "./questions.ts";
import { questionsAShape, type ShapeReport, testShape } from "./shape-report.ts";

export type CheckEndpointOptions = EndpointOptions &
  Readonly<{
    /** Default: all of the server's API. */
    shapes?: readonly ShapeName[];
    onProgress?: (asked: number, of: number, shape: ShapeName) => void;
  }>;

/**
 * - right: at least one shape tells the time of both films
 * - constant rates only: none is right about a variable frame rate
 * - wrong: the model reads the time in one shape, and others tell it wrongly, or all are wrong by a rule
 * - unclear: answers fit no rule, which may be the model's doing and not the server's
 * - no pictures: the server takes none of the shapes
 */
export type EndpointVerdict = "right" | "constant rates only" | "wrong" | "unclear" | "no pictures";

export type EndpointReport = Readonly<{
  baseUrl: string;
  model: string;
  owner: string | null;
  context: number | null;
  verdict: EndpointVerdict;
  reports: readonly ShapeReport[];
  /** The shape to use; null where none is taken. */
  recommended: ShapeName | null;
  /** Shapes that tell the time wrongly. */
  wrong: readonly ShapeName[];
  clipSeconds: number;
}>;

/** Some thirty small questions. Throws RequestError where the server does not answer. */
export async function checkEndpoint(reference: string, options: CheckEndpointOptions = {}): Promise<EndpointReport> {
  const { signal, onProgress } = options;
  const endpoint = await inspectEndpoint(reference, options);
  const shapes = options.shapes ?? endpoint.shapes;
  await using clips = await makeClockClips();
  const reports: ShapeReport[] = [];
  for (const [i, shape] of shapes.entries()) {
    let asked = i * questionsAShape;
    const tell = () => onProgress?.(++asked, shapes.length * questionsAShape, shape);
    const model = endpoint.open(shape);
    reports.push(await testShape({ shape, asksRate: endpoint.asksRate(shape), model, clips, signal, onAsked: tell }));
    onProgress?.((i + 1) * questionsAShape, shapes.length * questionsAShape, shape);
  }
  const best = inOrder(reports);
  const [first] = best;
  if (first) {
    const right = best.filter((report) => isRight(report));
    const frame = await frameTokens(reports, (media) => endpoint.open("frames", media), clips);
    endpoint.remember({
      shapes: [first, ...right.filter((report) => report !== first)].map(({ shape }) => shape),
      by: "doctor",
      ...(frame !== null && { frame }),
    });
  }
  const { baseUrl, model, owner, context } = endpoint;
  return {
    ...{ baseUrl, model, owner, context, reports, clipSeconds: clipDuration },
    verdict: verdictOf(reports),
    recommended: first?.shape ?? null,
    wrong: reports.filter((report) => isWrong(report, reports)).map(({ shape }) => shape),
  };
}

/** What a frame takes, and whether a smaller one takes less; null where tokens are not counted. One more question. */
async function frameTokens(
  reports: readonly ShapeReport[],
  open: (media: Readonly<{ maxPixels: number }>) => ChatModel,
  clips: ClockClips,
): Promise<EndpointKnowledge["frame"] | null> {
  const { promptTokens = null, tokensPerFrame: tokens = null } = reports.find(({ shape }) => shape === "frames") ?? {};
  if (promptTokens === null || tokens === null) return null;
  const part = await clips.video("constant", 1);
  const small = open({ maxPixels: (clipSize.width * clipSize.height) / 4 });
  const reply = await small.generate([userMessage(durationQuestion, part)], { maxNewTokens: 1 });
  const saved = promptTokens - (reply.promptTokens ?? promptTokens);
  return { tokens, ...clipSize, isFixed: saved < 0.1 * tokens * part.frames.length };
}

/** Both films, told at their own times. */
export function isRight({ constant, variable }: ShapeReport): boolean {
  return constant.kind === "right" && variable.kind === "right";
}

/**
 * A clock that is wrong by a rule is the server's. One that fits no rule counts against it only where the same model reads the
 * time in another shape.
 */
export function isWrong(report: ShapeReport, all: readonly ShapeReport[]): boolean {
  const { refusal, constant, variable } = report;
  if (refusal !== null || isRight(report)) return false;
  const byRule = [constant, variable].some(({ kind }) => kind === "stretched" || kind === "shifted");
  return byRule || (all.some(isRight) && (constant.kind === "off" || variable.kind === "off"));
}

function verdictOf(reports: readonly ShapeReport[]): EndpointVerdict {
  const taken = reports.filter(({ refusal }) => refusal === null);
  if (taken.length === 0) return "no pictures";
  if (taken.some(isRight)) return "right";
  if (taken.some(({ constant }) => constant.kind === "right")) return "constant rates only";
  return taken.some((report) => isWrong(report, reports)) ? "wrong" : "unclear";
}

/** Best first: right about both films, then about constant rates; then frames that are chosen here; then fewer tokens. */
function inOrder(reports: readonly ShapeReport[]): ShapeReport[] {
  const taken = reports.filter(({ refusal }) => refusal === null);
  const grade = (report: ShapeReport) =>
    isRight(report) ? 0 : report.constant.kind === "right" ? 1 : isWrong(report, reports) ? 3 : 2;
  const place = ({ shape }: ShapeReport) => (shape === "frames" ? 0 : shape === "frames-metadata" ? 1 : 2);
  return [...taken].sort(
    (a, b) => grade(a) - grade(b) || place(a) - place(b) || (a.promptTokens ?? 0) - (b.promptTokens ?? 0),
  );
}

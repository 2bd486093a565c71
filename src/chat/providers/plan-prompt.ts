/**
 * What a conversation with an endpoint will take, before it is asked: frames by what was measured or by the model's rule, text
 * by its length.
 */
import type { PromptPlanner } from "../chat-model.ts";
import { framesOf } from "../message.ts";
import type { EndpointKnowledge } from "./endpoint-memory.ts";
import { frameRules, type PixelSize } from "./frame-tokens.ts";
import type { ShapeName } from "./shape.ts";

/** English takes a token for four characters or so (OpenAI's rule of thumb); a turn some more. */
const charactersAToken = 4;
const tokensATurn = 8;
/** "<12.3 seconds>" before a frame. */
const tokensATime = 7;

export type PlanParts = Readonly<{
  model: string;
  context: number | null;
  shape: ShapeName | undefined;
  known: EndpointKnowledge | null;
  /** The size in which a picture is sent. */
  sentSize: (size: PixelSize) => PixelSize;
}>;

export function endpointPlanner({ model, context, shape, known, sentSize }: PlanParts): PromptPlanner {
  const measured = known?.frame;
  const rule = frameRules.find(({ models }) => models.test(model));
  const frameTokens = (size: PixelSize): number | null => {
    const sent = sentSize(size);
    const isMeasured = measured && measured.width === sent.width && measured.height === sent.height;
    if (measured && (isMeasured || measured.isFixed)) return measured.tokens;
    if (rule) return rule.tokens(sent, shape);
    // Towers that take any size cut it into patches.
    return measured ? (measured.tokens * sent.width * sent.height) / (measured.width * measured.height) : null;
  };
  const frames = measured
    ? `${measured.tokens.toFixed(0)} measured for a frame of ${measured.width}x${measured.height}`
    : rule?.basis;
  return {
    context,
    basis: `${frames === undefined ? "" : `${frames}, `}a token for ${charactersAToken} characters`,
    promptTokens(messages) {
      const times = shape === "frames" ? tokensATime : 0;
      let total = 0;
      for (const { image } of framesOf(messages)) {
        const tokens = frameTokens(image);
        if (tokens === null) return null;
        total += tokens + times;
      }
      for (const { content } of messages) {
        const characters = content.reduce((sum, part) => sum + (part.type === "text" ? part.text.length : 0), 0);
        total += tokensATurn + Math.ceil(characters / charactersAToken);
      }
      return Math.ceil(total);
    },
  };
}

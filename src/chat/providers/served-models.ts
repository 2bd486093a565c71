/** The list of models that a server of the chat completions API gives. */
import { z } from "zod";
import type { ServedModel } from "./client.ts";
import { notACompletion } from "./completion.ts";

const modelList = z.looseObject({
  data: z.array(
    z.looseObject({
      id: z.string(),
      owned_by: z.string().nullish(),
      fingerprint: z.string().nullish(),
      // vLLM and SGLang; llama-server.
      max_model_len: z.int().nullish(),
      meta: z.looseObject({ n_ctx_train: z.int().nullish(), n_ctx: z.int().nullish() }).nullish(),
    }),
  ),
});

/** Throws RequestError where the answer is no such list. */
export function readModels(value: unknown): ServedModel[] {
  const parsed = modelList.safeParse(value);
  if (!parsed.success) throw notACompletion(value, parsed.error);
  return parsed.data.data.map(({ id, owned_by, max_model_len, meta, fingerprint }) => ({
    id,
    fingerprint: fingerprint ?? null,
    owner: owned_by ?? null,
    context: max_model_len ?? meta?.n_ctx ?? meta?.n_ctx_train ?? null,
  }));
}

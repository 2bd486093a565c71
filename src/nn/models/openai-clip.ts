/**
 * CLIP's vision tower as OpenAI published it (ViT-L-14.pt and its like, TorchScript or a plain state): its sizes from the
 * shapes, its tensors under transformers' names. https://github.com/openai/CLIP/blob/main/clip/model.py
 *
 * Queries, keys and values lie in one matrix there, and the projection is the transpose of transformers'.
 */
import { readTorchArchive, type TensorData, type WeightFile } from "../checkpoint/index.ts";

export type OpenaiClip = Readonly<{ file: WeightFile; visionConfig: Readonly<Record<string, unknown>> }>;

/** Read a file's pickle. Throws an Error when it holds no vision transformer of CLIP. */
export function openOpenaiClip(path: string): OpenaiClip {
  const source = readTorchArchive(path);
  const shapeOf = (name: string): readonly number[] => {
    const shape = source.tensors.get(name)?.shape;
    if (shape === undefined)
      throw new Error(`Expected OpenAI's CLIP with a vision transformer in ${path}, got no ${name}.`);
    return shape;
  };
  const [width = 0, channels = 3, , patch = 0] = shapeOf("visual.conv1.weight");
  const [tokens = 0] = shapeOf("visual.positional_embedding");
  const layers = [...source.tensors.keys()].filter((name) =>
    /^visual\.transformer\.resblocks\.\d+\.ln_1\.weight$/.test(name),
  );
  const tensors = new Map<string, Derived>();
  for (const [name, { shape, dtype }] of source.tensors) {
    for (const [ours, take] of derivedFrom(name, width)) {
      const own = name === "visual.proj" ? shape.toReversed() : shape;
      tensors.set(ours, { dtype, shape: take.shape ?? own, read: () => take.read(source.read(name)) });
    }
  }
  return {
    file: {
      path,
      tensors,
      read(name) {
        const tensor = tensors.get(name);
        if (tensor === undefined) throw new Error(`Expected tensor ${name} in ${path}, got none of that name.`);
        return tensor.read();
      },
    },
    visionConfig: {
      model_type: "clip_vision_model",
      hidden_size: width,
      intermediate_size: shapeOf("visual.transformer.resblocks.0.mlp.c_fc.weight")[0],
      num_hidden_layers: layers.length,
      // Heads are 64 wide in every published model.
      num_attention_heads: Math.max(1, Math.round(width / 64)),
      num_channels: channels,
      image_size: Math.round(Math.sqrt(tokens - 1)) * patch,
      patch_size: patch,
      projection_dim: shapeOf("visual.proj")[1],
    },
  };
}

type Derived = Readonly<{ dtype: string; shape: readonly number[]; read: () => TensorData }>;
type Take = Readonly<{ shape?: readonly number[]; read: (whole: TensorData) => TensorData }>;

const same: Take = { read: (whole) => whole };

const blockNames: Readonly<Record<string, string>> = {
  ln_1: "layer_norm1",
  ln_2: "layer_norm2",
  "attn.out_proj": "self_attn.out_proj",
  "mlp.c_fc": "mlp.fc1",
  "mlp.c_proj": "mlp.fc2",
};
const towerNames: Readonly<Record<string, string>> = {
  "visual.class_embedding": "embeddings.class_embedding",
  "visual.positional_embedding": "embeddings.position_embedding.weight",
  "visual.conv1.weight": "embeddings.patch_embedding.weight",
  "visual.ln_pre.weight": "pre_layrnorm.weight",
  "visual.ln_pre.bias": "pre_layrnorm.bias",
  "visual.ln_post.weight": "post_layernorm.weight",
  "visual.ln_post.bias": "post_layernorm.bias",
};

/** transformers' tensors that one of OpenAI's holds; none for the text tower. */
function derivedFrom(name: string, width: number): [string, Take][] {
  if (name === "visual.proj") return [["visual_projection.weight", { read: transposed }]];
  const tower = towerNames[name];
  if (tower !== undefined) return [[`vision_model.${tower}`, same]];
  const [, layer, inner = ""] = /^visual\.transformer\.resblocks\.(\d+)\.(.+)$/.exec(name) ?? [];
  const block = `vision_model.encoder.layers.${layer}`;
  const [, kind] = /^attn\.in_proj_(weight|bias)$/.exec(inner) ?? [];
  if (kind !== undefined) {
    const shape = kind === "weight" ? [width, width] : [width];
    return ["q", "k", "v"].map((part, i): [string, Take] => [
      `${block}.self_attn.${part}_proj.${kind}`,
      { shape, read: ({ data }) => ({ shape, data: data.slice((i * data.length) / 3, ((i + 1) * data.length) / 3) }) },
    ]);
  }
  const [, module = "", parameter = ""] = /^(.+)\.(weight|bias)$/.exec(inner) ?? [];
  const ours = blockNames[module];
  return ours === undefined ? [] : [[`${block}.${ours}.${parameter}`, same]];
}

function transposed({ shape, data }: TensorData): TensorData {
  const [rows = 0, columns = 0] = shape;
  const out = new Float32Array(data.length);
  for (let i = 0; i < out.length; i++) out[i] = data[(i % rows) * columns + Math.floor(i / rows)] as number;
  return { shape: [columns, rows], data: out };
}

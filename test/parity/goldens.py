"""The tiny checkpoints beside this file and what they compute; see reference.py. `write(folder)` makes every folder anew."""
import collections
import json
import os

import torch

from reference import (
    clip_hidden, clip_parameters, decoder_parameters, layer_norm, linear, llava_project, pool, put, qwen_flat_patches,
    qwen_positions, qwen_vision, qwen_vision_parameters, random_parameters, run_language, siglip_hidden,
    siglip_parameters, siglip_pooled, tower, write_safetensors,
)

CLIP = dict(model_type="clip_vision_model", hidden_size=16, intermediate_size=24, num_hidden_layers=3, num_attention_heads=2,
            num_channels=3, image_size=16, patch_size=4, hidden_act="quick_gelu", layer_norm_eps=1e-5, projection_dim=12)
SIGLIP = dict(model_type="siglip_vision_model", hidden_size=16, intermediate_size=24, num_hidden_layers=3,
              num_attention_heads=2, num_channels=3, image_size=20, patch_size=4, hidden_act="gelu_pytorch_tanh",
              layer_norm_eps=1e-6, vision_use_head=False)
TEXT = dict(vocab_size=64, hidden_size=32, intermediate_size=40, num_hidden_layers=2, num_attention_heads=4,
            num_key_value_heads=2, rms_norm_eps=1e-6, max_position_embeddings=512, hidden_act="silu", bos_token_id=1,
            eos_token_id=2, tie_word_embeddings=False)
LLAMA = dict(model_type="llama", rope_theta=10000.0, **TEXT)
QWEN2 = dict(model_type="qwen2", rope_theta=1000000.0, **TEXT)


def save(folder, config, P, golden, dtype=torch.float32, shards=1, name="model"):
    os.makedirs(folder, exist_ok=True)
    write_json(f"{folder}/config.json", config)
    weights = {key: value.to(dtype) for key, value in P.items()}
    if shards == 1:
        write_safetensors(f"{folder}/{name}.safetensors", weights)
    else:
        names, index = sorted(weights), {}
        for n in range(shards):
            file = f"{name}-{n + 1:05}-of-{shards:05}.safetensors"
            part = {key: weights[key] for key in names[n::shards]}
            write_safetensors(f"{folder}/{file}", part)
            index.update({key: file for key in part})
        write_json(f"{folder}/{name}.safetensors.index.json", {"metadata": {}, "weight_map": index})
    write_golden(folder, golden)


def write_golden(folder, golden):
    kept = {key: torch.as_tensor(value) for key, value in golden.items()}
    ints = {key: v.to(torch.int32) for key, v in kept.items() if not v.is_floating_point()}
    write_safetensors(f"{folder}/golden.safetensors", {**{k: v.float() for k, v in kept.items() if k not in ints}, **ints})


def write_json(path, value):
    with open(path, "w") as file:
        file.write(json.dumps(value, indent=2) + "\n")


def rounded(P, dtype):
    return {key: value.to(dtype).double() for key, value in P.items()}


def results(hidden, logits, ids, generated):
    tensors = {f"hidden.{i}": state.detach()[None] for i, state in enumerate(hidden)}
    return {**tensors, "logits": logits.detach()[None], "input_ids": torch.tensor([ids]),
            "generated": torch.tensor([list(ids) + generated])}


def pixels(folder):
    """What Pillow makes of an image of noise: resized, and processed as CLIP's and SigLIP's image processors do."""
    import numpy
    from PIL import Image

    noise = numpy.random.default_rng(7).integers(0, 256, (23, 37, 3)).astype(numpy.uint8)
    image = Image.fromarray(noise)
    golden = {"image": torch.tensor(noise.astype("int32"))}
    for name, code in (("bilinear", Image.BILINEAR), ("bicubic", Image.BICUBIC), ("area", Image.BOX)):
        for width, height in ((16, 12), (50, 40), (37, 9)):
            resized = numpy.array(image.resize((width, height), code)).astype("int32")
            golden[f"{name}.{width}x{height}"] = torch.tensor(resized)
    # CLIP: shortest edge to 14 (the longer one int(14 * 37 / 23)), the middle 14x14, CLIP's mean and deviation.
    clip = numpy.array(image.resize((int(14 * 37 / 23), 14), Image.BICUBIC)).astype("float64")
    left = (clip.shape[1] - 14) // 2
    mean, deviation = [0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]
    golden["clip"] = torch.tensor(((clip[:, left : left + 14] / 255 - mean) / deviation).transpose(2, 0, 1))
    siglip_ = numpy.array(image.resize((20, 20), Image.BICUBIC)).astype("float64")
    golden["siglip"] = torch.tensor(((siglip_ / 255 - 0.5) / 0.5).transpose(2, 0, 1))
    os.makedirs(folder, exist_ok=True)
    write_golden(folder, golden)


class Runs:
    """What a hostile file does: a name of Python in a pickle, harmless here."""

    def __reduce__(self):
        return print, ("this pickle was run",)


class TwoLayers(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = torch.nn.Linear(2, 3)
        self.scale = torch.nn.Parameter(torch.ones(2))

    def forward(self, x):
        return self.inner(x * self.scale)


def archives(folder):
    """torch.save's own files: types, views and parameters; a module as TorchScript; a pickle that calls a function."""
    os.makedirs(folder, exist_ok=True)
    torch.manual_seed(5)
    wide = torch.randn(5, 4).float()
    state = collections.OrderedDict(
        plain=torch.randn(2, 3).float(), half=torch.randn(3, 2).half(), brain=torch.randn(4).bfloat16(), double=torch.randn(2).double(),
        ids=torch.tensor([3, -4, 5]), transposed=wide.t(), inside=wide[1:4, 2:], scalar=torch.tensor(2.5),
        parameter=torch.nn.Parameter(torch.randn(2, 2).float()), nested={"weight": torch.ones(1, 2)}, note="text", empty=torch.zeros(0, 3),
    )
    flat = {**{k: v for k, v in state.items() if torch.is_tensor(v)}, "nested.weight": state["nested"]["weight"]}
    torch.save(state, f"{folder}/tensors.bin")
    write_golden(folder, {key: value.detach() for key, value in flat.items()})
    torch.save({"weight": torch.ones(1), "extra": Runs()}, f"{folder}/hostile.bin")
    torch.save(state, f"{folder}/before-1.6.bin", _use_new_zipfile_serialization=False)
    module = TwoLayers().float()
    torch.jit.script(module).save(f"{folder}/module.pt")
    write_safetensors(f"{folder}/module.safetensors", {key: value.detach() for key, value in module.state_dict().items()})


TEXTS = [
    "USER: What happens from 05 to 17? ASSISTANT:", "From 00 to 99.", " two  spaces ", "", "x", "naïve café, 日本 👩‍🚀!",
    "a\nline\tand a tab", "the video shows the video of a man who is cooking", "\u2581 a bar", "I'm here, you're there",
]


def sentencepiece_model(folder):
    """A SentencePiece BPE of Llama's kind (byte fallback, digits alone, dummy prefix) and what it makes of some texts."""
    import io

    import sentencepiece

    corpus = ("the video shows a man who is cooking and a woman who is reading the news while the dog runs from left to right. "
              "During which frames can we see this? From 05 to 17, from 20 to 43. A chat between a curious user and an assistant. ")
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([corpus] * 20), model_writer=model, vocab_size=420, model_type="bpe", byte_fallback=True,
        split_digits=True, add_dummy_prefix=True, remove_extra_whitespaces=False, normalization_rule_name="identity",
        character_coverage=0.9995, minloglevel=2)
    os.makedirs(folder, exist_ok=True)
    open(f"{folder}/tokenizer.model", "wb").write(model.getvalue())
    processor = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    write_json(f"{folder}/tokenizer_config.json", {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"})
    write_json(f"{folder}/golden.json", [{"text": text, "ids": processor.encode(text)} for text in TEXTS])


def text_ids(n, seed):
    torch.manual_seed(seed)
    return torch.randint(3, 50, (n,)).tolist()


def siglip(folder):
    config = {**SIGLIP, "vision_use_head": True}
    P = random_parameters(siglip_parameters(config, "vision_model."), 1)
    pixels = torch.randn(2, 3, 20, 20)
    states = [siglip_hidden(P, config, image, "vision_model.") for image in pixels.float().double()]
    pooled = [siglip_pooled(P, config, hidden[-1], "vision_model.") for hidden in states]
    golden = {f"hidden.{i}": torch.stack([hidden[i] for hidden in states]) for i in range(4)}
    golden.update(pixel_values=pixels, last_hidden_state=torch.stack([a for a, _ in pooled]),
                  image_embeds=torch.stack([b for _, b in pooled]))
    save(folder, config, P, golden)


def llava(folder, vision, text, seed, layers, strategy, rename):
    """LLaVA with the features of one or several layers; loss and gradients too, because these models are trained here."""
    config = dict(model_type="llava", image_token_index=60, vision_feature_layer=layers, projector_hidden_act="gelu",
                  vision_feature_select_strategy=strategy, vision_config=vision, text_config=text)
    parameters, run = tower(vision)
    width = vision["hidden_size"] * (len(layers) if isinstance(layers, list) else 1)
    D = text["hidden_size"]
    P = random_parameters({
        **parameters(vision, "vision_tower."),
        "multi_modal_projector.linear_1.weight": (D, width), "multi_modal_projector.linear_1.bias": (D,),
        "multi_modal_projector.linear_2.weight": (D, D), "multi_modal_projector.linear_2.bias": (D,),
        **decoder_parameters(text, "language_model.model.", "language_model.lm_head.weight"),
    }, seed)
    for value in P.values():
        value.requires_grad_(True)
    pixels = torch.randn(2, 3, vision["image_size"], vision["image_size"]).float().double()
    rows = []
    for image in pixels:
        hidden = run(P, vision, image, "vision_tower.")
        chosen = [hidden[layer] for layer in (layers if isinstance(layers, list) else [layers])]
        if strategy == "default":
            chosen = [state[1:] for state in chosen]
        rows.append(llava_project(P, torch.cat(chosen, -1), "multi_modal_projector.linear_1", "multi_modal_projector.linear_2"))
    n = len(rows[0])
    ids = text_ids(4, seed) + [60] * n + text_ids(3, seed + 1) + [60] * n + text_ids(6, seed + 2)
    x = put(P, "language_model.model.embed_tokens.weight", ids, {60}, torch.cat(rows))
    hidden, logits, generated = run_language(P, text, x, torch.arange(len(ids)), "language_model.model.",
                                             "language_model.lm_head.weight", new=8)
    labels = [-100] * (len(ids) - 6) + ids[-6:]
    loss = torch.nn.functional.cross_entropy(logits[:-1], torch.tensor(labels[1:]))
    loss.backward()
    graded = [key for key, value in P.items() if value.grad is not None and value.grad.abs().max() > 1e-9]  # key biases shift all scores alike
    graded = [key for key in graded if "layers.1" not in key and "layers.2" not in key]
    golden = results(hidden, logits, ids, generated)
    golden.update(pixel_values=pixels, labels=torch.tensor([labels]), loss=loss.detach()[None])
    golden.update({f"grad.{rename(key)}": P[key].grad for key in graded})
    save(folder, config, {rename(key): value.detach() for key, value in P.items()}, golden)


def save_as_openai(P, config, path):
    """The same tower under the names of OpenAI's own files."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    at = "vision_model."
    state = {"visual.proj": P["visual_projection.weight"].T.contiguous(), "visual.class_embedding": P[at + "embeddings.class_embedding"],
             "visual.positional_embedding": P[at + "embeddings.position_embedding.weight"],
             "visual.conv1.weight": P[at + "embeddings.patch_embedding.weight"], "logit_scale": torch.tensor(2.6)}
    for part in ("weight", "bias"):
        state[f"visual.ln_pre.{part}"] = P[f"{at}pre_layrnorm.{part}"]
        state[f"visual.ln_post.{part}"] = P[f"{at}post_layernorm.{part}"]
        for i in range(config["num_hidden_layers"]):
            ours, theirs = f"{at}encoder.layers.{i}.", f"visual.transformer.resblocks.{i}."
            state[f"{theirs}attn.in_proj_{part}"] = torch.cat([P[f"{ours}self_attn.{n}_proj.{part}"] for n in "qkv"])
            for a, b in (("ln_1", "layer_norm1"), ("ln_2", "layer_norm2"), ("attn.out_proj", "self_attn.out_proj"),
                         ("mlp.c_fc", "mlp.fc1"), ("mlp.c_proj", "mlp.fc2")):
                state[f"{theirs}{a}.{part}"] = P[f"{ours}{b}.{part}"]
    torch.save({key: value.float() for key, value in state.items()}, path)


def vtimellm(folder):
    """The parts as VTimeLLM ships them: Vicuna and both adapters as torch archives, sharded; CLIP as on the hub."""
    text = {**LLAMA, "architectures": ["LlamaForCausalLM"]}
    half = lambda P: {key: value.half() for key, value in P.items()}
    base = rounded(random_parameters(decoder_parameters(text, "model.", "lm_head.weight"), 31), torch.float16)
    os.makedirs(f"{folder}/vicuna-tiny", exist_ok=True)
    write_json(f"{folder}/vicuna-tiny/config.json", text)
    names, index = sorted(base), {}
    for n in range(2):
        file = f"pytorch_model-{n + 1:05}-of-00002.bin"
        torch.save({key: base[key].half() for key in names[n::2]}, f"{folder}/vicuna-tiny/{file}")
        index.update({key: file for key in names[n::2]})
    write_json(f"{folder}/vicuna-tiny/pytorch_model.bin.index.json", {"metadata": {}, "weight_map": index})

    P = random_parameters({**clip_parameters(CLIP, "vision_model."), "visual_projection.weight": (12, 16)}, 32)
    os.makedirs(f"{folder}/clip-tiny", exist_ok=True)
    write_json(f"{folder}/clip-tiny/config.json", {"model_type": "clip", "projection_dim": 12, "vision_config": CLIP,
                                                  "text_config": {"model_type": "clip_text_model"}})
    text_side = {"logit_scale": torch.tensor(2.6), "text_projection.weight": torch.zeros(12, 4)}
    write_safetensors(f"{folder}/clip-tiny/model.safetensors", {k: v.float() for k, v in {**P, **text_side}.items()})
    write_json(f"{folder}/clip-tiny/preprocessor_config.json", {"size": 16, "crop_size": 16, "resample": 3})

    save_as_openai(P, CLIP, f"{os.path.dirname(folder)}/openai_clip/clip/ViT-tiny.pt")
    projector = random_parameters({"mm_projector.weight": (32, 12), "mm_projector.bias": (32,)}, 33)
    os.makedirs(f"{folder}/vtimellm-tiny-stage1", exist_ok=True)
    torch.save({f"model.{k}": v.float() for k, v in projector.items()}, f"{folder}/vtimellm-tiny-stage1/mm_projector.bin")

    merged = dict(base)
    targets = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
    for stage, (rank, alpha) in ((2, (4, 8)), (3, (3, 6))):
        at = f"{folder}/vtimellm-tiny-stage{stage}"
        os.makedirs(at, exist_ok=True)
        torch.manual_seed(40 + stage)
        adapter = {}
        for name, weight in base.items():
            module = name[: -len(".weight")]
            if module.split(".")[-1] not in targets:
                continue
            A = (torch.randn(rank, weight.shape[1]) / 6).float()
            B = (torch.randn(weight.shape[0], rank) / 6).float()
            adapter[f"base_model.model.{module}.lora_A.weight"] = A
            adapter[f"base_model.model.{module}.lora_B.weight"] = B
            merged[name] = merged[name] + alpha / rank * B.double() @ A.double()
        torch.save(adapter, f"{at}/adapter_model.bin")
        torch.save({}, f"{at}/non_lora_trainables.bin")
        write_json(f"{at}/adapter_config.json", {"peft_type": "LORA", "r": rank, "lora_alpha": alpha, "lora_dropout": 0.05, "bias": "none",
                                                 "target_modules": targets, "modules_to_save": None, "task_type": "CAUSAL_LM"})
    frames = torch.randn(7, 3, 16, 16).float().double()
    rows = []
    for frame in frames:
        last = clip_hidden(P, CLIP, frame, "vision_model.")[-1]
        embed = linear(P, layer_norm(P, last[:1], "vision_model.post_layernorm", CLIP["layer_norm_eps"]), "visual_projection")
        rows.append(linear(projector, embed, "mm_projector"))
    rows = torch.cat(rows)
    ids = text_ids(5, 35) + [-200] * 7 + text_ids(6, 36)
    x = put(merged, "model.embed_tokens.weight", ids, {-200}, rows)
    hidden, logits, generated = run_language(merged, text, x, torch.arange(len(ids)), "model.", "lm_head.weight", new=8)
    write_golden(folder, {**results(hidden, logits, ids, generated), "pixel_values_videos": frames, "visual": rows})


def new_names(name):
    """transformers 5 in memory: everything under model., the head beside it."""
    if name.startswith("language_model.lm_head."):
        return name.replace("language_model.", "")
    return "model." + name.replace("language_model.model.", "language_model.")


def old_tower(name):
    return name.replace("vision_tower.", "vision_tower.vision_model.")


def qwen_vl(folder, model_type, seed, dtype, names):
    """Three pairs of frames of 6 x 4 merged squares; a text before and behind. The hub's names or transformers 5's."""
    is_25 = model_type == "qwen2_5_vl"
    shared = dict(depth=3, num_heads=2, in_channels=3, patch_size=4, spatial_merge_size=2, temporal_patch_size=2)
    if is_25:
        # Windows of 2 x 2 merged squares; the grid of 5 x 3 leaves ragged ones.
        vision = dict(model_type=model_type, hidden_size=16, intermediate_size=24, hidden_act="silu", window_size=16,
                      fullatt_block_indexes=[1], tokens_per_second=4, out_hidden_size=32, **shared)
        height, width, seconds = 40, 24, 0.8
    else:
        vision = dict(model_type=model_type, embed_dim=16, mlp_ratio=2, hidden_act="quick_gelu", hidden_size=32, **shared)
        height, width, seconds = 24, 16, None
    text = {**QWEN2, "rope_scaling": {"type": "mrope", "mrope_section": [2, 1, 1]}}
    config = {**text, "model_type": model_type, "vision_config": vision, "video_token_id": 61, "image_token_id": 60,
              "vision_start_token_id": 58, "vision_end_token_id": 59}
    if not is_25:
        config["tie_word_embeddings"] = text["tie_word_embeddings"] = True
    else:
        rope = {"rope_theta": 1000000.0, "rope_type": "default", "mrope_section": [2, 1, 1]}
        text = {**{k: v for k, v in text.items() if k not in ("rope_theta", "rope_scaling")}, "rope_parameters": rope}
        config = {"model_type": model_type, "vision_config": vision, "video_token_id": 61, "image_token_id": 60,
                  "text_config": {**text, "model_type": "qwen2_5_vl_text"}}
    P = rounded(random_parameters({**qwen_vision_parameters({**vision, "model_type": model_type}, 32, "visual."),
                                   **decoder_parameters(text, "model.", "lm_head.weight")}, seed), dtype)
    video = torch.randn(3, 6, height, width).float().double()
    rows, grid = qwen_vision(P, {**vision, "model_type": model_type}, video, "visual.")
    ids = text_ids(4, seed) + [58] + [61] * len(rows) + [59] + text_ids(5, seed + 1)
    times = None if seconds is None else [seconds]
    positions = qwen_positions(ids, {**config, "vision_config": vision}, [grid], times)
    x = put(P, "model.embed_tokens.weight", ids, {61}, rows)
    hidden, logits, generated = run_language(P, text, x, positions, "model.", "lm_head.weight", new=8)
    golden = {**results(hidden, logits, ids, generated), "visual": rows, "video": video.transpose(0, 1),
              "pixel_values_videos": qwen_flat_patches(vision, video), "video_grid_thw": torch.tensor([grid]),
              "position_ids": positions}
    if seconds is not None:
        golden["second_per_grid_ts"] = torch.tensor([seconds])
    save(folder, config, {names(key): value for key, value in P.items()}, golden, dtype, shards=2)


def qwen_new_names(name):
    if name.startswith("lm_head."):
        return name
    return "model." + (name if name.startswith("visual.") else name.replace("model.", "language_model.", 1))


def llava_onevision(folder):
    """Five frames of 5 x 5 patches, halved to 3 x 3 by interpolation; one newline behind the video."""
    config = dict(model_type="llava_onevision", image_token_index=60, video_token_index=61, vision_feature_layer=-1,
                  vision_feature_select_strategy="full", projector_hidden_act="gelu", vision_config=SIGLIP, text_config=QWEN2,
                  vision_aspect_ratio="anyres_max_9", image_grid_pinpoints=[[20, 20]])
    P = rounded(random_parameters({
        **siglip_parameters(SIGLIP, "vision_tower."), "image_newline": (32,),
        "multi_modal_projector.linear_1.weight": (32, 16), "multi_modal_projector.linear_1.bias": (32,),
        "multi_modal_projector.linear_2.weight": (32, 32), "multi_modal_projector.linear_2.bias": (32,),
        **decoder_parameters(QWEN2, "language_model.model.", "language_model.lm_head.weight"),
    }, 70), torch.bfloat16)
    video = torch.randn(5, 3, 20, 20).float().double()
    rows = []
    for frame in video:
        features = siglip_hidden(P, SIGLIP, frame, "vision_tower.")[-1]
        projected = llava_project(P, features, "multi_modal_projector.linear_1", "multi_modal_projector.linear_2")
        rows.append(pool(projected, 5, "bilinear", 2).reshape(-1, 32))
    rows = torch.cat([*rows, P["image_newline"][None]])
    ids = text_ids(4, 71) + [61] * len(rows) + text_ids(6, 72)
    x = put(P, "language_model.model.embed_tokens.weight", ids, {61}, rows)
    hidden, logits, generated = run_language(P, QWEN2, x, torch.arange(len(ids)), "language_model.model.",
                                             "language_model.lm_head.weight", new=8)
    golden = {**results(hidden, logits, ids, generated), "visual": rows, "pixel_values_videos": video[None]}
    save(folder, config, {old_tower(key): value for key, value in P.items()}, golden, torch.bfloat16)


def llava_original(folder, vision, text, seed, fields, mode, newline):
    """The LLaVA-NeXT repository's layout. CLIP's second last layer without the class token; SigLIP without its last layer."""
    is_clip = vision["model_type"].startswith("clip")
    config = {**text, "model_type": "llava_qwen" if text is QWEN2 else "llava_llama", "mm_vision_tower": "tower-tiny",
              "mm_vision_select_layer": -2, "mm_vision_select_feature": "patch", "mm_projector_type": "mlp2x_gelu",
              "mm_hidden_size": 16, "mm_spatial_pool_mode": mode, "mm_spatial_pool_stride": 2, **fields}
    parameters, run = tower(vision)
    P = random_parameters({
        **parameters(vision, "model.vision_tower.vision_tower.vision_model."), "model.image_newline": (32,),
        "model.mm_projector.0.weight": (32, 16), "model.mm_projector.0.bias": (32,),
        "model.mm_projector.2.weight": (32, 32), "model.mm_projector.2.bias": (32,),
        **decoder_parameters(text, "model.", "lm_head.weight"),
    }, seed)
    side = vision["image_size"] // vision["patch_size"]
    video = torch.randn(4, 3, vision["image_size"], vision["image_size"]).float().double()
    rows = []
    for frame in video:
        hidden = run(P, vision, frame, "model.vision_tower.vision_tower.vision_model.")[-2]
        features = hidden[1:] if is_clip else hidden
        pooled = pool(llava_project(P, features, "model.mm_projector.0", "model.mm_projector.2"), side, mode, 2)
        for row in pooled:
            rows += [row, P["model.image_newline"][None]] if newline else [row]
    rows = torch.cat(rows)
    ids = text_ids(4, seed + 1) + [-200] * len(rows) + text_ids(6, seed + 2)
    x = put(P, "model.embed_tokens.weight", ids, {-200}, rows)
    hidden, logits, generated = run_language(P, text, x, torch.arange(len(ids)), "model.", "lm_head.weight", new=8)
    if not newline:
        del P["model.image_newline"]
    golden = {**results(hidden, logits, ids, generated), "visual": rows, "pixel_values_videos": video}
    # LongVA's tower lies in a folder of its own, LLaVA-Video's weights bring theirs along.
    own = {key: value for key, value in P.items() if newline or "vision_tower" not in key}
    save(folder, config, own, golden)
    os.makedirs(f"{folder}/tower-tiny", exist_ok=True)
    write_json(f"{folder}/tower-tiny/config.json", vision)
    if not newline:
        apart = {key.replace("model.vision_tower.vision_tower.", ""): value for key, value in P.items() if key not in own}
        write_safetensors(f"{folder}/tower-tiny/model.safetensors", {key: value.float() for key, value in apart.items()})


def write(root):
    at = lambda name: os.path.join(root, name)
    pixels(at("pixels"))
    archives(at("archives"))
    sentencepiece_model(at("sentencepiece"))
    siglip(at("siglip_vision"))
    vtimellm(at("vtimellm"))
    llava(at("llava_siglip"), SIGLIP, QWEN2, 2, -1, "full", new_names)
    llava(at("llava_layers"), CLIP, LLAMA, 3, [-2, 1], "default", old_tower)
    qwen_vl(at("qwen2_vl"), "qwen2_vl", 50, torch.bfloat16, lambda name: name)
    qwen_vl(at("qwen2_5_vl"), "qwen2_5_vl", 60, torch.float16, qwen_new_names)
    llava_onevision(at("llava_onevision"))
    llava_original(at("llava_video"), SIGLIP, QWEN2, 80, dict(mm_patch_merge_type="spatial_unpad", mm_newline_position="grid"),
                   "bilinear", True)
    llava_original(at("longva"), CLIP, QWEN2, 90, dict(mm_patch_merge_type="unires"), "average", False)

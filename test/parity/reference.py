"""The published formulas of every model once more, in PyTorch and float64: the oracle of src/nn/models.

    python3 reference.py --check ../../../shared/parity   # this program against goldens that transformers made
    python3 reference.py --write .                        # write the folders beside this file

Needs PyTorch (1.13 will do) and nothing else; nothing in the project needs this file. Written from the papers and from
transformers' documentation of shapes and names, and on purpose in another way than src/: convolutions instead of
reshapes, attention masks from coordinates instead of reordered windows, no key-value cache.
"""
import argparse
import json
import math
import os
import struct

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
DTYPES = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "I32": torch.int32, "I64": torch.int64}


# --- files -----------------------------------------------------------------------------------------------------------
def read_safetensors(path):
    raw = open(path, "rb").read()
    n = struct.unpack("<Q", raw[:8])[0]
    header = json.loads(raw[8 : 8 + n])
    out = {}
    for name, info in header.items():
        if name == "__metadata__":
            continue
        begin, end = info["data_offsets"]
        data = torch.frombuffer(bytearray(raw[8 + n + begin : 8 + n + end]), dtype=DTYPES[info["dtype"]])
        out[name] = data.reshape(info["shape"])
    return out


def write_safetensors(path, tensors):
    header, parts, at = {"__metadata__": {"format": "pt"}}, [], 0
    for name in sorted(tensors):
        tensor = tensors[name].contiguous()
        dtype = next(key for key, value in DTYPES.items() if value == tensor.dtype)
        data = tensor.reshape(-1).view(torch.uint8).numpy().tobytes() if tensor.numel() else b""
        header[name] = {"dtype": dtype, "shape": list(tensor.shape), "data_offsets": [at, at + len(data)]}
        parts.append(data)
        at += len(data)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(parts))


# --- blocks ----------------------------------------------------------------------------------------------------------
def linear(P, x, name):
    y = x @ P[f"{name}.weight"].T
    return y + P[f"{name}.bias"] if f"{name}.bias" in P else y


def layer_norm(P, x, name, eps):
    mean = x.mean(-1, keepdim=True)
    variance = ((x - mean) ** 2).mean(-1, keepdim=True)
    return (x - mean) / (variance + eps).sqrt() * P[f"{name}.weight"] + P[f"{name}.bias"]


def rms_norm(P, x, name, eps):
    return x / ((x * x).mean(-1, keepdim=True) + eps).sqrt() * P[f"{name}.weight"]


def activation(name):
    return {
        "quick_gelu": lambda x: x * torch.sigmoid(1.702 * x),
        "gelu": lambda x: x * 0.5 * (1 + torch.erf(x / math.sqrt(2))),
        "gelu_pytorch_tanh": lambda x: 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))),
        "silu": lambda x: x * torch.sigmoid(x),
    }[name]


def attend(q, k, v, allowed=None):
    """q (heads, T, d), k and v (key heads, S, d), allowed bool (T, S)."""
    groups = q.shape[0] // k.shape[0]
    k, v = k.repeat_interleave(groups, 0), v.repeat_interleave(groups, 0)
    scores = q @ k.transpose(1, 2) / math.sqrt(q.shape[-1])
    if allowed is not None:
        scores = scores.masked_fill(~allowed, float("-inf"))
    return torch.softmax(scores, -1) @ v


def heads(x, n):
    return x.reshape(x.shape[0], n, -1).transpose(0, 1)


def rotate(x, cos, sin):
    """x (heads, T, d), cos and sin (T, d)."""
    half = x.shape[-1] // 2
    turned = torch.cat([-x[..., half:], x[..., :half]], -1)
    return x * cos + turned * sin


# --- decoders --------------------------------------------------------------------------------------------------------
def rope(config, positions):
    """positions (T) or, with mrope_section, (3, T) -> cos, sin (T, d)."""
    d = config.get("head_dim") or config["hidden_size"] // config["num_attention_heads"]
    rope_config = config.get("rope_parameters") or {}
    theta = rope_config.get("rope_theta") or config.get("rope_theta", 10000.0)
    # transformers keeps frequencies and angles in float32.
    exponents = (torch.arange(0, d, 2).float() / d).float()
    frequencies = (1.0 / (torch.tensor(theta, dtype=torch.float32) ** exponents)).float()
    section = (config.get("rope_scaling") or rope_config).get("mrope_section")
    if section is None:
        angles = positions.float()[:, None] * frequencies[None]
    else:
        kind = sum([[i] * n for i, n in enumerate(section)], [])
        angles = torch.stack([positions[kind[i]].float() * frequencies[i] for i in range(d // 2)], 1)
    angles = torch.cat([angles, angles], 1)
    return angles.double().cos(), angles.double().sin()


def decoder(P, config, x, positions, prefix):
    """x (T, D) -> hidden states (the last one normed)."""
    cos, sin = rope(config, positions)
    T = x.shape[0]
    causal = torch.ones(T, T, dtype=torch.bool).tril()
    H, K = config["num_attention_heads"], config.get("num_key_value_heads") or config["num_attention_heads"]
    eps, act = config["rms_norm_eps"], activation(config.get("hidden_act", "silu"))
    hidden = [x]
    for i in range(config["num_hidden_layers"]):
        at = f"{prefix}layers.{i}."
        h = rms_norm(P, x, at + "input_layernorm", eps)
        q = rotate(heads(linear(P, h, at + "self_attn.q_proj"), H), cos, sin)
        k = rotate(heads(linear(P, h, at + "self_attn.k_proj"), K), cos, sin)
        v = heads(linear(P, h, at + "self_attn.v_proj"), K)
        y = attend(q, k, v, causal).transpose(0, 1).reshape(T, -1)
        x = x + linear(P, y, at + "self_attn.o_proj")
        h = rms_norm(P, x, at + "post_attention_layernorm", eps)
        h = act(linear(P, h, at + "mlp.gate_proj")) * linear(P, h, at + "mlp.up_proj")
        x = x + linear(P, h, at + "mlp.down_proj")
        hidden.append(x)
    hidden[-1] = rms_norm(P, x, f"{prefix}norm", eps)
    return hidden


def decoder_parameters(config, prefix, head):
    D, M = config["hidden_size"], config["intermediate_size"]
    d = config.get("head_dim") or D // config["num_attention_heads"]
    H, K = config["num_attention_heads"], config.get("num_key_value_heads") or config["num_attention_heads"]
    shapes = {f"{prefix}embed_tokens.weight": (config["vocab_size"], D), f"{prefix}norm.weight": (D,)}
    if not config.get("tie_word_embeddings"):
        shapes[head] = (config["vocab_size"], D)
    for i in range(config["num_hidden_layers"]):
        at = f"{prefix}layers.{i}."
        for name, out, inner in [
            ("self_attn.q_proj", H * d, D), ("self_attn.k_proj", K * d, D), ("self_attn.v_proj", K * d, D),
            ("self_attn.o_proj", D, H * d), ("mlp.gate_proj", M, D), ("mlp.up_proj", M, D), ("mlp.down_proj", D, M),
        ]:
            shapes[f"{at}{name}.weight"] = (out, inner)
            if name[10:] in ("q_proj", "k_proj", "v_proj") and config["model_type"].startswith("qwen2"):
                shapes[f"{at}{name}.bias"] = (out,)
        shapes[f"{at}input_layernorm.weight"] = (D,)
        shapes[f"{at}post_attention_layernorm.weight"] = (D,)
    return shapes


# --- vision towers ---------------------------------------------------------------------------------------------------
def encoder_parameters(config, prefix):
    D, M = config["hidden_size"], config["intermediate_size"]
    shapes = {}
    for i in range(config["num_hidden_layers"]):
        at = f"{prefix}encoder.layers.{i}."
        for name in ("q_proj", "k_proj", "v_proj", "out_proj"):
            shapes[f"{at}self_attn.{name}.weight"], shapes[f"{at}self_attn.{name}.bias"] = (D, D), (D,)
        shapes[f"{at}mlp.fc1.weight"], shapes[f"{at}mlp.fc1.bias"] = (M, D), (M,)
        shapes[f"{at}mlp.fc2.weight"], shapes[f"{at}mlp.fc2.bias"] = (D, M), (D,)
        for name in ("layer_norm1", "layer_norm2"):
            shapes[f"{at}{name}.weight"], shapes[f"{at}{name}.bias"] = (D,), (D,)
    return shapes


def encoder(P, config, x, prefix):
    """x (patches, D) of one image -> what each layer gives."""
    eps, H, act = config["layer_norm_eps"], config["num_attention_heads"], activation(config["hidden_act"])
    hidden = [x]
    for i in range(config["num_hidden_layers"]):
        at = f"{prefix}encoder.layers.{i}."
        h = layer_norm(P, x, at + "layer_norm1", eps)
        q, k, v = (heads(linear(P, h, f"{at}self_attn.{name}_proj"), H) for name in "qkv")
        x = x + linear(P, attend(q, k, v).transpose(0, 1).reshape(len(x), -1), at + "self_attn.out_proj")
        h = layer_norm(P, x, at + "layer_norm2", eps)
        x = x + linear(P, act(linear(P, h, at + "mlp.fc1")), at + "mlp.fc2")
        hidden.append(x)
    return hidden


def clip_parameters(config, prefix):
    D, patch = config["hidden_size"], config["patch_size"]
    n = (config["image_size"] // patch) ** 2
    return {
        f"{prefix}embeddings.class_embedding": (D,),
        f"{prefix}embeddings.patch_embedding.weight": (D, 3, patch, patch),
        f"{prefix}embeddings.position_embedding.weight": (n + 1, D),
        f"{prefix}pre_layrnorm.weight": (D,), f"{prefix}pre_layrnorm.bias": (D,),
        f"{prefix}post_layernorm.weight": (D,), f"{prefix}post_layernorm.bias": (D,),
        **encoder_parameters(config, prefix),
    }


def clip_hidden(P, config, image, prefix):
    x = F.conv2d(image[None], P[f"{prefix}embeddings.patch_embedding.weight"], stride=config["patch_size"])
    x = torch.cat([P[f"{prefix}embeddings.class_embedding"][None], x[0].flatten(1).T])
    x = x + P[f"{prefix}embeddings.position_embedding.weight"]
    return encoder(P, config, layer_norm(P, x, f"{prefix}pre_layrnorm", config["layer_norm_eps"]), prefix)


def siglip_parameters(config, prefix):
    D, M, patch = config["hidden_size"], config["intermediate_size"], config["patch_size"]
    shapes = {
        f"{prefix}embeddings.patch_embedding.weight": (D, 3, patch, patch),
        f"{prefix}embeddings.patch_embedding.bias": (D,),
        f"{prefix}embeddings.position_embedding.weight": ((config["image_size"] // patch) ** 2, D),
        f"{prefix}post_layernorm.weight": (D,), f"{prefix}post_layernorm.bias": (D,),
        **encoder_parameters(config, prefix),
    }
    if config.get("vision_use_head", True):
        shapes.update({
            f"{prefix}head.probe": (1, 1, D),
            f"{prefix}head.attention.in_proj_weight": (3 * D, D), f"{prefix}head.attention.in_proj_bias": (3 * D,),
            f"{prefix}head.attention.out_proj.weight": (D, D), f"{prefix}head.attention.out_proj.bias": (D,),
            f"{prefix}head.layernorm.weight": (D,), f"{prefix}head.layernorm.bias": (D,),
            f"{prefix}head.mlp.fc1.weight": (M, D), f"{prefix}head.mlp.fc1.bias": (M,),
            f"{prefix}head.mlp.fc2.weight": (D, M), f"{prefix}head.mlp.fc2.bias": (D,),
        })
    return shapes


def siglip_hidden(P, config, image, prefix):
    weight, bias = P[f"{prefix}embeddings.patch_embedding.weight"], P[f"{prefix}embeddings.patch_embedding.bias"]
    x = F.conv2d(image[None], weight, bias, stride=config["patch_size"])[0].flatten(1).T
    return encoder(P, config, x + P[f"{prefix}embeddings.position_embedding.weight"], prefix)


def siglip_pooled(P, config, last, prefix):
    """One learnt query attends to the normed patches (Zhai et al. 2022, MAP head)."""
    x = layer_norm(P, last, f"{prefix}post_layernorm", config["layer_norm_eps"])
    module = torch.nn.MultiheadAttention(config["hidden_size"], config["num_attention_heads"], batch_first=True)
    module.load_state_dict({
        "in_proj_weight": P[f"{prefix}head.attention.in_proj_weight"],
        "in_proj_bias": P[f"{prefix}head.attention.in_proj_bias"],
        "out_proj.weight": P[f"{prefix}head.attention.out_proj.weight"],
        "out_proj.bias": P[f"{prefix}head.attention.out_proj.bias"],
    })
    y = module(P[f"{prefix}head.probe"], x[None], x[None])[0].detach()[0, 0]
    h = layer_norm(P, y, f"{prefix}head.layernorm", config["layer_norm_eps"])
    h = activation(config["hidden_act"])(linear(P, h, f"{prefix}head.mlp.fc1"))
    return x, y + linear(P, h, f"{prefix}head.mlp.fc2")


def tower(config):
    return (clip_parameters, clip_hidden) if config["model_type"].startswith("clip") else (siglip_parameters, siglip_hidden)


# --- Qwen2-VL and Qwen2.5-VL -----------------------------------------------------------------------------------------
def qwen_vision_parameters(config, out, prefix):
    is_25 = config["model_type"] == "qwen2_5_vl"
    D = config["hidden_size"] if is_25 else config["embed_dim"]
    patch, C = config["patch_size"], config.get("in_channels", 3)
    merged = D * config["spatial_merge_size"] ** 2
    shapes = {
        f"{prefix}patch_embed.proj.weight": (D, C, config["temporal_patch_size"], patch, patch),
        f"{prefix}merger.ln_q.weight": (D,),
        f"{prefix}merger.mlp.0.weight": (merged, merged), f"{prefix}merger.mlp.0.bias": (merged,),
        f"{prefix}merger.mlp.2.weight": (out, merged), f"{prefix}merger.mlp.2.bias": (out,),
    }
    if not is_25:
        shapes[f"{prefix}merger.ln_q.bias"] = (D,)
    for i in range(config["depth"]):
        at = f"{prefix}blocks.{i}."
        linears = [("attn.qkv", 3 * D, D), ("attn.proj", D, D)]
        if is_25:
            M = config["intermediate_size"]
            linears += [("mlp.gate_proj", M, D), ("mlp.up_proj", M, D), ("mlp.down_proj", D, M)]
        else:
            M = int(D * config["mlp_ratio"])
            linears += [("mlp.fc1", M, D), ("mlp.fc2", D, M)]
        for name, rows, columns in linears:
            shapes[f"{at}{name}.weight"], shapes[f"{at}{name}.bias"] = (rows, columns), (rows,)
        for name in ("norm1", "norm2"):
            shapes[f"{at}{name}.weight"] = (D,)
            if not is_25:
                shapes[f"{at}{name}.bias"] = (D,)
    return shapes


def qwen_vision(P, config, video, prefix):
    """video (C, frames, H, W), a multiple of temporal_patch_size frames -> (t * h / merge * w / merge, D) and the grid."""
    is_25 = config["model_type"] == "qwen2_5_vl"
    patch, merge, H = config["patch_size"], config["spatial_merge_size"], config["num_heads"]
    kernel = P[f"{prefix}patch_embed.proj.weight"]
    grid = F.conv3d(video[None], kernel, stride=kernel.shape[2:])[0]  # (D, t, h, w)
    D, t, h, w = grid.shape
    places = [(a, y, x) for a in range(t) for y in range(h) for x in range(w)]
    x = grid.permute(1, 2, 3, 0).reshape(-1, D)
    d = D // H
    frequencies = (1.0 / (10000.0 ** (torch.arange(0, d // 2, 2).float() / (d // 2)))).float()
    angles = torch.stack([torch.cat([y_ * frequencies, x_ * frequencies]) for _, y_, x_ in places]).double()
    cos, sin = torch.cat([angles, angles], 1).cos(), torch.cat([angles, angles], 1).sin()
    frame = torch.tensor([a for a, _, _ in places])
    same_frame = frame[:, None] == frame[None]
    if is_25:
        side = config["window_size"] // patch
        window = torch.tensor([(a * 1000 + y_ // side) * 1000 + x_ // side for a, y_, x_ in places])
        same_window = window[:, None] == window[None]
    for i in range(config["depth"]):
        at = f"{prefix}blocks.{i}."
        norm = (lambda v, n: rms_norm(P, v, at + n, 1e-6)) if is_25 else (lambda v, n: layer_norm(P, v, at + n, 1e-6))
        qkv = linear(P, norm(x, "norm1"), at + "attn.qkv")
        q, k, v = (heads(part, H) for part in qkv.split(D, 1))
        allowed = same_window if is_25 and i not in config["fullatt_block_indexes"] else same_frame
        y = attend(rotate(q, cos, sin), rotate(k, cos, sin), v, allowed).transpose(0, 1).reshape(len(x), D)
        x = x + linear(P, y, at + "attn.proj")
        z = norm(x, "norm2")
        act = activation(config["hidden_act"])
        if is_25:
            z = linear(P, act(linear(P, z, at + "mlp.gate_proj")) * linear(P, z, at + "mlp.up_proj"), at + "mlp.down_proj")
        else:
            z = linear(P, act(linear(P, z, at + "mlp.fc1")), at + "mlp.fc2")
        x = x + z
    name = f"{prefix}merger.ln_q"
    x = rms_norm(P, x, name, 1e-6) if is_25 else layer_norm(P, x, name, 1e-6)
    row = {place: n for n, place in enumerate(places)}
    merged = torch.stack([
        torch.cat([x[row[a, y * merge + dy, z * merge + dx]] for dy in range(merge) for dx in range(merge)])
        for a in range(t) for y in range(h // merge) for z in range(w // merge)
    ])
    hidden = activation("gelu")(linear(P, merged, f"{prefix}merger.mlp.0"))
    return linear(P, hidden, f"{prefix}merger.mlp.2"), (t, h, w)


def qwen_flat_patches(config, video):
    """The layout of pixel_values_videos: a row a patch, patches of a merged square together."""
    patch, merge, tp = config["patch_size"], config["spatial_merge_size"], config["temporal_patch_size"]
    C, frames, height, width = video.shape
    rows = []
    for a in range(frames // tp):
        for y in range(height // patch // merge):
            for x in range(width // patch // merge):
                for dy in range(merge):
                    for dx in range(merge):
                        top, left = (y * merge + dy) * patch, (x * merge + dx) * patch
                        rows.append(video[:, a * tp : (a + 1) * tp, top : top + patch, left : left + patch].reshape(-1))
    return torch.stack(rows)


def qwen_positions(ids, config, grids, seconds_per_grid):
    """M-RoPE positions (3, T). grids: (t, h, w) in patches of each video; seconds_per_grid None for Qwen2-VL."""
    merge = config["vision_config"]["spatial_merge_size"]
    out, at, n, following = [], 0, 0, 0
    while at < len(ids):
        if ids[at] not in (config["video_token_id"], config["image_token_id"]):
            out.append((following,) * 3)
            following, at = following + 1, at + 1
            continue
        t, h, w = grids[n]
        for a in range(t):
            time = a if seconds_per_grid is None else int(a * seconds_per_grid[n] * config["vision_config"]["tokens_per_second"])
            for y in range(h // merge):
                for x in range(w // merge):
                    out.append((following + time, following + y, following + x))
        at += t * (h // merge) * (w // merge)
        following = max(max(place) for place in out) + 1
        n += 1
    return torch.tensor(out).T


# --- whole models ----------------------------------------------------------------------------------------------------
def put(P, table, ids, tokens, rows):
    """Embeddings of ids with rows in the places of the visual tokens."""
    x = torch.stack([P[table][i] if i not in tokens else torch.zeros(P[table].shape[1]) for i in ids])
    places = [n for n, i in enumerate(ids) if i in tokens]
    assert len(places) == len(rows), (len(places), len(rows))
    if places:
        x = x.index_copy(0, torch.tensor(places), rows)
    return x


def run_language(P, text, x, positions, prefix, head, new=0, embed=None):
    """Hidden states, logits and the greedy continuation, recomputed from the start for each token."""
    hidden = decoder(P, text, x, positions, prefix)
    matrix = P[f"{prefix}embed_tokens.weight"] if text.get("tie_word_embeddings") else P[head]
    logits = hidden[-1] @ matrix.T
    ids, scores = [], logits[-1]
    for _ in range(new):
        ids.append(int(scores.argmax()))
        x = torch.cat([x, P[f"{prefix}embed_tokens.weight"][ids[-1]][None]])
        step = positions.max() + 1
        positions = torch.cat([positions, step.expand(*positions.shape[:-1], 1)], -1)
        scores = decoder(P, text, x, positions, prefix)[-1][-1] @ matrix.T
    return hidden, logits, ids


def llava_project(P, x, first, second):
    return linear(P, activation("gelu")(linear(P, x, first)), second)


def pool(x, side, mode, stride):
    grid = x.T.reshape(1, -1, side, side)
    if mode == "average":
        return F.avg_pool2d(grid, stride)[0].permute(1, 2, 0)
    size = [math.ceil(side / stride)] * 2
    return F.interpolate(grid, size=size, mode="bilinear")[0].permute(1, 2, 0)


def random_parameters(shapes, seed):
    torch.manual_seed(seed)
    P = {}
    for name, shape in shapes.items():
        if name.endswith("bias"):
            value = 0.2 * torch.randn(shape)
        elif len(shape) == 1 and "norm" in name or name.endswith("ln_q.weight") or "layrnorm" in name:
            value = 1 + 0.2 * torch.randn(shape)
        elif len(shape) == 1 or "embed_tokens" in name or "position_embedding" in name or "probe" in name:
            value = torch.randn(shape)
        else:
            value = torch.randn(shape) / math.sqrt(math.prod(shape[1:]))
        P[name] = value.float().double()  # exactly what the file holds
    return P


# --- comparison with transformers ------------------------------------------------------------------------------------
def check(root):
    for name in ("llama", "qwen2", "clip_vision", "llava_qwen2"):
        folder = os.path.join(root, name)
        config = json.load(open(f"{folder}/config.json"))
        P = {key: value.double() for key, value in read_safetensors(f"{folder}/model.safetensors").items()}
        golden = read_safetensors(f"{folder}/golden.safetensors")
        worst = 0.0
        if name == "clip_vision":
            for image, *expected in zip(golden["pixel_values"].double(), *(golden[f"hidden.{i}"] for i in range(4))):
                got = clip_hidden(P, config, image, "vision_model.")
                worst = max(worst, *((a - b).abs().max().item() for a, b in zip(got, expected)))
        else:
            is_llava = name == "llava_qwen2"
            text, prefix = (config["text_config"], "language_model.model.") if is_llava else (config, "model.")
            images = iter(golden["pixel_values"].double()) if is_llava else None
            for b, ids in enumerate(golden["input_ids"].tolist()):
                token = config.get("image_token_index")
                rows = torch.zeros(0, text["hidden_size"])
                for _ in range(ids.count(token) // 16 if is_llava else 0):
                    hidden = clip_hidden(P, config["vision_config"], next(images), "vision_tower.")[-2][1:]
                    projected = llava_project(P, hidden, "multi_modal_projector.linear_1", "multi_modal_projector.linear_2")
                    rows = torch.cat([rows, projected])
                x = put(P, f"{prefix}embed_tokens.weight", ids, {token}, rows)
                head = "language_model.lm_head.weight" if is_llava else "lm_head.weight"
                hidden, logits, _ = run_language(P, text, x, torch.arange(len(ids)), prefix, head)
                worst = max(worst, (logits - golden["logits"][b]).abs().max().item())
                worst = max(worst, *((h - golden[f"hidden.{i}"][b]).abs().max().item() for i, h in enumerate(hidden)))
        print(f"{name}: largest difference from transformers' tensors {worst:.1e}")
        assert worst < 1e-4


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", metavar="DIR")
    parser.add_argument("--write", metavar="DIR")
    options = parser.parse_args()
    if options.check:
        check(options.check)
    if options.write:
        import goldens

        goldens.write(options.write)


if __name__ == "__main__":
    main()

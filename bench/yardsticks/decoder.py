"""Prefill and decoding of a Qwen2 decoder in eager PyTorch with a key-value cache: the yardstick of checkpoint.bench.ts.

Usage: python3 decoder.py HIDDEN INNER LAYERS HEADS GROUPS PROMPT STEPS THREADS (Debian: apt install python3-torch libopenblas0-pthread).
Nothing else needs Python. Prints {"prefill": s, "steps": [...]}: seconds of the prompt, and of each token behind it. Scores are computed for
the last position alone, as ours are.
"""
import json
import sys
import time

import torch
from torch.nn import functional as F

hidden, inner, layers, heads, groups, prompt, steps, threads = map(int, sys.argv[1:])
torch.set_num_threads(threads)
torch.set_grad_enabled(False)
torch.manual_seed(0)
width, vocabulary = hidden // heads, 151936


def matrix(outside, inside):
    return torch.empty(outside, inside).uniform_(-1, 1) / inside**0.5


def layer():
    return {
        "first": torch.ones(hidden), "second": torch.ones(hidden),
        "q": (matrix(heads * width, hidden), torch.zeros(heads * width)),
        "k": (matrix(groups * width, hidden), torch.zeros(groups * width)),
        "v": (matrix(groups * width, hidden), torch.zeros(groups * width)),
        "o": matrix(hidden, heads * width), "gate": matrix(inner, hidden), "up": matrix(inner, hidden), "down": matrix(hidden, inner),
    }


def norm(x, weight):
    return weight * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6))


def turn(x, cosines, sines):
    half = x.shape[-1] // 2
    return x * cosines + torch.cat([-x[..., half:], x[..., :half]], -1) * sines


model = [layer() for _ in range(layers)]
table = matrix(vocabulary, hidden)
last = torch.ones(hidden)
frequencies = 1e6 ** (-torch.arange(0, width, 2) / width)


def run(ids, caches, begin):
    length = len(ids)
    angles = torch.outer(torch.arange(begin, begin + length), frequencies)
    cosines, sines = (torch.cat([f, f], -1) for f in (angles.cos(), angles.sin()))
    mask = torch.full((length, length), -1e9).triu(1) if length > 1 else 0
    x = table[ids][None]
    for at, w in enumerate(model):
        y = norm(x, w["first"])
        split = lambda z, n: z.view(1, length, n, width).transpose(1, 2)
        q, k, v = (split(F.linear(y, *w[name]), n) for name, n in (("q", heads), ("k", groups), ("v", groups)))
        q, k = turn(q, cosines, sines), turn(k, cosines, sines)
        if caches[at] is not None:
            k, v = torch.cat([caches[at][0], k], 2), torch.cat([caches[at][1], v], 2)
        caches[at] = (k, v)
        k, v = (z.repeat_interleave(heads // groups, 1) for z in (k, v))
        scores = q @ k.transpose(2, 3) / width**0.5 + mask
        x = x + F.linear((scores.softmax(-1) @ v).transpose(1, 2).reshape(1, length, heads * width), w["o"])
        y = norm(x, w["second"])
        x = x + F.linear(F.silu(F.linear(y, w["gate"])) * F.linear(y, w["up"]), w["down"])
    return F.linear(norm(x[:, -1], last), table).argmax(-1)


ids = (torch.arange(prompt) * 7919) % 150000
run(ids[:16], [None] * layers, 0)
caches = [None] * layers
start = time.perf_counter()
token = run(ids, caches, 0)
prefill = time.perf_counter() - start
times = []
for step in range(steps):
    start = time.perf_counter()
    token = run(token, caches, prompt + step)
    times.append(time.perf_counter() - start)
print(json.dumps({"prefill": prefill, "steps": times}))

"""A step of LoRA fine-tuning of a decoder of Qwen2-0.5B's shape in eager PyTorch: the yardstick of sft.bench.ts.

Usage: python3 lora_step.py LAYERS LENGTH ANSWERS RANK STEPS THREADS (Debian: apt install python3-torch libopenblas0-pthread). Nothing else
needs Python. Prints {"wall": [...], "cpu": [...], "peakMiB": n}: seconds of each step on the clock and of the cores.
Logits are computed for the answers alone, as ours are.
"""
import json
import resource
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

layers, length, answers, rank, steps, threads = map(int, sys.argv[1:])
torch.set_num_threads(threads)
torch.manual_seed(0)
hidden, inner, heads, groups, width, vocabulary = 896, 4864, 14, 2, 64, 151936


class LoraLinear(nn.Module):
    def __init__(self, inside, outside, bias):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outside, inside) / inside**0.5, requires_grad=False)
        self.bias = nn.Parameter(torch.zeros(outside), requires_grad=False) if bias else None
        self.a = nn.Parameter(torch.randn(rank, inside) / inside**0.5)
        self.b = nn.Parameter(torch.zeros(outside, rank))

    def forward(self, x):
        return F.linear(x, self.weight, self.bias) + 2 * F.linear(F.linear(x, self.a), self.b)


def norm(x, weight):
    return weight * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6))


def turn(x, cosines, sines):
    half = x.shape[-1] // 2
    rotated = torch.cat([-x[..., half:], x[..., :half]], -1)
    return x * cosines + rotated * sines


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        ones = lambda: nn.Parameter(torch.ones(hidden), requires_grad=False)
        self.first, self.second = ones(), ones()
        self.q = LoraLinear(hidden, heads * width, True)
        self.k = LoraLinear(hidden, groups * width, True)
        self.v = LoraLinear(hidden, groups * width, True)
        self.o = LoraLinear(heads * width, hidden, False)
        self.gate = LoraLinear(hidden, inner, False)
        self.up = LoraLinear(hidden, inner, False)
        self.down = LoraLinear(inner, hidden, False)

    def forward(self, x, cosines, sines, mask):
        y = norm(x, self.first)
        split = lambda z, n: z.view(1, length, n, width).transpose(1, 2)
        q, k, v = split(self.q(y), heads), split(self.k(y), groups), split(self.v(y), groups)
        q, k = turn(q, cosines, sines), turn(k, cosines, sines)
        k, v = (z.repeat_interleave(heads // groups, 1) for z in (k, v))
        scores = q @ k.transpose(2, 3) / width**0.5 + mask
        attended = (scores.softmax(-1) @ v).transpose(1, 2).reshape(1, length, heads * width)
        x = x + self.o(attended)
        y = norm(x, self.second)
        return x + self.down(F.silu(self.gate(y)) * self.up(y))


model = nn.ModuleList([Layer() for _ in range(layers)])
table = torch.randn(vocabulary, hidden) / hidden**0.5
last = torch.ones(hidden)
angles = torch.outer(torch.arange(length), 1e6 ** (-torch.arange(0, width, 2) / width))
cosines, sines = (torch.cat([f, f], -1) for f in (angles.cos(), angles.sin()))
mask = torch.full((length, length), -1e9).triu(1)
ids = (torch.arange(length) * 7919) % 150000
trained = [p for p in model.parameters() if p.requires_grad]
optimizer = torch.optim.AdamW(trained, lr=1e-4, weight_decay=0)
wall, cpu = [], []
for step in range(steps + 1):
    start, before = time.perf_counter(), time.process_time()
    x = table[ids][None]
    for layer in model:
        x = layer(x, cosines, sines, mask)
    logits = norm(x, last)[0, length - answers - 1 : length - 1] @ table.T
    loss = F.cross_entropy(logits, ids[length - answers :])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step > 0:
        wall.append(time.perf_counter() - start)
        cpu.append(time.process_time() - before)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(json.dumps({"wall": wall, "cpu": cpu, "peakMiB": peak}))

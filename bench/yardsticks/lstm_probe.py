"""A training step of T3's LSTM probe in eager PyTorch: the yardstick of probe.bench.ts. Prints one time in seconds a line.

Usage: python3 lstm_probe.py LENGTH WIDTH BATCH CLASSES STEPS (Debian: apt install python3-torch libopenblas0-pthread). Nothing else needs Python.
"""
import sys
import time

import torch
from torch import nn

length, width, batch, classes, steps = map(int, sys.argv[1:])
torch.manual_seed(0)


class Probe(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(width, 128, batch_first=True)
        self.linear = nn.Linear(128, classes)

    def forward(self, x):
        return self.linear(self.lstm(x)[0][:, -1, :])


probe = Probe()
optimizer = torch.optim.Adam(probe.parameters(), lr=5e-5)
features = torch.rand(batch, length, width) * 2 - 1
labels = torch.randint(classes, (batch,))
for _ in range(steps):
    start = time.perf_counter()
    optimizer.zero_grad()
    nn.functional.cross_entropy(probe(features), labels).backward()
    optimizer.step()
    print(time.perf_counter() - start)

"""Speed of PyTorch's matrix products: prints GFLOP/s. With Debian's reference BLAS it is about 2, with OpenBLAS some tens a core.

Usage: python3 products.py THREADS
"""
import sys
import time

import torch

torch.set_num_threads(int(sys.argv[1]))
side = 1024
a, b = torch.rand(side, side), torch.rand(side, side)
times = []
for _ in range(4):
    start = time.perf_counter()
    a @ b
    times.append(time.perf_counter() - start)
print(2 * side**3 / min(times) / 1e9)

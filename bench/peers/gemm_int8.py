"""Products of matrices in 8 bits with sums in 32, by PyTorch: gemm_int8.py THREADS REPETITIONS MxNxK ...

Prints JSON: seconds of each repetition and the sum of the product's magnitudes by shape."""

import json
import sys
import time

import numpy
import torch


def main():
    threads, repetitions, *shapes = sys.argv[1:]
    torch.set_num_threads(int(threads))
    results = {}
    for shape in shapes:
        m, n, k = map(int, shape.split("x"))
        a = torch.from_numpy(((numpy.arange(m * k, dtype=numpy.int64) * 7 % 255) - 127).astype(numpy.int8).reshape(m, k))
        b = torch.from_numpy(((numpy.arange(k * n, dtype=numpy.int64) * 5 % 251) - 125).astype(numpy.int8).reshape(k, n))
        c = torch.empty((m, n), dtype=torch.int32)
        seconds = []
        for _ in range(int(repetitions) + 2):
            start = time.perf_counter()
            torch._int_mm(a, b, out=c)
            seconds.append(time.perf_counter() - start)
        results[shape] = {"seconds": seconds[2:], "check": float(c.to(torch.int64).abs().sum())}
    print(json.dumps({"peer": "PyTorch", "version": torch.__version__, "shapes": results}))


main()

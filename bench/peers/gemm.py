"""Matrix products of numpy's OpenBLAS or of PyTorch: gemm.py numpy|torch THREADS REPETITIONS MxNxK ...

Prints JSON: seconds of each repetition and the sum of the product's magnitudes by shape, and which
library computed: an OpenBLAS that takes the processor for an older one looks slow."""

import json
import sys
import time

import numpy


def with_numpy(threads):
    from threadpoolctl import threadpool_info, threadpool_limits

    blas = next(pool for pool in threadpool_info() if pool["user_api"] == "blas")
    threadpool_limits(threads)
    return f"OpenBLAS for {blas.get('architecture')}", blas["version"], lambda array: array, numpy.dot


def with_torch(threads):
    import torch

    torch.set_num_threads(threads)
    return "PyTorch", torch.__version__, torch.from_numpy, torch.mm


def main():
    library, threads, repetitions, *shapes = sys.argv[1:]
    peer, version, wrap, multiply = {"numpy": with_numpy, "torch": with_torch}[library](int(threads))
    results = {}
    for shape in shapes:
        m, n, k = map(int, shape.split("x"))
        # Whole numbers so small that every sum is exact: both sides must agree to the bit.
        a = ((numpy.arange(m * k, dtype=numpy.int64) * 7 % 17) - 8).astype(numpy.float32).reshape(m, k)
        b = ((numpy.arange(k * n, dtype=numpy.int64) * 5 % 13) - 6).astype(numpy.float32).reshape(k, n)
        c = numpy.empty((m, n), dtype=numpy.float32)
        left, right, out = wrap(a), wrap(b), wrap(c)
        seconds = []
        for _ in range(int(repetitions) + 2):
            start = time.perf_counter()
            multiply(left, right, out=out)
            seconds.append(time.perf_counter() - start)
        results[shape] = {"seconds": seconds[2:], "check": float(numpy.abs(c).sum(dtype=numpy.float64))}
    print(json.dumps({"peer": peer, "version": version, "shapes": results}))


main()

"""Matrix products of numpy's OpenBLAS: gemm.py THREADS REPETITIONS MxNxK ...

Prints JSON: seconds of each repetition by shape, and which kernels OpenBLAS chose: one older than
the processor would make it look slow."""

import json
import sys
import time

import numpy
from threadpoolctl import threadpool_info, threadpool_limits


def main():
    threads, repetitions = map(int, sys.argv[1:3])
    blas = next(pool for pool in threadpool_info() if pool["user_api"] == "blas")
    results = {"version": f"{blas['internal_api']} {blas['version']}", "architecture": blas.get("architecture")}
    with threadpool_limits(threads):
        for shape in sys.argv[3:]:
            m, n, k = map(int, shape.split("x"))
            # Whole numbers so small that every sum is exact: both sides must agree to the bit.
            a = ((numpy.arange(m * k, dtype=numpy.int64) * 7 % 17) - 8).astype(numpy.float32).reshape(m, k)
            b = ((numpy.arange(k * n, dtype=numpy.int64) * 5 % 13) - 6).astype(numpy.float32).reshape(k, n)
            c = numpy.empty((m, n), dtype=numpy.float32)
            seconds = []
            for _ in range(repetitions + 2):
                start = time.perf_counter()
                numpy.dot(a, b, out=c)
                seconds.append(time.perf_counter() - start)
            results[shape] = {"seconds": seconds[2:], "check": float(numpy.abs(c).sum(dtype=numpy.float64))}
    print(json.dumps(results))


main()

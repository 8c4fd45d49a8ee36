"""Matrix products of numpy's OpenBLAS or of PyTorch: gemm.py numpy|torch THREADS MxNxK ...

Answers by turns.py; the check is the sum of the product's magnitudes. It says which library computed: an
OpenBLAS that takes the processor for an older one looks slow."""

import sys

import numpy
from turns import Work, serve


def with_numpy(threads):
    from threadpoolctl import threadpool_info, threadpool_limits

    blas = next(pool for pool in threadpool_info() if pool["user_api"] == "blas")
    threadpool_limits(threads)
    return f"OpenBLAS for {blas.get('architecture')}", blas["version"], lambda array: array, numpy.dot


def with_torch(threads):
    import torch

    torch.set_num_threads(threads)
    return "PyTorch", torch.__version__, torch.from_numpy, torch.mm


def product(shape, wrap, multiply):
    m, n, k = map(int, shape.split("x"))
    # Whole numbers so small that every sum is exact: both sides must agree to the bit.
    a = ((numpy.arange(m * k, dtype=numpy.int64) * 7 % 17) - 8).astype(numpy.float32).reshape(m, k)
    b = ((numpy.arange(k * n, dtype=numpy.int64) * 5 % 13) - 6).astype(numpy.float32).reshape(k, n)
    c = numpy.empty((m, n), dtype=numpy.float32)
    left, right, out = wrap(a), wrap(b), wrap(c)

    def check():
        multiply(left, right, out=out)
        return float(numpy.abs(c).sum(dtype=numpy.float64))

    return Work(lambda: multiply(left, right, out=out), check)


def main():
    library, threads, *shapes = sys.argv[1:]
    peer, version, wrap, multiply = {"numpy": with_numpy, "torch": with_torch}[library](int(threads))
    serve(version, {shape: product(shape, wrap, multiply) for shape in shapes}, peer)


main()

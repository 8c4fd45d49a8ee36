"""Products of matrices in 8 bits with sums in 32, by PyTorch: gemm_int8.py THREADS MxNxK ...

Answers by turns.py; the check is the sum of the product's magnitudes."""

import sys

import numpy
import torch
from turns import Work, serve


def filled(rows, columns, factor, modulus, offset):
    values = numpy.arange(rows * columns, dtype=numpy.int64) * factor % modulus - offset
    return torch.from_numpy(values.astype(numpy.int8).reshape(rows, columns))


def product(shape):
    m, n, k = map(int, shape.split("x"))
    a, b = filled(m, k, 7, 255, 127), filled(k, n, 5, 251, 125)
    c = torch.empty((m, n), dtype=torch.int32)

    def check():
        return float(torch._int_mm(a, b, out=c).to(torch.int64).abs().sum())

    return Work(lambda: torch._int_mm(a, b, out=c), check)


def main():
    threads, *shapes = sys.argv[1:]
    torch.set_num_threads(int(threads))
    serve(torch.__version__, {shape: product(shape) for shape in shapes}, "PyTorch")


main()

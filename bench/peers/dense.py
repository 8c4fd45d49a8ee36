"""A dense layer with a rectifier in PyTorch: dense.py THREADS ROWS INPUTS UNITS

Answers by turns.py for each way to compute it; the check is the sum of the results. Weights are put in
order beforehand where the library has a function for it."""

import sys

import numpy
import torch
from turns import Work, serve


def whole(shape, factor, modulus, offset):
    # Whole numbers so small that every sum is exact: all must agree to the bit.
    values = numpy.arange(numpy.prod(shape), dtype=numpy.int64) * factor % modulus - offset
    return torch.from_numpy(values.astype(numpy.float32).reshape(shape))


def ways_of(x, weights, bias, rows):
    turned = weights.t().contiguous()
    out = torch.empty(rows, len(bias))
    ways = {
        "addmm": lambda: torch.addmm(bias, x, weights, out=out).relu_(),
        "linear": lambda: torch.nn.functional.linear(x, turned, bias).relu_(),
    }
    # What torch.compile calls once weights are frozen, without its checks on every call.
    if torch.backends.mkldnn.is_available():
        one = torch.ops.mkldnn._reorder_linear_weight(turned, rows)
        ways["oneDNN"] = lambda: torch.ops.mkldnn._linear_pointwise(x, one, bias, "relu", [], "")
    if torch.backends.mkl.is_available():
        mkl = torch.ops.mkl._mkl_reorder_linear_weight(turned, rows)
        ways["MKL"] = lambda: torch.ops.mkl._mkl_linear(x, mkl, turned, bias, rows).relu_()
    return ways


def main():
    threads, rows, inputs, units = map(int, sys.argv[1:])
    torch.set_num_threads(threads)
    x = whole((rows, inputs), 7, 17, 8)
    weights = whole((inputs, units), 5, 13, 6)
    bias = whole((units,), 3, 11, 5)

    def work(compute):
        return Work(compute, lambda: float(compute().double().sum()))

    with torch.inference_mode():
        serve(torch.__version__, {name: work(compute) for name, compute in ways_of(x, weights, bias, rows).items()})


main()

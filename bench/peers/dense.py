"""A dense layer with a rectifier in PyTorch: dense.py THREADS REPETITIONS ROWS INPUTS UNITS

Prints JSON: seconds of each repetition by the way it is computed, and the sum of the results. Weights
are put in order beforehand where the library has a function for it."""

import json
import sys
import time

import numpy
import torch


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
    threads, repetitions, rows, inputs, units = map(int, sys.argv[1:])
    torch.set_num_threads(threads)
    x = whole((rows, inputs), 7, 17, 8)
    weights = whole((inputs, units), 5, 13, 6)
    bias = whole((units,), 3, 11, 5)
    results = {}
    with torch.inference_mode():
        for name, compute in ways_of(x, weights, bias, rows).items():
            seconds = []
            for _ in range(repetitions + repetitions // 10 + 2):
                start = time.perf_counter()
                result = compute()
                seconds.append(time.perf_counter() - start)
            results[name] = {"seconds": seconds[-repetitions:], "check": float(result.double().sum())}
    print(json.dumps({"version": torch.__version__, "ways": results}))


main()

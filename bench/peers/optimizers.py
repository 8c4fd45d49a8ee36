"""Fused SGD, momentum and Adam of PyTorch: optimizers.py PARAMETERS THREADS REPETITIONS

Prints JSON: seconds of each step, and the first weight after all of them to compare."""

import json
import sys
import time

import torch


def main():
    parameters, threads, repetitions = map(int, sys.argv[1:4])
    torch.set_num_threads(threads)
    results = {"version": torch.__version__}
    makers = {
        "sgd": lambda w: torch.optim.SGD([w], lr=0.01, fused=True),
        "momentum": lambda w: torch.optim.SGD([w], lr=0.01, momentum=0.9, fused=True),
        "adam": lambda w: torch.optim.Adam([w], lr=0.001, fused=True),
    }
    for name, make in makers.items():
        weights = torch.nn.Parameter(torch.full((parameters,), 1.0))
        weights.grad = torch.full((parameters,), 0.125)
        optimizer = make(weights)
        seconds = []
        for _ in range(repetitions + 2):
            start = time.perf_counter()
            optimizer.step()
            seconds.append(time.perf_counter() - start)
        results[name] = {"seconds": seconds[2:], "weight": float(weights.detach()[0])}
    print(json.dumps(results))


main()

"""Fused SGD, momentum and Adam of PyTorch: optimizers.py PARAMETERS THREADS STEPS

Answers by turns.py for a step of each; the check is a weight after STEPS steps from the start."""

import sys

import torch
from turns import Work, serve

MAKERS = {
    "sgd": lambda weights: torch.optim.SGD([weights], lr=0.01, fused=True),
    "momentum": lambda weights: torch.optim.SGD([weights], lr=0.01, momentum=0.9, fused=True),
    "adam": lambda weights: torch.optim.Adam([weights], lr=0.001, fused=True),
}


def begun(make, parameters):
    weights = torch.nn.Parameter(torch.full((parameters,), 1.0))
    weights.grad = torch.full((parameters,), 0.125)
    return weights, make(weights)


def work(make, parameters, steps):
    def check():
        weights, optimizer = begun(make, parameters)
        for _ in range(steps):
            optimizer.step()
        return float(weights.detach()[0])

    return Work(begun(make, parameters)[1].step, check)


def main():
    parameters, threads, steps = map(int, sys.argv[1:])
    torch.set_num_threads(threads)
    serve(torch.__version__, {name: work(make, parameters, steps) for name, make in MAKERS.items()})


main()

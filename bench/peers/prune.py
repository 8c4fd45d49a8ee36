"""Magnitude pruning of half the values with numpy and PyTorch: prune.py COUNT THREADS REPETITIONS FOLDER

FOLDER holds data.f32 and receives pruned.f32. Prints JSON: for each of the two its version and the
seconds of each repetition of its fastest way."""

import json
import sys
import time
from pathlib import Path

import numpy
import torch
from torch.nn.utils import prune


def partitioned(data, zeros):
    sizes = numpy.abs(data)
    bound = numpy.partition(sizes, zeros - 1)[zeros - 1]
    return numpy.where(sizes <= bound, numpy.float32(0), data)


def indexed(data, zeros):
    pruned = data.copy()
    pruned[numpy.argpartition(numpy.abs(data), zeros - 1)[:zeros]] = 0
    return pruned


def kth(data, zeros):
    sizes = data.abs()
    return torch.where(sizes <= sizes.kthvalue(zeros).values, 0.0, data)


def sort(data, zeros):
    sizes = data.abs()
    return torch.where(sizes <= sizes.sort().values[zeros - 1], 0.0, data)


def unstructured(data, zeros):
    method = prune.L1Unstructured(zeros)
    return method.prune(data)


def measure(ways, data, zeros, repetitions):
    measured = []
    for way in ways:
        seconds = []
        for _ in range(repetitions + 1):
            start = time.perf_counter()
            pruned = way(data, zeros)
            seconds.append(time.perf_counter() - start)
        # The first one warms up.
        measured.append(seconds[1:])
    return min(measured, key=lambda seconds: sorted(seconds)[len(seconds) // 2]), pruned


def main():
    count, threads, repetitions = map(int, sys.argv[1:4])
    folder = Path(sys.argv[4])
    torch.set_num_threads(threads)
    data = numpy.fromfile(folder / "data.f32", dtype="float32")
    assert len(data) == count
    zeros = count // 2
    in_numpy, _ = measure((partitioned, indexed), data, zeros, repetitions)
    in_torch, pruned = measure((kth, sort, unstructured), torch.from_numpy(data), zeros, repetitions)
    pruned.numpy().tofile(folder / "pruned.f32")
    print(
        json.dumps(
            {
                "numpy": {"version": numpy.__version__, "seconds": in_numpy},
                "PyTorch": {"version": torch.__version__, "seconds": in_torch},
            }
        )
    )


main()

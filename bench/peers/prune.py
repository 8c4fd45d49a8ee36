"""Magnitude pruning of half the values with numpy and PyTorch: prune.py COUNT THREADS FOLDER

Answers by turns.py for each way, named after its library; the check writes FOLDER/pruned.f32 of
FOLDER/data.f32 and gives the count of zeros."""

import sys
from pathlib import Path

import numpy
import torch
from torch.nn.utils import prune
from turns import Work, serve


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
    return prune.L1Unstructured(zeros).prune(data)


def main():
    count, threads = map(int, sys.argv[1:3])
    folder = Path(sys.argv[3])
    torch.set_num_threads(threads)
    data = numpy.fromfile(folder / "data.f32", dtype="float32")
    assert len(data) == count
    zeros = count // 2

    def work(way, source):
        def check():
            pruned = numpy.asarray(way(source, zeros))
            pruned.tofile(folder / "pruned.f32")
            return int((pruned == 0).sum())

        return Work(lambda: way(source, zeros), check)

    tensor = torch.from_numpy(data)
    works = {f"numpy {way.__name__}": work(way, data) for way in (partitioned, indexed)}
    works |= {f"PyTorch {way.__name__}": work(way, tensor) for way in (kth, sort, unstructured)}
    serve(f"{numpy.__version__} {torch.__version__}", works)


main()

"""Symmetric int8 quantization per row with PyTorch: quantize.py SIZE THREADS REPETITIONS FOLDER

FOLDER holds data.f32 (SIZE x SIZE) and receives quantized.i8. Prints JSON: seconds of each repetition
of the faster of PyTorch's two ways, its quantized tensors or its plain operations."""

import json
import sys
import time
import warnings
from pathlib import Path

import numpy
import torch

warnings.filterwarnings("ignore")


def channels(data):
    scale = data.abs().amax(1) / 127
    zero = torch.zeros(data.shape[0], dtype=torch.int64)
    return torch.quantize_per_channel(data, scale.double(), zero, 0, torch.qint8).int_repr()


def operations(data):
    scale = data.abs().amax(1, keepdim=True) / 127
    return torch.div(data, scale).round_().to(torch.int8)


def main():
    size, threads, repetitions = map(int, sys.argv[1:4])
    folder = Path(sys.argv[4])
    torch.set_num_threads(threads)
    data = torch.from_numpy(numpy.fromfile(folder / "data.f32", dtype="float32").reshape(size, size))
    measured = []
    for way in (channels, operations):
        seconds = []
        for _ in range(repetitions + 2):
            start = time.perf_counter()
            quantized = way(data)
            seconds.append(time.perf_counter() - start)
        measured.append(seconds[2:])
    quantized.numpy().tofile(folder / "quantized.i8")
    best = min(measured, key=lambda seconds: sorted(seconds)[len(seconds) // 2])
    print(json.dumps({"version": torch.__version__, "seconds": best}))


main()

"""Symmetric int8 quantization per row with PyTorch: quantize.py SIZE THREADS FOLDER

Answers by turns.py for its quantized tensors and for its plain operations; the check writes
FOLDER/quantized.i8 of FOLDER/data.f32 (SIZE x SIZE)."""

import sys
import warnings
from pathlib import Path

import numpy
import torch
from turns import Work, serve

warnings.filterwarnings("ignore")


def channels(data):
    scale = data.abs().amax(1) / 127
    zero = torch.zeros(data.shape[0], dtype=torch.int64)
    return torch.quantize_per_channel(data, scale.double(), zero, 0, torch.qint8).int_repr()


def operations(data):
    scale = data.abs().amax(1, keepdim=True) / 127
    return torch.div(data, scale).round_().to(torch.int8)


def main():
    size, threads = map(int, sys.argv[1:3])
    folder = Path(sys.argv[3])
    torch.set_num_threads(threads)
    data = torch.from_numpy(numpy.fromfile(folder / "data.f32", dtype="float32").reshape(size, size))

    def work(way):
        def check():
            way(data).numpy().tofile(folder / "quantized.i8")
            return 0

        return Work(lambda: way(data), check)

    serve(torch.__version__, {way.__name__: work(way) for way in (channels, operations)})


main()

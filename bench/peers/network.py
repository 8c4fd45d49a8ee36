"""Trains and scores networks.

Use: network.py epoch THREADS EPOCHS ROWS KIND   PyTorch, eager, fused Adam, batches of 128 Fashion-MNIST images;
                                                 answers by turns.py, the check is the accuracy after EPOCHS
     network.py make FOLDER                      FOLDER/{f32,int8-static,int8-dynamic}.onnx from FOLDER/*.f32
     network.py score FOLDER THREADS             ONNX Runtime on 1,000 rows, each file; answers by turns.py,
                                                 the check is the accuracy

KIND is `dense` for the network 784-256-10; `channels_first` or `channels_last` for one of that memory layout with two
convolutions of 3 x 3 with 16 and 32 filters, each with a pool of 2 x 2, then 128 hidden units. The other commands
are about the dense one.
"""

import gzip
import json
import sys
from pathlib import Path

import numpy
from turns import Work, serve

IMAGES = Path("/usr/share/datasets/fashion-mnist")
BATCH = 128


def images(part: str, rows: int):
    pixels = gzip.open(IMAGES / f"{part}-images-idx3-ubyte.gz").read()
    labels = gzip.open(IMAGES / f"{part}-labels-idx1-ubyte.gz").read()
    features = numpy.frombuffer(pixels, "u1", offset=16).reshape(-1, 784)[:rows].astype("f4")
    return (features / 255 - 0.286) / 0.353, numpy.frombuffer(labels, "u1", offset=8)[:rows].astype("i8")


def epoch(threads: int, epochs: int, rows: int, kind: str) -> None:
    import torch
    from torch import nn

    torch.set_num_threads(threads)
    torch.manual_seed(0)
    layout = torch.channels_last if kind == "channels_last" else torch.contiguous_format

    def read(part: str, count: int):
        features, labels = (torch.from_numpy(array) for array in images(part, count))
        if kind != "dense":
            features = features.reshape(-1, 1, 28, 28).contiguous(memory_format=layout)
        return features, labels

    features, labels = read("train", rows)

    def begun():
        if kind == "dense":
            layers = [nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 10)]
        else:
            layers = [nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
            layers += [nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()]
            layers += [nn.Linear(7 * 7 * 32, 128), nn.ReLU(), nn.Linear(128, 10)]
        model = nn.Sequential(*layers).to(memory_format=layout)
        return model, torch.optim.Adam(model.parameters(), fused=True)

    loss = nn.CrossEntropyLoss()

    def train(model, optimizer):
        order = torch.randperm(rows)
        for at in range(0, rows, BATCH):
            chosen = order[at : at + BATCH]
            optimizer.zero_grad(set_to_none=True)
            loss(model(features[chosen]), labels[chosen]).backward()
            optimizer.step()

    def accuracy():
        model, optimizer = begun()
        for _ in range(epochs):
            train(model, optimizer)
        held, wanted = read("t10k", 10000)
        with torch.no_grad():
            return float((model(held).argmax(1) == wanted).float().mean())

    # Each turn trains a new model, so that all of them measure the same epoch.
    measured = []

    def begin():
        measured[:] = begun()

    serve(torch.__version__.split("+")[0], {"epoch": Work(lambda: train(*measured), accuracy, begin)})


def make(folder: Path) -> None:
    import onnx
    from onnx import TensorProto, helper, numpy_helper
    from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_dynamic, quantize_static

    shapes = {"w0": (784, 256), "b0": (256,), "w1": (256, 10), "b1": (10,)}
    weights = [
        numpy_helper.from_array(numpy.fromfile(folder / f"{name}.f32", "f4").reshape(shape), name)
        for name, shape in shapes.items()
    ]
    nodes = [
        helper.make_node("Gemm", ["x", "w0", "b0"], ["z"]),
        helper.make_node("Relu", ["z"], ["h"]),
        helper.make_node("Gemm", ["h", "w1", "b1"], ["y"]),
        helper.make_node("Softmax", ["y"], ["p"], axis=1),
    ]
    ends = [[helper.make_tensor_value_info(n, TensorProto.FLOAT, ["n", c])] for n, c in (("x", 784), ("p", 10))]
    model = helper.make_model(helper.make_graph(nodes, "network", *ends, weights), opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    onnx.save(model, folder / "f32.onnx")
    calibration = iter([{"x": images("train", 1000)[0].astype("f4")}])

    class Reader(CalibrationDataReader):
        def get_next(self):
            return next(calibration, None)

    kinds = {"per_channel": True, "weight_type": QuantType.QInt8}
    quantize_static(
        folder / "f32.onnx",
        folder / "int8-static.onnx",
        Reader(),
        quant_format=QuantFormat.QDQ,
        activation_type=QuantType.QUInt8,
        **kinds,
    )
    quantize_dynamic(folder / "f32.onnx", folder / "int8-dynamic.onnx", **kinds)
    print(json.dumps({"made": True}))


def score(folder: Path, threads: int) -> None:
    import onnxruntime

    rows, labels = images("t10k", 10000)
    rows = rows.astype("f4")

    def work(name: str) -> Work:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        session = onnxruntime.InferenceSession(folder / f"{name}.onnx", options, providers=["CPUExecutionProvider"])
        return Work(
            lambda: session.run(None, {"x": rows[:1000]}),
            lambda: float((session.run(None, {"x": rows})[0].argmax(1) == labels).mean()),
        )

    serve(onnxruntime.__version__, {name: work(name) for name in ("f32", "int8-static", "int8-dynamic")})


if __name__ == "__main__":
    command, *given = sys.argv[1:]
    if command == "epoch":
        epoch(*map(int, given[:3]), given[3])
    elif command == "make":
        make(Path(given[0]))
    else:
        score(Path(given[0]), int(given[1]))

"""Scores one boosted model with LightGBM and ONNX Runtime; prints one line of JSON.

Use: boosting_score.py make FOLDER ROWS COLUMNS TRAIN ROUNDS    fits LightGBM on the first TRAIN rows
     boosting_score.py lightgbm FOLDER ROWS COLUMNS TRAIN       scores the other rows with model.txt
     boosting_score.py onnxruntime FOLDER ROWS COLUMNS TRAIN    the same with model.onnx

FOLDER holds features.f32 and labels.f64 and receives model.txt, trees of depth 6, and NAME.f32, the
probabilities of the second class. One thread and two are tried; the faster counts.
"""

import json
import sys
import time
from pathlib import Path

import numpy

THREADS = (1, 2)
WARM_UPS = 3
REPETITIONS = 10


def make(folder: Path, features, train: int, rounds: int) -> dict:
    import lightgbm

    labels = numpy.fromfile(folder / "labels.f64")
    parameters = {"objective": "binary", "num_leaves": 64, "max_depth": 6, "verbose": -1, "num_threads": THREADS[-1]}
    booster = lightgbm.train(parameters, lightgbm.Dataset(features[:train], labels[:train]), num_boost_round=rounds)
    booster.save_model(folder / "model.txt")
    return {"version": lightgbm.__version__}


def with_lightgbm(folder: Path):
    import lightgbm

    booster = lightgbm.Booster(model_file=folder / "model.txt")
    return lightgbm.__version__, [
        lambda rows, threads=threads: booster.predict(rows, num_threads=threads) for threads in THREADS
    ]


def with_onnxruntime(folder: Path):
    import onnxruntime

    def scorer(threads: int):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        session = onnxruntime.InferenceSession(folder / "model.onnx", options, providers=["CPUExecutionProvider"])
        return lambda rows: session.run(["probabilities"], {"features": rows})[0][:, 1]

    return onnxruntime.__version__, [scorer(threads) for threads in THREADS]


def score(folder: Path, rows, name: str) -> dict:
    version, ways = (with_lightgbm if name == "lightgbm" else with_onnxruntime)(folder)
    measured = []
    for way in ways:
        seconds = []
        for _ in range(WARM_UPS + REPETITIONS):
            start = time.perf_counter()
            shares = way(rows)
            seconds.append(time.perf_counter() - start)
        measured.append(seconds[WARM_UPS:])
    shares.astype("float32").tofile(folder / f"{name}.f32")
    return {"version": version, "batch": min(measured, key=numpy.median)}


if __name__ == "__main__":
    command, given, *numbers = sys.argv[1:]
    path = Path(given)
    count, columns, train, *rounds = map(int, numbers)
    data = numpy.fromfile(path / "features.f32", dtype="float32").reshape(count, columns)
    print(json.dumps(make(path, data, train, rounds[0]) if command == "make" else score(path, data[train:], command)))

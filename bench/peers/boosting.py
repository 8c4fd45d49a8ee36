"""Boosts trees with a peer; prints one line of JSON.

Use: boosting.py fit FOLDER ROWS COLUMNS TRAIN ROUNDS PEER    fits on the first TRAIN rows, scores the others
     boosting.py fashion FOLDER IMAGES ROWS                   writes the first ROWS of Fashion-MNIST of Debian's package

FOLDER holds features.f32 and labels.f64. PEER is xgboost, lightgbm or scikit-learn, each with its own
default shape of trees (depth 6, or 31 leaves) and a learning rate of 0.1.
"""

import json
import sys
import time
from pathlib import Path

import numpy

THREADS = 2
SINGLE_ROWS = 200


def model_of(peer: str, rounds: int):
    """A classifier that is not fitted, and the peer's version."""
    if peer == "xgboost":
        import xgboost

        return (
            xgboost.XGBClassifier(
                n_estimators=rounds, learning_rate=0.1, max_depth=6, tree_method="hist", n_jobs=THREADS
            ),
            xgboost.__version__,
        )
    if peer == "lightgbm":
        import lightgbm

        return (
            lightgbm.LGBMClassifier(n_estimators=rounds, learning_rate=0.1, num_leaves=31, n_jobs=THREADS, verbose=-1),
            lightgbm.__version__,
        )
    import sklearn
    from sklearn.ensemble import HistGradientBoostingClassifier

    # Its threads are OpenMP's, whose number the caller sets.
    return HistGradientBoostingClassifier(max_iter=rounds, learning_rate=0.1, early_stopping=False), sklearn.__version__


def fit(folder: Path, rows: int, columns: int, train: int, rounds: int, peer: str) -> None:
    features = numpy.fromfile(folder / "features.f32", dtype="float32").reshape(rows, columns)
    labels = numpy.fromfile(folder / "labels.f64")
    model, version = model_of(peer, rounds)
    begin = time.perf_counter()
    model.fit(features[:train], labels[:train])
    seconds = time.perf_counter() - begin
    batch = []
    for _ in range(4):
        start = time.perf_counter()
        shares = model.predict_proba(features[train:])
        batch.append(time.perf_counter() - start)
    start = time.perf_counter()
    for row in range(train, train + SINGLE_ROWS):
        model.predict_proba(features[row : row + 1])
    single = (time.perf_counter() - start) / SINGLE_ROWS
    print(
        json.dumps(
            {
                "seconds": seconds,
                # The first one warms up.
                "batch": batch[1:],
                "single": single,
                "quality": float(numpy.mean(model.classes_[shares.argmax(1)] == labels[train:])),
                "version": version,
            }
        )
    )


def fashion(folder: Path, images: Path, rows: int) -> None:
    import gzip

    def read(name: str, header: int):
        return numpy.frombuffer(gzip.decompress((images / name).read_bytes())[header:], dtype="uint8")

    parts = ["train", "t10k"]
    pixels = numpy.concatenate([read(f"{part}-images-idx3-ubyte.gz", 16) for part in parts])
    labels = numpy.concatenate([read(f"{part}-labels-idx1-ubyte.gz", 8) for part in parts])
    pixels[: rows * 784].astype("float32").tofile(folder / "features.f32")
    labels[:rows].astype("float64").tofile(folder / "labels.f64")
    print(json.dumps({"rows": min(rows, len(labels))}))


if __name__ == "__main__":
    command, folder, *rest = sys.argv[1:]
    if command == "fit":
        fit(Path(folder), *map(int, rest[:4]), rest[4])
    else:
        fashion(Path(folder), Path(rest[0]), int(rest[1]))

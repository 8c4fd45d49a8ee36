"""Fits scikit-learn's linear models; prints one line of JSON.

Use: linear.py make FOLDER ROWS COLUMNS     writes features.f32, and labels.f64 that follow a logistic model
     linear.py NAME FOLDER ROWS COLUMNS     fits logistic, sgd (one pass), linear, or ridge (the same with a
                                            penalty that hardly counts, which is solved faster); the quality
                                            is minus the mean log loss, the accuracy, or R2
"""

import json
import sys
import time
from pathlib import Path

import numpy
import sklearn


def make(folder: Path, rows: int, columns: int) -> dict:
    random = numpy.random.default_rng(0)
    features = random.standard_normal((rows, columns), dtype="float32")
    # Weights of length 3 leave some 15 % of the rows on the wrong side of any plane.
    weights = random.standard_normal(columns)
    weights *= 3 / numpy.linalg.norm(weights)
    shares = 1 / (1 + numpy.exp(-(features @ weights.astype("float32")).astype("float64")))
    features.tofile(folder / "features.f32")
    (random.random(rows) < shares).astype("float64").tofile(folder / "labels.f64")
    return {}


def fit(name: str, folder: Path, rows: int, columns: int) -> dict:
    from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge, SGDClassifier
    from sklearn.metrics import log_loss

    def read():
        return numpy.fromfile(folder / "features.f32", dtype="float32").reshape(rows, columns)

    features = read()
    labels = numpy.fromfile(folder / "labels.f64").astype("float32")
    model = {
        "logistic": lambda: LogisticRegression(max_iter=1000),
        "sgd": lambda: SGDClassifier(loss="log_loss", max_iter=1, tol=None, random_state=0),
        "linear": lambda: LinearRegression(copy_X=False),
        "ridge": lambda: Ridge(alpha=1e-6, solver="cholesky", copy_X=False),
    }[name]()
    begin = time.perf_counter()
    model.fit(features, labels)
    seconds = time.perf_counter() - begin
    # Fits that need not copy the features have changed them.
    features = read()
    if name == "logistic":
        quality = -log_loss(labels, model.predict_proba(features))
    else:
        quality = model.score(features, labels)
    return {"seconds": seconds, "quality": float(quality), "version": sklearn.__version__}


if __name__ == "__main__":
    command, folder, rows, columns = sys.argv[1:]
    shape = Path(folder), int(rows), int(columns)
    print(json.dumps(make(*shape) if command == "make" else fit(command, *shape)))

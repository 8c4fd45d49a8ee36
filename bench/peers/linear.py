"""Fits scikit-learn's linear models; prints one line of JSON.

Use: linear.py make FOLDER ROWS              writes features.f32 (standardized) and labels.f64
     linear.py logistic|linear FOLDER ROWS   fits one; the quality is minus log loss, or R2
"""

import json
import sys
import time
from pathlib import Path

import numpy
import sklearn

COLUMNS = 50


def make(folder: Path, rows: int) -> None:
    from sklearn.datasets import make_classification

    features, labels = make_classification(rows, COLUMNS, n_informative=20, n_redundant=10, random_state=0)
    features = (features - features.mean(axis=0)) / features.std(axis=0)
    features.astype("float32").tofile(folder / "features.f32")
    labels.astype("float64").tofile(folder / "labels.f64")
    print(json.dumps({"rows": rows, "columns": COLUMNS}))


def fit(name: str, folder: Path, rows: int) -> None:
    from sklearn.linear_model import LinearRegression, LogisticRegression
    from sklearn.metrics import log_loss

    features = numpy.fromfile(folder / "features.f32", dtype="float32").reshape(rows, COLUMNS)
    labels = numpy.fromfile(folder / "labels.f64").astype("float32")
    model = LogisticRegression(max_iter=1000) if name == "logistic" else LinearRegression()
    times = []
    for _ in range(3):
        begin = time.perf_counter()
        model.fit(features, labels)
        times.append(time.perf_counter() - begin)
    if name == "logistic":
        quality = -log_loss(labels, model.predict_proba(features))
    else:
        quality = model.score(features, labels)
    print(json.dumps({"seconds": sorted(times)[1], "quality": float(quality), "version": sklearn.__version__}))


if __name__ == "__main__":
    command, folder, rows = sys.argv[1:]
    if command == "make":
        make(Path(folder), int(rows))
    else:
        fit(command, Path(folder), int(rows))

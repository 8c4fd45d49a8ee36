"""Fits and scores scikit-learn's random forest; prints one line of JSON.

Use: forest.py make FOLDER ROWS            writes features.f32 and labels.f64 of make_classification
     forest.py run FOLDER ROWS TRAIN TREES  fits on the first TRAIN rows, scores the others
"""

import json
import sys
import time
from pathlib import Path

import numpy
import sklearn

COLUMNS = 20


def make(folder: Path, rows: int) -> None:
    from sklearn.datasets import make_classification

    features, labels = make_classification(rows, COLUMNS, n_informative=10, n_redundant=5, random_state=0)
    features.astype("float32").tofile(folder / "features.f32")
    labels.astype("float64").tofile(folder / "labels.f64")
    print(json.dumps({"rows": rows, "columns": COLUMNS}))


def run(folder: Path, rows: int, train: int, trees: int) -> None:
    from sklearn.ensemble import RandomForestClassifier

    features = numpy.fromfile(folder / "features.f32", dtype="float32").reshape(rows, COLUMNS)
    labels = numpy.fromfile(folder / "labels.f64")
    forest = RandomForestClassifier(n_estimators=trees, n_jobs=2, random_state=0)
    begin = time.perf_counter()
    forest.fit(features[:train], labels[:train])
    fitted = time.perf_counter()
    scores = []
    for _ in range(3):
        start = time.perf_counter()
        shares = forest.predict_proba(features[train:])
        scores.append(time.perf_counter() - start)
    accuracy = float(numpy.mean(forest.classes_[shares.argmax(1)] == labels[train:]))
    # One thread: handing one row to a pool costs more than scoring it.
    forest.n_jobs = 1
    single = []
    for row in range(train, train + 20):
        start = time.perf_counter()
        forest.predict_proba(features[row:row + 1])
        single.append(time.perf_counter() - start)
    print(json.dumps({
        "fit_seconds": fitted - begin,
        "score_seconds": sorted(scores)[1],
        "row_seconds": sorted(single)[10],
        "accuracy": accuracy,
        "version": sklearn.__version__,
    }))


if __name__ == "__main__":
    command, folder, *numbers = sys.argv[1:]
    {"make": make, "run": run}[command](Path(folder), *map(int, numbers))

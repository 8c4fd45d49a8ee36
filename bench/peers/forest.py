"""Fits and scores scikit-learn's random forest; prints one line of JSON.

Use: forest.py make FOLDER ROWS                  writes features.f32 and labels.f64 of make_classification
     forest.py fit FOLDER ROWS TRAIN TREES       fits on the first TRAIN rows, and keeps the forest in FOLDER
     forest.py score FOLDER ROWS TRAIN           scores the other rows with the forest that was kept
     forest.py validate FOLDER ROWS FOLDS TREES  cross-validates on all rows, in stratified folds
     forest.py images ROWS TREES                 fits on the first ROWS images of Fashion-MNIST
"""

import json
import sys
import time
from pathlib import Path

import joblib
import numpy
import sklearn
from sklearn.ensemble import RandomForestClassifier

COLUMNS = 20


def make(folder: Path, rows: int) -> dict:
    from sklearn.datasets import make_classification

    features, labels = make_classification(rows, COLUMNS, n_informative=10, n_redundant=5, random_state=0)
    features.astype("float32").tofile(folder / "features.f32")
    labels.astype("float64").tofile(folder / "labels.f64")
    return {"rows": rows, "columns": COLUMNS}


def read(folder: Path, rows: int) -> tuple:
    features = numpy.fromfile(folder / "features.f32", dtype="float32").reshape(rows, COLUMNS)
    return features, numpy.fromfile(folder / "labels.f64")


def accuracy_of(forest, shares, labels) -> float:
    return float(numpy.mean(forest.classes_[shares.argmax(1)] == labels))


def fit(folder: Path, rows: int, train: int, trees: int) -> dict:
    features, labels = read(folder, rows)
    forest = RandomForestClassifier(n_estimators=trees, n_jobs=2, random_state=0)
    begin = time.perf_counter()
    forest.fit(features[:train], labels[:train])
    seconds = time.perf_counter() - begin
    joblib.dump(forest, folder / "forest.joblib")
    return {"seconds": seconds, "quality": accuracy_of(forest, forest.predict_proba(features[train:]), labels[train:])}


def score(folder: Path, rows: int, train: int) -> dict:
    features, labels = read(folder, rows)
    forest = joblib.load(folder / "forest.joblib")
    batch = []
    for _ in range(4):
        start = time.perf_counter()
        shares = forest.predict_proba(features[train:])
        batch.append(time.perf_counter() - start)
    # One thread: handing one row to a pool costs more than scoring it.
    forest.n_jobs = 1
    single = []
    for row in range(train, train + 20):
        start = time.perf_counter()
        forest.predict_proba(features[row:row + 1])
        single.append(time.perf_counter() - start)
    # The first one warms up.
    return {"batch": batch[1:], "single": single[1:], "accuracy": accuracy_of(forest, shares, labels[train:])}


def validate(folder: Path, rows: int, folds: int, trees: int) -> dict:
    from sklearn.model_selection import StratifiedKFold, cross_val_score

    features, labels = read(folder, rows)
    forest = RandomForestClassifier(n_estimators=trees, n_jobs=2, random_state=0)
    begin = time.perf_counter()
    scores = cross_val_score(forest, features, labels, cv=StratifiedKFold(folds, shuffle=True, random_state=0))
    return {"seconds": time.perf_counter() - begin, "quality": float(scores.mean())}


def fit_images(rows: int, trees: int) -> dict:
    from network import images

    features, labels = images("train", rows)
    forest = RandomForestClassifier(n_estimators=trees, n_jobs=2, random_state=0)
    begin = time.perf_counter()
    forest.fit(features, labels)
    seconds = time.perf_counter() - begin
    held, wanted = images("t10k", 10000)
    return {"seconds": seconds, "quality": accuracy_of(forest, forest.predict_proba(held), wanted)}


if __name__ == "__main__":
    command, *given = sys.argv[1:]
    commands = {"make": make, "fit": fit, "score": score, "validate": validate}
    if command == "images":
        result = fit_images(*map(int, given))
    else:
        path, *numbers = given
        result = commands[command](Path(path), *map(int, numbers))
    print(json.dumps({**result, "version": sklearn.__version__}))

"""Fits and scores scikit-learn's estimators; prints one line of JSON.

Use: estimators.py make FOLDER ROWS COLUMNS   writes features.f32 (standardized) and labels.f64
     estimators.py NAME FOLDER ROWS COLUMNS   fits one on the first four fifths of the rows; the
                                              quality is told beside each below
"""

import json
import sys
import time
from pathlib import Path

import numpy
import sklearn


def make(folder: Path, rows: int, columns: int) -> dict:
    from sklearn.datasets import make_classification

    features, labels = make_classification(
        rows, columns, n_informative=columns // 2, n_redundant=columns // 4, random_state=0
    )
    features = (features - features.mean(axis=0)) / features.std(axis=0)
    features.astype("float32").tofile(folder / "features.f32")
    labels.astype("float64").tofile(folder / "labels.f64")
    return {"rows": rows}


def timed(work) -> tuple[float, object]:
    begin = time.perf_counter()
    result = work()
    return time.perf_counter() - begin, result


def fit(name: str, folder: Path, rows: int, columns: int) -> dict:
    from sklearn.cluster import KMeans
    from sklearn.ensemble import ExtraTreesClassifier
    from sklearn.naive_bayes import GaussianNB
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.svm import LinearSVC

    features = numpy.fromfile(folder / "features.f32", dtype="float32").reshape(rows, columns)
    labels = numpy.fromfile(folder / "labels.f64")
    train = rows * 4 // 5
    x, y, held_x, held_y = features[:train], labels[:train], features[train:], labels[train:]
    if name == "extra-trees":  # accuracy on the rows held out
        seconds, model = timed(lambda: ExtraTreesClassifier(100, n_jobs=-1, random_state=0).fit(x, y))
        quality = model.score(held_x, held_y)
    elif name == "linear-svm":  # the same
        seconds, model = timed(lambda: LinearSVC(random_state=0).fit(x, y))
        quality = model.score(held_x, held_y)
    elif name == "gaussian-naive-bayes":  # the same
        seconds, model = timed(lambda: GaussianNB().fit(x, y))
        quality = model.score(held_x, held_y)
    elif name == "k-nearest-neighbors":  # the same; the time is that of scoring
        model = KNeighborsClassifier(5, algorithm="brute", n_jobs=-1).fit(x, y)
        seconds, found = timed(lambda: model.predict_proba(held_x))
        quality = float((found.argmax(axis=1) == held_y).mean())
    else:  # k-means: minus the mean squared distance from a row to its centre
        seconds, model = timed(lambda: KMeans(32, n_init=1, max_iter=50, tol=0, random_state=0).fit(x))
        quality = -model.inertia_ / train
    return {"seconds": seconds, "quality": float(quality), "version": sklearn.__version__}


if __name__ == "__main__":
    command, folder, rows, columns = sys.argv[1:]
    shape = Path(folder), int(rows), int(columns)
    print(json.dumps(make(*shape) if command == "make" else fit(command, *shape)))

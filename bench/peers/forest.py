"""scikit-learn's random forest, driven over stdin by bench/training/forest.ts and bench/scoring/forest.ts.

Use: python forest.py DATA_FOLDER THREADS

Writes DATA_FOLDER/mc.f32 (120000 x 20 floats) and mc.u8 (labels) unless they are there, then answers
each line with one line of JSON: `about`, `fit SEED`, `score` (20,000 rows), `one` (one row). The first
100,000 rows are for training.
"""

import json
import pathlib
import sys
import time

import numpy as np
import sklearn
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier

folder, threads = pathlib.Path(sys.argv[1]), int(sys.argv[2])
rows, columns, train = 120_000, 20, 100_000
features_file, labels_file = folder / "mc.f32", folder / "mc.u8"
if not (features_file.exists() and labels_file.exists()):
    folder.mkdir(parents=True, exist_ok=True)
    x, y = make_classification(rows, columns, n_informative=10, n_redundant=5, random_state=0)
    x.astype(np.float32).tofile(features_file)
    y.astype(np.uint8).tofile(labels_file)
x = np.fromfile(features_file, dtype=np.float32).reshape(rows, columns)
y = np.fromfile(labels_file, dtype=np.uint8)
forest = None


def answer(command):
    global forest
    if command[0] == "about":
        return {"version": sklearn.__version__}
    if command[0] == "fit":
        forest = RandomForestClassifier(n_estimators=100, n_jobs=threads, random_state=int(command[1]))
        started = time.perf_counter()
        forest.fit(x[:train], y[:train])
        seconds = time.perf_counter() - started
        return {"seconds": seconds, "accuracy": forest.score(x[train:], y[train:])}
    if command[0] == "score":
        started = time.perf_counter()
        forest.predict_proba(x[train:])
        return {"seconds": time.perf_counter() - started}
    if command[0] == "one":
        # One thread: handing a row to a pool costs more than scoring it.
        forest.n_jobs = 1
        times = []
        for row in range(20):
            started = time.perf_counter()
            forest.predict_proba(x[train + row : train + row + 1])
            times.append(time.perf_counter() - started)
        forest.n_jobs = threads
        return {"seconds": sorted(times)[len(times) // 2]}
    raise SystemExit(f"unknown command {command[0]}")


for line in sys.stdin:
    print(json.dumps(answer(line.split())), flush=True)

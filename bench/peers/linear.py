"""scikit-learn's linear models, driven over stdin by bench/training/linear.ts.

Use: python linear.py DATA_FOLDER THREADS

Writes DATA_FOLDER/lin.f32 (200000 x 50 floats, standardized) and lin.u8 (labels) unless they are there,
then answers each line with one line of JSON: `about`, `logistic`, `linear`.
"""

import json
import os
import pathlib
import sys
import time

folder, threads = pathlib.Path(sys.argv[1]), int(sys.argv[2])
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = str(threads)

import numpy as np  # noqa: E402
import sklearn  # noqa: E402
from sklearn.datasets import make_classification  # noqa: E402
from sklearn.linear_model import LinearRegression, LogisticRegression  # noqa: E402
from sklearn.metrics import log_loss, r2_score  # noqa: E402

rows, columns = 200_000, 50
features_file, labels_file = folder / "lin.f32", folder / "lin.u8"
if not (features_file.exists() and labels_file.exists()):
    folder.mkdir(parents=True, exist_ok=True)
    x, y = make_classification(rows, columns, n_informative=20, n_redundant=10, random_state=0)
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    x.astype(np.float32).tofile(features_file)
    y.astype(np.uint8).tofile(labels_file)
x = np.fromfile(features_file, dtype=np.float32).reshape(rows, columns)
y = np.fromfile(labels_file, dtype=np.uint8)


def answer(command):
    if command == "about":
        return {"version": sklearn.__version__}
    model = LogisticRegression(max_iter=1000) if command == "logistic" else LinearRegression()
    target = y if command == "logistic" else y.astype(np.float32)
    started = time.perf_counter()
    model.fit(x, target)
    seconds = time.perf_counter() - started
    if command == "logistic":
        return {"seconds": seconds, "quality": -log_loss(y, model.predict_proba(x))}
    return {"seconds": seconds, "quality": r2_score(target, model.predict(x))}


for line in sys.stdin:
    print(json.dumps(answer(line.strip())), flush=True)

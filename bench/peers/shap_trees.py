"""Explains rows with the shap package's C extension; prints one line of JSON.

Use: shap_trees.py FOLDER ROWS COLUMNS REPETITIONS

FOLDER holds trees.json (the trees of a regression or of one class, as arrays per tree), rows.f32
and ours.f64, Tenon's contributions to the same rows, whose worst difference is printed too.
"""

import json
import sys
import time
from pathlib import Path

import numpy
import shap


def main(folder: Path, rows: int, columns: int, repetitions: int) -> None:
    x = numpy.fromfile(folder / "rows.f32", dtype="float32").reshape(rows, columns).astype("float64")
    ours = numpy.fromfile(folder / "ours.f64").reshape(rows, columns)
    trees = [
        {
            "children_left": numpy.array(tree["left"]),
            "children_right": numpy.array(tree["right"]),
            "children_default": numpy.array(tree["right"]),
            "features": numpy.array(tree["feature"]),
            "thresholds": numpy.array(tree["threshold"], dtype="float64"),
            "values": numpy.array(tree["value"], dtype="float64").reshape(-1, 1),
            "node_sample_weight": numpy.array(tree["cover"], dtype="float64"),
        }
        for tree in json.loads((folder / "trees.json").read_text())
    ]
    explainer = shap.TreeExplainer({"trees": trees})
    seconds = []
    for _ in range(repetitions):
        start = time.perf_counter()
        values = explainer.shap_values(x, check_additivity=False)
        seconds.append(time.perf_counter() - start)
    values = numpy.asarray(values).reshape(rows, columns) / len(trees)
    print(json.dumps({
        "seconds": sorted(seconds)[len(seconds) // 2],
        "difference": float(numpy.abs(values - ours).max()),
        "version": shap.__version__,
    }))


if __name__ == "__main__":
    path, *numbers = sys.argv[1:]
    main(Path(path), *map(int, numbers))

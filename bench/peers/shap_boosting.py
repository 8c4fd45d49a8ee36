"""Explains boosted trees with xgboost; prints one line of JSON.

Use: shap_boosting.py FOLDER ROWS COLUMNS EXPLAINED TREES DEPTH THREADS

FOLDER holds features.f32 and labels.f64. Fits a classifier of two classes, explains the first
EXPLAINED rows with pred_contribs, and writes trees.json, the model's trees as Tenon lays them out,
and theirs.f32, EXPLAINED rows of COLUMNS contributions and the base value.
"""

import json
import sys
import time
from pathlib import Path

import numpy
import xgboost


def tenon_trees(booster, columns: int) -> dict:
    """Children side by side after their parent, leaves numbered in the order of their nodes."""
    model = json.loads(booster.save_raw("json"))["learner"]["gradient_booster"]["model"]["trees"]
    out = {"tree_start": [0], "feature": [], "threshold": [], "child": [], "missing_left": [], "values": [], "cover": []}
    for tree in model:
        start = len(out["feature"])
        order = [0]
        at = 0
        while at < len(order):
            node = order[at]
            at += 1
            leaf = tree["left_children"][node] == -1
            out["cover"].append(tree["sum_hessian"][node])
            if leaf:
                out["feature"].append(-1)
                out["threshold"].append(0.0)
                out["child"].append(len(out["values"]))
                out["missing_left"].append(0)
                out["values"].append(tree["split_conditions"][node])
                continue
            out["feature"].append(tree["split_indices"][node])
            # Left of x < t is left of x <= the number before t.
            below = numpy.nextafter(numpy.float32(tree["split_conditions"][node]), numpy.float32(-numpy.inf))
            out["threshold"].append(float(below))
            out["child"].append(len(order))
            out["missing_left"].append(int(tree["default_left"][node]))
            order += [tree["left_children"][node], tree["right_children"][node]]
        out["tree_start"].append(start + len(order))
    return out


def main(folder: Path, rows: int, columns: int, explained: int, trees: int, depth: int, threads: int) -> None:
    features = numpy.fromfile(folder / "features.f32", dtype="float32").reshape(rows, columns)
    labels = numpy.fromfile(folder / "labels.f64")
    parameters = {
        "objective": "binary:logistic",
        "max_depth": depth,
        "eta": 0.1,
        "tree_method": "hist",
        "base_score": 0.5,
        "nthread": threads,
    }
    booster = xgboost.train(parameters, xgboost.DMatrix(features, label=labels), num_boost_round=trees)
    booster.set_param({"nthread": threads})
    data = xgboost.DMatrix(features[:explained], nthread=threads)
    seconds = []
    # The first one warms up.
    for _ in range(3):
        begin = time.perf_counter()
        contributions = booster.predict(data, pred_contribs=True)
        seconds.append(time.perf_counter() - begin)
    contributions.astype("float32").tofile(folder / "theirs.f32")
    (folder / "trees.json").write_text(json.dumps(tenon_trees(booster, columns)))
    print(json.dumps({"seconds": seconds[1:], "version": xgboost.__version__}))


if __name__ == "__main__":
    path, *numbers = sys.argv[1:]
    main(Path(path), *map(int, numbers))

"""A random forest of scikit-learn on its breast cancer table, as ONNX: forest_onnx.py FOLDER TREES

Writes model.onnx, columns.json, rows.f32 (100 rows that it was not fitted on) and shares.f32 (the shares of both
classes that ONNX Runtime gives for them); prints JSON."""

import json
import sys
from pathlib import Path

import numpy
import onnxruntime
from skl2onnx import to_onnx
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split


def main():
    folder, trees = Path(sys.argv[1]), int(sys.argv[2])
    table = load_breast_cancer()
    features = table.data.astype(numpy.float32)
    learnt, held, target, _ = train_test_split(features, table.target, test_size=100, random_state=0)
    forest = RandomForestClassifier(trees, random_state=0).fit(learnt, target)
    model = to_onnx(forest, learnt[:1], options={"zipmap": False})
    (folder / "model.onnx").write_bytes(model.SerializeToString())
    (folder / "columns.json").write_text(json.dumps([str(name) for name in table.feature_names]))
    session = onnxruntime.InferenceSession(model.SerializeToString())
    shares = session.run(["probabilities"], {"X": held})[0]
    held.astype("<f4").tofile(folder / "rows.f32")
    shares.astype("<f4").tofile(folder / "shares.f32")
    print(json.dumps({"rows": len(held), "columns": held.shape[1]}))


main()

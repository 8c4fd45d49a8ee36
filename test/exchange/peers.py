"""The libraries that models are exchanged with, for the tests beside this file.

Use: peers.py LIBRARY FOLDER   trains models of xgboost, lightgbm or sklearn and writes files, rows, what they predict
     peers.py run FOLDER       runs the .onnx files that FOLDER/models.json names in ONNX Runtime

Matrices are little-endian float32 (inputs of doubles: float64), row-major. LIBRARY.models.json says their shapes.
"""

import json
import sys
import warnings
from pathlib import Path

import numpy as np

ROWS = 1200


def table(seed, columns=8, classes=2, missing=0.0):
    """Features on a grid, so that many rows lie on thresholds, with some of them missing, and a target."""
    rng = np.random.default_rng(seed)
    features = np.round(rng.normal(size=(2 * ROWS, columns)) * 4) / 8
    features = features.astype(np.float32)
    score = features[:, 0] * 2 + np.sin(features[:, 1] * 3) + features[:, 2] * features[:, 3]
    score = score + 0.3 * rng.normal(size=len(score))
    if classes > 1:
        target = np.digitize(score, np.quantile(score, np.linspace(0, 1, classes + 1)[1:-1])).astype(np.int64)
    else:
        target = score
    if missing > 0:
        features[rng.random(features.shape) < missing] = np.nan
    return features[:ROWS], target[:ROWS], features[ROWS:]


class Writer:
    def __init__(self, folder):
        self.folder = folder
        self.models = []

    def add(self, name, file, rows, predicted, **facts):
        rows = np.ascontiguousarray(rows, dtype="<f4")
        predicted = np.ascontiguousarray(np.asarray(predicted).reshape(len(rows), -1), dtype="<f8")
        (self.folder / f"{name}.rows").write_bytes(rows.tobytes())
        (self.folder / f"{name}.predicted").write_bytes(predicted.tobytes())
        shape = {"rows": rows.shape[0], "columns": rows.shape[1], "outputs": predicted.shape[1]}
        self.models.append({"name": name, "file": file, **shape, **facts})


def both(share):
    return np.stack([1 - share, share], axis=1)


def train_xgboost(out):
    import xgboost as xgb

    def fit(name, parameters, classes, columns=8, missing=0.1, rounds=40, features=None, **more):
        x, y, held = table(len(name), columns, classes, missing) if features is None else features
        if parameters["objective"] == "count:poisson" or parameters["objective"] in ("reg:gamma", "reg:tweedie"):
            y = np.exp(y / 3) + 0.1
        data = xgb.DMatrix(x, label=y, **more)
        booster = xgb.train({"seed": 1, "nthread": 2, **parameters}, data, num_boost_round=rounds)
        booster.save_model(out.folder / f"{name}.json")
        predicted = booster.predict(xgb.DMatrix(held, **more))
        out.add(name, f"{name}.json", held, both(predicted) if parameters["objective"] == "binary:logistic" else predicted)

    fit("xgboost-binary", {"objective": "binary:logistic", "max_depth": 6}, 2)
    fit("xgboost-binary-base", {"objective": "binary:logistic", "base_score": 0.2}, 2)
    fit("xgboost-multiclass", {"objective": "multi:softprob", "num_class": 4, "max_depth": 4}, 4)
    fit("xgboost-two-sums", {"objective": "multi:softprob", "num_class": 2}, 2)
    fit("xgboost-parallel", {"objective": "multi:softprob", "num_class": 3, "num_parallel_tree": 3}, 3, rounds=5)
    fit("xgboost-regression", {"objective": "reg:squarederror", "max_depth": 8}, 1)
    fit("xgboost-absolute", {"objective": "reg:absoluteerror"}, 1)
    fit("xgboost-poisson", {"objective": "count:poisson"}, 1)
    fit("xgboost-gamma", {"objective": "reg:gamma"}, 1)
    fit("xgboost-dart", {"objective": "binary:logistic", "booster": "dart", "rate_drop": 0.3}, 2)
    fit("xgboost-linear", {"objective": "binary:logistic", "booster": "gblinear", "updater": "coord_descent"}, 2, missing=0)
    fit("xgboost-linear-multi", {"objective": "multi:softprob", "num_class": 3, "booster": "gblinear", "updater": "coord_descent"}, 3, missing=0)
    x, y, held = table(77, 6, 2, 0.05)
    rng = np.random.default_rng(5)
    for matrix in (x, held):
        matrix[:, 0] = rng.integers(0, 40, len(matrix))
        matrix[:, 1] = rng.integers(0, 3, len(matrix))
    y = ((x[:, 0] % 3 == 1) ^ (np.nan_to_num(x[:, 2]) > 0)).astype(np.int64)
    kinds = ["c", "c", "q", "q", "q", "q"]
    # Some rows are missing their category, some have one that training never saw.
    held[:40, 0] = np.nan
    held[40:80, 0] = 44
    parameters = {"objective": "binary:logistic", "max_cat_to_onehot": 1, "tree_method": "hist"}
    fit("xgboost-categories", parameters, 2, features=(x, y, held), feature_types=kinds, enable_categorical=True)


def train_lightgbm(out):
    import lightgbm as lgb

    def fit(name, parameters, classes, missing=0.1, rounds=40, features=None, categorical="auto"):
        x, y, held = table(len(name), 8, classes, missing) if features is None else features
        if parameters["objective"] in ("poisson", "gamma", "tweedie"):
            y = np.exp(y / 3)
        data = lgb.Dataset(x, label=y, categorical_feature=categorical, params={"min_data_in_bin": 1})
        settings = {"seed": 1, "num_threads": 2, "verbosity": -1, "min_data_in_leaf": 5, "deterministic": True, **parameters}
        booster = lgb.train(settings, data, num_boost_round=rounds)
        booster.save_model(out.folder / f"{name}.txt")
        predicted = booster.predict(held.astype(np.float64))
        out.add(name, f"{name}.txt", held, both(predicted) if parameters["objective"] == "binary" else predicted)

    fit("lightgbm-binary", {"objective": "binary"}, 2)
    fit("lightgbm-binary-sigmoid", {"objective": "binary", "sigmoid": 2.5}, 2)
    fit("lightgbm-no-missing", {"objective": "binary", "use_missing": False}, 2)
    fit("lightgbm-multiclass", {"objective": "multiclass", "num_class": 4}, 4)
    fit("lightgbm-regression", {"objective": "regression"}, 1)
    fit("lightgbm-absolute", {"objective": "regression_l1"}, 1)
    fit("lightgbm-poisson", {"objective": "poisson"}, 1)
    fit("lightgbm-dart", {"objective": "binary", "boosting": "dart", "drop_rate": 0.3}, 2)
    fit("lightgbm-forest", {"objective": "regression", "boosting": "rf", "bagging_freq": 1, "bagging_fraction": 0.6}, 1)
    x, y, held = table(78, 6, 2, 0.05)
    rng = np.random.default_rng(6)
    for matrix in (x, held):
        matrix[:, 0] = rng.integers(0, 60, len(matrix))
    y = ((x[:, 0] % 3 == 1) ^ (np.nan_to_num(x[:, 2]) > 0)).astype(np.int64)
    held[:40, 0] = np.nan
    held[40:80, 0] = 77
    settings = {"objective": "binary", "max_cat_to_onehot": 1, "cat_smooth": 1, "min_data_per_group": 5}
    fit("lightgbm-categories", settings, 2, features=(x, y, held), categorical=[0])


def train_sklearn(out):
    import onnx.helper
    import onnxruntime as ort
    from skl2onnx import to_onnx
    from sklearn import ensemble, linear_model, naive_bayes, neural_network, svm, tree
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import MinMaxScaler, StandardScaler

    # skl2onnx hands over booleans for whole numbers, which protobuf refuses since release 6.
    attribute = onnx.helper.make_attribute

    def with_integers(key, value, *rest, **more):
        if isinstance(value, list) and value and isinstance(value[0], (bool, np.bool_, np.integer)):
            value = [int(each) for each in value]
        return attribute(key, value, *rest, **more)

    onnx.helper.make_attribute = with_integers

    def fit(name, model, classes, missing=0.0, labels=None, zipmap=False):
        x, y, held = table(len(name), 8, classes, missing)
        if labels is not None:
            y = np.array(labels)[y]
        model.fit(x, y)
        options = {} if classes == 1 else {id(model): {"zipmap": zipmap}}
        onnx = to_onnx(model, x[:1], options=options, target_opset={"": 17, "ai.onnx.ml": 3})
        (out.folder / f"{name}.onnx").write_bytes(onnx.SerializeToString())
        predicted = model.predict(held) if classes == 1 else model.predict_proba(held)
        session = ort.InferenceSession(onnx.SerializeToString(), providers=["CPUExecutionProvider"])
        runtime = session.run(None, {session.get_inputs()[0].name: held})[0 if classes == 1 else 1]
        if zipmap:
            runtime = np.array([[row[label] for label in model.classes_] for row in runtime])
        (out.folder / f"{name}.runtime").write_bytes(np.ascontiguousarray(runtime, dtype="<f8").tobytes())
        facts = {"classes": [str(label) for label in model.classes_]} if classes > 1 else {}
        out.add(name, f"{name}.onnx", held, predicted, runtime=f"{name}.runtime", **facts)

    forest = {"n_estimators": 30, "random_state": 1, "min_samples_leaf": 2}
    fit("sklearn-forest", ensemble.RandomForestClassifier(**forest), 2)
    fit("sklearn-forest-multi", ensemble.RandomForestClassifier(**forest), 4, labels=["a", "b", "c", "d"])
    fit("sklearn-forest-zipmap", ensemble.RandomForestClassifier(**forest), 3, zipmap=True)
    fit("sklearn-forest-regression", ensemble.RandomForestRegressor(**forest), 1)
    fit("sklearn-extra-trees", ensemble.ExtraTreesClassifier(**forest), 3)
    fit("sklearn-extra-trees-regression", ensemble.ExtraTreesRegressor(**forest), 1)
    fit("sklearn-tree", tree.DecisionTreeClassifier(random_state=1, max_depth=6), 2)
    fit("sklearn-boosting", ensemble.GradientBoostingClassifier(random_state=1, n_estimators=30), 2)
    fit("sklearn-boosting-multi", ensemble.GradientBoostingClassifier(random_state=1, n_estimators=20), 3)
    fit("sklearn-boosting-regression", ensemble.GradientBoostingRegressor(random_state=1), 1)
    fit("sklearn-histograms", ensemble.HistGradientBoostingClassifier(random_state=1, max_iter=30), 2, missing=0.1)
    fit("sklearn-histograms-multi", ensemble.HistGradientBoostingClassifier(random_state=1, max_iter=20), 3, missing=0.1)
    fit("sklearn-histograms-regression", ensemble.HistGradientBoostingRegressor(random_state=1, max_iter=30), 1, missing=0.1)
    fit("sklearn-linear", linear_model.LinearRegression(), 1)
    fit("sklearn-ridge", make_pipeline(StandardScaler(), linear_model.Ridge()), 1)
    fit("sklearn-lasso", make_pipeline(MinMaxScaler(), linear_model.Lasso(alpha=0.01)), 1)
    fit("sklearn-logistic", linear_model.LogisticRegression(), 2)
    fit("sklearn-logistic-multi", make_pipeline(StandardScaler(), linear_model.LogisticRegression()), 4)
    fit("sklearn-logistic-filled", make_pipeline(SimpleImputer(), StandardScaler(), linear_model.LogisticRegression()), 3, missing=0.1)
    fit("sklearn-network", make_pipeline(StandardScaler(), neural_network.MLPClassifier(hidden_layer_sizes=(20, 10), random_state=1, max_iter=40)), 2)
    fit("sklearn-network-multi", neural_network.MLPClassifier(hidden_layer_sizes=(16,), activation="tanh", random_state=1, max_iter=40), 3, labels=["x", "y", "z"])
    fit("sklearn-network-logistic", neural_network.MLPClassifier(hidden_layer_sizes=(9, 9), activation="logistic", random_state=1, max_iter=40), 3)
    fit("sklearn-network-regression", neural_network.MLPRegressor(hidden_layer_sizes=(20, 10), random_state=1, max_iter=40), 1)


def run(folder):
    import onnx
    import onnxruntime as ort

    for told in json.loads((folder / "models.json").read_text()):
        name = told["name"]
        onnx.checker.check_model(str(folder / f"{name}.onnx"), full_check=True)
        session = ort.InferenceSession(str(folder / f"{name}.onnx"), providers=["CPUExecutionProvider"])
        inputs = {}
        for part in told["inputs"]:
            if part["type"] == "string":
                inputs[part["name"]] = np.array(part["texts"], dtype=object).reshape(-1, 1)
            else:
                kind = "<f8" if part["type"] == "double" else "<f4"
                inputs[part["name"]] = np.fromfile(folder / part["file"], dtype=kind).reshape(-1, part["columns"])
        names = [output.name for output in session.get_outputs()]
        results = dict(zip(names, session.run(None, inputs)))
        scores = results["probabilities" if "probabilities" in results else names[-1]]
        (folder / f"{name}.scores").write_bytes(np.ascontiguousarray(scores, dtype="<f8").tobytes())
        labels = results.get("label")
        if labels is not None:
            (folder / f"{name}.labels.json").write_text(json.dumps([str(label) for label in labels.reshape(-1)]))


def main():
    warnings.filterwarnings("ignore")
    folder = Path(sys.argv[2])
    if sys.argv[1] == "run":
        return run(folder)
    library = sys.argv[1]
    out = Writer(folder)
    {"xgboost": train_xgboost, "lightgbm": train_lightgbm, "sklearn": train_sklearn}[library](out)
    (folder / f"{library}.models.json").write_text(json.dumps(out.models))


main()

"""Writes scikit-learn's data sets and scores its estimators on folds it is handed; prints one line of JSON.

Use: scores.py make FOLDER ROWS   writes NAME.f32 (features) and NAME.f64 (target) of each data set, ROWS rows at most
     scores.py score FOLDER       scores what FOLDER/plan.json asks for, each on the folds of its data set

A fold's score is the share of rows whose class is right, or the coefficient of determination; for k-means the share
of the rows' squared distances to their mean that is gone when they are taken to the nearest centre.
"""

import json
import sys
import warnings
from pathlib import Path

import numpy
import sklearn


def houses(rows: int) -> tuple:
    """Districts in the manner of California's, with a price that no straight line follows."""
    random = numpy.random.default_rng(0)
    income = random.lognormal(1.2, 0.5, rows)
    age = random.integers(1, 53, rows)
    rooms = random.lognormal(1.6, 0.3, rows)
    bedrooms = rooms / 5 * random.lognormal(0, 0.1, rows)
    people = random.lognormal(7, 0.7, rows)
    occupancy = random.lognormal(1.05, 0.25, rows)
    north = random.uniform(32.5, 42, rows)
    west = -114 - (north - 32.5) + random.normal(0, 1.5, rows)
    coast = numpy.abs(west + 122) + numpy.abs(north - 36) / 2
    price = 0.4 * income - 0.3 * occupancy + 2 * numpy.exp(-coast / 2) + 0.01 * age + 0.3 * numpy.sin(rooms)
    price += 0.2 * random.standard_normal(rows) * income**0.5
    columns = [income, age, rooms, bedrooms, people, occupancy, north, west]
    return numpy.column_stack(columns), numpy.clip(price, 0.15, 5), 0


def make(folder: Path, rows: int) -> dict:
    from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_wine

    made = {}
    sets = {"breast-cancer": load_breast_cancer, "wine": load_wine, "digits": load_digits, "diabetes": load_diabetes}
    for name in [*sets, "houses"]:
        if name == "houses":
            features, target, classes = houses(5000)
        else:
            loaded = sets[name]()
            features, target = loaded.data, loaded.target
            classes = 0 if name == "diabetes" else len(loaded.target_names)
        # Some sets are sorted by class.
        order = numpy.random.default_rng(0).permutation(len(target))[:rows]
        features[order].astype("float32").tofile(folder / f"{name}.f32")
        target[order].astype("float64").tofile(folder / f"{name}.f64")
        made[name] = {"rows": len(order), "columns": features.shape[1], "classes": classes}
    return made


def estimators() -> dict:
    from sklearn import cluster, ensemble, linear_model, naive_bayes, neighbors, neural_network, svm

    modules = [cluster, ensemble, linear_model, naive_bayes, neighbors, neural_network, svm]
    return {name: getattr(module, name) for module in modules for name in module.__all__}


def score_of(model, features, target, classes: int) -> float:
    from sklearn.metrics import accuracy_score, r2_score

    if isinstance(model, sklearn.base.ClusterMixin):
        total = ((features - features.mean(axis=0)) ** 2).sum()
        return 1 - float((model.transform(features).min(axis=1) ** 2).sum() / total)
    found = model.predict(features)
    return float(accuracy_score(target, found) if classes > 0 else r2_score(target, found))


def model_of(kind, given: dict, seed: int, rows: int):
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.neural_network import MLPRegressor
    from sklearn.preprocessing import StandardScaler

    given = dict(given)
    if "alpha_per_row" in given:
        given["alpha"] = given.pop("alpha_per_row") * rows
    wanted = kind().get_params()
    common = {"random_state": seed, "n_jobs": 2}
    model = kind(**given, **{name: value for name, value in common.items() if name in wanted})
    # Ours learns from standardized targets.
    return TransformedTargetRegressor(model, transformer=StandardScaler()) if kind is MLPRegressor else model


def score(folder: Path) -> dict:
    from sklearn.preprocessing import StandardScaler

    # That an iteration was cut short shows in the score.
    warnings.simplefilter("ignore")
    known = estimators()
    scores = {}
    plan = json.loads((folder / "plan.json").read_text())
    for data in plan:
        rows, columns, classes = data["rows"], data["columns"], data["classes"]
        features = numpy.fromfile(folder / f"{data['name']}.f32", dtype="float32").reshape(rows, columns)
        target = numpy.fromfile(folder / f"{data['name']}.f64")
        for case in data["cases"]:
            found = []
            for train, test in data["folds"]:
                x, held = features[train], features[test]
                if case["standardize"]:
                    scaler = StandardScaler().fit(x.astype("float64"))
                    x, held = (scaler.transform(part.astype("float64")).astype("float32") for part in (x, held))
                of_seeds = []
                for seed in range(case["seeds"]):
                    model = model_of(known[case["peer"]], case["peerParameters"], seed, len(x))
                    of_seeds.append(score_of(model.fit(x, target[train]), held, target[test], classes))
                found.append(float(numpy.mean(of_seeds)))
            scores[f"{data['name']} {case['name']}"] = found
    return {"scores": scores, "version": sklearn.__version__}


if __name__ == "__main__":
    command, folder, *rest = sys.argv[1:]
    print(json.dumps(make(Path(folder), int(rest[0])) if command == "make" else score(Path(folder))))

"""StandardScaler and MinMaxScaler of scikit-learn: scaling.py ROWS COLUMNS THREADS REPETITIONS DATA

DATA is a file of ROWS x COLUMNS float32, the same one our side reads. Prints JSON: seconds of each
repetition, and a checksum of each result (its absolute values' mean) to compare."""

import json
import sys
import time

import numpy
import sklearn
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from threadpoolctl import threadpool_limits


def main():
    rows, columns, threads, repetitions = map(int, sys.argv[1:5])
    data = numpy.fromfile(sys.argv[5], dtype=numpy.float32).reshape(rows, columns)
    results = {"version": sklearn.__version__}
    with threadpool_limits(threads):
        for name, scaler in (("standard", StandardScaler), ("minmax", MinMaxScaler)):
            for work in ("fit", "fit_transform"):
                seconds = []
                for _ in range(repetitions + 1):
                    start = time.perf_counter()
                    output = getattr(scaler(), work)(data)
                    seconds.append(time.perf_counter() - start)
                results[f"{name}_{work}"] = seconds[1:]  # the first one warms up
            results[f"{name}_check"] = float(numpy.abs(output).mean(dtype=numpy.float64))
    print(json.dumps(results))


main()

"""StandardScaler and MinMaxScaler of scikit-learn: scaling.py ROWS COLUMNS THREADS REPETITIONS DATA

DATA is a file of ROWS x COLUMNS float32, the same one our side reads. Prints JSON: seconds of each
repetition, and the mean magnitude of each result to compare."""

import json
import sys
import time

import numpy
import sklearn
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from threadpoolctl import threadpool_limits


def measure(repetitions, body):
    seconds = []
    for _ in range(repetitions + 1):
        start = time.perf_counter()
        output = body()
        seconds.append(time.perf_counter() - start)
    return seconds[1:], output  # the first one warms up


def magnitude(output):
    return float(numpy.abs(output).mean(dtype=numpy.float64))


def main():
    rows, columns, threads, repetitions = map(int, sys.argv[1:5])
    data = numpy.fromfile(sys.argv[5], dtype=numpy.float32).reshape(rows, columns)
    with threadpool_limits(threads):
        fit, _ = measure(repetitions, lambda: StandardScaler().fit(data))
        both, standard = measure(repetitions, lambda: StandardScaler().fit_transform(data))
        min_max, scaled = measure(repetitions, lambda: MinMaxScaler().fit_transform(data))
    print(json.dumps({
        "version": sklearn.__version__,
        "standardFit": fit,
        "standardBoth": both,
        "standardCheck": magnitude(standard),
        "minMaxBoth": min_max,
        "minMaxCheck": magnitude(scaled),
    }))


main()

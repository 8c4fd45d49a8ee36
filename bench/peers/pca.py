"""Fits scikit-learn's PCA to Fashion-MNIST; prints one line of JSON.

Use: pca.py ROWS COMPONENTS TIMES   the seconds of each fit after a first one, and the share of the
                                    variance explained
"""

import json
import sys
import time

import sklearn
from network import images
from sklearn.decomposition import PCA

if __name__ == "__main__":
    rows, components, times = map(int, sys.argv[1:])
    x, _ = images("train", rows)
    seconds = []
    for _ in range(times + 1):
        begin = time.perf_counter()
        model = PCA(components, svd_solver="covariance_eigh").fit(x)
        seconds.append(time.perf_counter() - begin)
    quality = float(model.explained_variance_ratio_.sum())
    print(json.dumps({"seconds": seconds[1:], "quality": quality, "version": sklearn.__version__}))

"""Reads a CSV file, drops rows with missing values and duplicates, standardizes; prints one line of JSON.

Use: csv_clean.py make FILE ROWS COLUMNS    5 % of the rows miss a value, 2 % repeat another
     csv_clean.py PEER FILE THREADS         PEER is duckdb, pandas or polars

The result is in memory, columns of numbers. Of two runs the faster counts: the first loads what is loaded late.
"""

import json
import os
import sys
import time

MISSING = 0.05
REPEATED = 0.02


def make(path: str, rows: int, columns: int) -> dict:
    import numpy

    random = numpy.random.default_rng(0)
    values = random.normal(size=(rows, columns)).round(6)
    missing = numpy.full(rows, -1)
    without = random.random(rows) < MISSING
    missing[without] = random.integers(0, columns, int(without.sum()))
    order = numpy.arange(rows)
    repeated = random.random(rows) < REPEATED
    order[repeated] = random.integers(0, rows, int(repeated.sum()))
    with open(path, "w") as file:
        file.write(",".join(f"x{column}" for column in range(columns)) + "\n")
        for row in order:
            cells = [repr(value) for value in values[row].tolist()]
            if missing[row] >= 0:
                cells[missing[row]] = ""
            file.write(",".join(cells) + "\n")
    return {"bytes": os.path.getsize(path)}


def with_duckdb(path: str, threads: int):
    import duckdb

    connection = duckdb.connect(config={"threads": threads})
    names = [name for (name, *_) in connection.execute(f"DESCRIBE SELECT * FROM read_csv('{path}')").fetchall()]

    def clean() -> int:
        present = " AND ".join(f"{name} IS NOT NULL" for name in names)
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE kept AS SELECT DISTINCT * FROM read_csv('{path}') WHERE {present}"
        )
        statistics = ", ".join(f"avg({name}), stddev_pop({name})" for name in names)
        found = connection.execute(f"SELECT {statistics} FROM kept").fetchone()
        scaled = ", ".join(
            f"({name} - {found[2 * at]!r}) / {found[2 * at + 1]!r} AS {name}" for at, name in enumerate(names)
        )
        return len(connection.execute(f"SELECT {scaled} FROM kept").fetchnumpy()[names[0]])

    return duckdb.__version__, clean


def with_pandas(path: str, _: int):
    import pandas

    def clean() -> int:
        kept = pandas.read_csv(path).dropna().drop_duplicates()
        return len((kept - kept.mean()) / kept.std(ddof=0))

    return pandas.__version__, clean


def with_polars(path: str, threads: int):
    os.environ["POLARS_MAX_THREADS"] = str(threads)
    import polars

    def clean() -> int:
        kept = polars.scan_csv(path).drop_nulls().unique().collect()
        every = polars.all()
        return kept.select((every - every.mean()) / every.std(ddof=0)).height

    return polars.__version__, clean


if __name__ == "__main__":
    command, given, *numbers = sys.argv[1:]
    if command == "make":
        print(json.dumps(make(given, *map(int, numbers))))
    else:
        version, run = {"duckdb": with_duckdb, "pandas": with_pandas, "polars": with_polars}[command](
            given, int(numbers[0])
        )
        seconds = []
        for _ in range(2):
            begin = time.perf_counter()
            count = run()
            seconds.append(time.perf_counter() - begin)
        print(json.dumps({"version": version, "seconds": min(seconds), "rows": count}))

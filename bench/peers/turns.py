"""Keeps a peer's script alive so that it measures one turn after another, for bench/lib/peer-session.ts.

Each line on the input is JSON and asks for one thing: {"turn": WORK, "seconds": LEAST} is answered by the median
seconds of a call, of the calls that LEAST seconds hold; {"check": WORK} by a number that says what the result is worth.
"""

import ctypes
import json
import signal
import statistics
import sys
import time
from typing import Callable, NamedTuple


class Work(NamedTuple):
    call: Callable[[], object]
    check: Callable[[], float]
    # What comes before a turn and takes no time of it.
    begin: Callable[[], object] = lambda: None


def median_seconds(call, least):
    # What the other side had in the caches is gone after this one, and threads that slept are awake.
    call()
    seconds = []
    begin = time.perf_counter()
    while True:
        start = time.perf_counter()
        call()
        end = time.perf_counter()
        seconds.append(end - start)
        if end - begin >= least:
            return statistics.median(seconds)


def end_with_parent():
    # Between turns this process is stopped, and would stay so for ever if the benchmark were killed meanwhile.
    set_death_signal = 1
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(set_death_signal, signal.SIGKILL)


def serve(version: str, works: dict[str, Work], peer: str = "") -> None:
    """Says who computes and what it offers, then answers until the input ends."""
    end_with_parent()

    def say(answer):
        print(json.dumps(answer), flush=True)

    say({"version": version, "peer": peer, "works": list(works)})
    for line in sys.stdin:
        asked = json.loads(line)
        if "check" in asked:
            say(works[asked["check"]].check())
        else:
            work = works[asked["turn"]]
            work.begin()
            say(median_seconds(work.call, asked["seconds"]))
